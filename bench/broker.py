"""A real Kafka broker for a measurement, where this machine has what it needs."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stage import ROOT

SCRIPT = ROOT / "scripts" / "kafka"


def missing() -> str:
    """Return what keeps a broker from running here, with its remedy; empty if nothing does."""
    absent = [name for name in ("java", "mvn") if not shutil.which(name)]
    if not absent:
        return ""
    return f"no Kafka: {' and '.join(absent)} not on the PATH. Install Java 17 or newer and Maven."


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Yield the address of a broker that keeps its data in `folder`."""
    servers = _script("start", folder)
    try:
        yield servers
    finally:
        _script("stop", folder)


def _script(verb: str, folder: Path) -> str:
    command = [str(SCRIPT), verb, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    return (done.stdout.splitlines() or [""])[-1]

"""Where and of what something was measured: without it a figure says nothing."""

import os
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bench.stage import ROOT

KIB_A_GIB = 1 << 20


def header() -> Iterator[str]:
    """Yield commit, machine and versions."""
    yield f"commit   {commit()}"
    yield f"machine  {_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.platform()}"
    libraries = ("numpy", "onnxruntime", "protobuf")
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    yield f"python   {platform.python_version()}, {versions}"
    yield f"load     {', '.join(f'{load:.1f}' for load in os.getloadavg())} before the first round"


def commit() -> str:
    """Return the commit of this clone, `-dirty` where files differ from it."""
    words = ("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
    try:
        return subprocess.run(  # noqa: S603 - git of the PATH, no input from outside
            ["git", *words],  # noqa: S607 - as above
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown: no git, or not a clone"


def _processor() -> str:
    lines = _lines("/proc/cpuinfo")
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / KIB_A_GIB:.0f} GiB"
    return "memory unknown"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []

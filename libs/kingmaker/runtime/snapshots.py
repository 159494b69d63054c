"""Snapshots as files, by lane and digest: they make a start faster and may be lost at any time."""

from pathlib import Path
from typing import Protocol

from kingmaker.kernel import snapshot
from kingmaker.kernel.host import Snapshot
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.home import write_file

KEPT = 2


class SnapshotStore(Protocol):
    """Where snapshots lie: a folder, or a bucket (`models/bucket_store.py`)."""

    def keep(self, lane: Lane, taken: Snapshot) -> None:
        """Write one; drop all but the newest two of its lane."""
        ...

    def newest(self, lane: Lane) -> dict[str, bytes]:
        """Return the newest whole one by digest; nothing if there is none."""
        ...


class Snapshots:
    """A folder a release: bytes of another release are not read."""

    def __init__(self, path: Path, release: str) -> None:
        """Remember where."""
        self._path = path / release

    def keep(self, lane: Lane, taken: Snapshot) -> None:
        """Write one; drop all but the newest two of its lane."""
        folder = self._folder(lane)
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder / taken.digest, taken.content)
        for old in self._newest_first(lane)[KEPT:]:
            old.unlink(missing_ok=True)

    def newest(self, lane: Lane) -> dict[str, bytes]:
        """Return the newest whole one by digest; nothing if there is none. Damaged ones go."""
        for path in self._newest_first(lane):
            content = path.read_bytes()
            if snapshot.digest(content) == path.name:
                return {path.name: content}
            path.unlink(missing_ok=True)
        return {}

    def _folder(self, lane: Lane) -> Path:
        return self._path / lane.topic / str(lane.index)

    def _newest_first(self, lane: Lane) -> list[Path]:
        folder = self._folder(lane)
        if not folder.is_dir():
            return []
        files = [path for path in folder.iterdir() if not path.name.startswith(".")]
        return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)

"""Lanes in one file, byte exact: gzip, JSON lines, each record with its hash, the count at the end.

{"format": "kingmaker-export", "version": 1, ...}      the manifest
[0, 1, "trader", 0, 0, 1, "km.Started", "e30=", "", 0, "9f..."]   one a record: lane by its place
{"model": "ab...", "name": "model.onnx", "content": "..."}        one a file of a model
{"end": 2}                                             a cut file is told from a whole one
"""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from kingmaker.kernel.lane import Lane, LaneDamagedError, Record
from kingmaker.runtime.home import write_file
from kingmaker.runtime.log import Verdict

FORMAT, VERSION = "kingmaker-export", 1


class BadExportError(Exception):
    """A file is no export, is cut, or is damaged: it says where."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file holds, and of which home."""

    release: str
    incarnation: str
    desks: tuple[str, ...]  # by lane
    subject: str = ""  # the promotion or trial that it was made for
    states: Mapping[str, str] = field(default_factory=dict)  # hash of a lane's state at its end


type Models = dict[str, dict[str, bytes]]  # files by digest and name


class ExportedLog:
    """A `Log` that was read from a file: every lane from its first record to some later one."""

    def __init__(self, incarnation: str, records: Mapping[Lane, Sequence[Record]]) -> None:
        """Hold the records."""
        self.incarnation = incarnation
        self._records = dict(records)

    def lanes(self) -> Sequence[Lane]:
        """Return every lane that is there."""
        return sorted(self._records)

    def append(self, lane: Lane, records: Sequence[Record]) -> NoReturn:
        """Refuse: a file is only read."""
        raise NotImplementedError(f"{lane}: an export takes no record ({len(records)} offered)")

    def commit(self) -> Verdict:
        """Do nothing: nothing is ever appended."""
        return Verdict.ACCEPTED

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return what there is from a place on, which is a number."""
        records = self._records.get(lane, ())[place:]
        return records, place + len(records)

    def place_of(self, lane: Lane, seq: int) -> int | None:
        """Return the number itself."""
        return seq if 0 <= seq < len(self._records.get(lane, ())) else None

    def close(self) -> None:
        """Keep everything: it is in memory."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file, read."""

    manifest: Manifest
    log: ExportedLog
    models: Models


def write(
    path: Path, manifest: Manifest, lanes: Mapping[Lane, Sequence[Record]], models: Models
) -> int:
    """Write a file or none; return its bytes. The same content gives the same bytes."""
    lines = [json.dumps(line, separators=(",", ":")) for line in _lines(manifest, lanes, models)]
    content = gzip.compress("\n".join([*lines, ""]).encode(), mtime=0)
    write_file(path, content)
    return len(content)


def read(path: Path) -> Export:
    """Return a file's content; BadExportError says what is wrong with it, and where.

    A record whose bytes do not match its hash raises LaneDamagedError, with its lane and number.
    """
    return _Reading(path).result()


def _lines(
    manifest: Manifest, lanes: Mapping[Lane, Sequence[Record]], models: Models
) -> Iterator[Any]:
    numbers = {lane: number for number, lane in enumerate(sorted(lanes))}
    yield {
        "format": FORMAT,
        "version": VERSION,
        **asdict(manifest),
        "lanes": [[lane.topic, lane.index] for lane in numbers],
    }
    count = 0
    for lane, number in numbers.items():
        for r in lanes[lane]:
            value, consumed = base64.b64encode(r.value).decode(), r.consumed.decode()
            framing = (number, r.term, r.writer, r.seq, r.n, r.of)
            yield [*framing, r.kind, value, consumed, r.time_ms, r.hash]
            count += 1
    for digest, files in sorted(models.items()):
        for name, content in sorted(files.items()):
            yield {"model": digest, "name": name, "content": base64.b64encode(content).decode()}
            count += 1
    yield {"end": count}


class _Reading:
    """One pass over a file; `_line` is where it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line = 0
        self._incarnation = ""
        self._records: dict[Lane, list[Record]] = {}
        self._models: Models = {}
        self._count = 0

    def result(self) -> Export:
        lines = self._lines()
        head = next(lines, None)
        manifest, lanes = self._manifest(head)
        ended = False
        for line in lines:
            if ended:
                raise self._bad("something follows the end")
            if isinstance(line, dict) and "end" in line:
                ended = self._end(line["end"])
            else:
                self._take(line, lanes)
        if not ended:
            raise self._bad("it was cut: the line that ends it is missing")
        log = ExportedLog(manifest.incarnation, self._records)
        return Export(manifest, log, self._models)

    def _lines(self) -> Iterator[Any]:
        try:
            with gzip.open(self._path, "rt", encoding="utf-8") as file:
                for text in file:
                    self._line += 1
                    yield json.loads(text)
        except FileNotFoundError:
            raise BadExportError(f"{self._path} does not exist.") from None
        except EOFError:
            raise self._bad("it was cut") from None
        except (gzip.BadGzipFile, zlib.error, UnicodeDecodeError, ValueError) as error:
            early = "it is no export, or damaged from its beginning on"
            where = early if self._line <= 1 else "it is damaged"
            raise self._bad(f"{where} ({error})") from error

    def _manifest(self, head: Any) -> tuple[Manifest, list[Lane]]:  # noqa: ANN401 - any JSON
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise self._bad("it is no export: `kingmaker trial export` makes one")
        if head.get("version") != VERSION:
            raise self._bad(
                f"it is of version {head.get('version')!r}, this release reads {VERSION}: use the"
                f" release that wrote it ({head.get('release')}), or a newer one"
            )
        lanes = self._checked(lambda: [Lane(str(t), int(i)) for t, i in head["lanes"]])
        self._records = {lane: [] for lane in lanes}
        manifest = self._checked(
            lambda: Manifest(
                release=str(head["release"]),
                incarnation=str(head["incarnation"]),
                desks=tuple(map(str, head["desks"])),
                subject=str(head["subject"]),
                states={str(lane): str(digest) for lane, digest in head["states"].items()},
            )
        )
        self._incarnation = manifest.incarnation
        return manifest, lanes

    def _take(self, line: Any, lanes: Sequence[Lane]) -> None:  # noqa: ANN401 - any JSON
        self._count += 1
        if isinstance(line, dict):
            files = self._models.setdefault(self._checked(lambda: str(line["model"])), {})
            name = self._checked(lambda: str(line["name"]))
            files[name] = self._checked(lambda: base64.b64decode(line["content"], validate=True))
            return
        lane = self._checked(lambda: lanes[line[0]])
        records = self._records[lane]
        before = records[-1].hash if records else lane.genesis(self._incarnation).hash
        record = self._checked(lambda: _record(line, before))
        if record.seq != len(records) or record.hash != line[-1]:
            raise LaneDamagedError(
                f"{lane}: record {len(records)} is damaged (line {self._line} of {self._path}): its"
                f" bytes do not match its hash {str(line[-1])[:12]}. Export it again."
            )
        records.append(record)

    def _end(self, count: Any) -> bool:  # noqa: ANN401 - any JSON
        if count != self._count:
            raise self._bad(f"it should hold {count} records and files, it holds {self._count}")
        return True

    def _checked[T](self, read: Callable[[], T]) -> T:
        try:
            return read()
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise self._bad(f"the line is not what it should be ({error})") from error

    def _bad(self, what: str) -> BadExportError:
        return BadExportError(f"{self._path}, line {self._line}: {what}.")


def _record(line: Sequence[Any], before: str) -> Record:
    _, term, writer, seq, n, of, kind, value, consumed, time_ms, _ = line
    content = base64.b64decode(value, validate=True)
    return Record(term, writer, seq, before, n, of, kind, content, str(consumed).encode(), time_ms)

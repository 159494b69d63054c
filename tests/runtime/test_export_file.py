"""A file of lanes comes back byte by byte, and says where it is cut, damaged or foreign."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.runtime.export_file import BadExportError, Manifest, read, write
from kingmaker.runtime.verify import verify

LANES = (Lane("km.a.v1"), Lane("km.b.v1", 2))
MANIFEST = Manifest("0.1.0", "home", ("one", "two"), "t-0001@one", {"km.a.v1/0": "ab"})
MODELS = {"ab" * 32: {"model.onnx": b"\x00\xff", "golden.npz": b""}}


def lane_of(lane: Lane, count: int) -> list[Record]:
    step = frame(lane.genesis("home"), Pen(1, "w"), [Draft(STARTED, b"{}")])
    records = list(step)
    for n in range(count):
        draft = [Draft("E", bytes([n])), Draft("F", b"\x00\x01")]
        step = frame(step[-1].position, Pen(1, "w", n), draft, b'[["clock",0,1,"km.Tick","",1]]')
        records += step
    return records


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "export.gz"
    write(path, MANIFEST, {lane: lane_of(lane, 3) for lane in LANES}, MODELS)
    return path


def rewrite(path: Path, change: Callable[[list[Any]], object]) -> None:
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    change(lines)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))


def test_what_was_written_comes_back(written: Path) -> None:
    export = read(written)
    assert (export.manifest, export.models) == (MANIFEST, MODELS)
    assert list(export.log.lanes()) == list(LANES)
    for lane in LANES:
        assert list(export.log.read(lane, 0)[0]) == lane_of(lane, 3)
        assert export.log.read(lane, 5)[0][0].seq == 5
        assert (export.log.place_of(lane, 6), export.log.place_of(lane, 7)) == (6, None)
    assert verify(export.log, export.log.lanes()).records == 14


def test_the_same_content_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", MANIFEST, {lane: lane_of(lane, 3) for lane in LANES}, MODELS)
    assert (tmp_path / "again").read_bytes() == written.read_bytes()


@pytest.mark.parametrize("column", [1, 2, 4, 5, 6, 7, 8, 9])
def test_a_record_that_was_changed_is_named(written: Path, column: int) -> None:
    def change(lines: list[Any]) -> None:
        line = lines[4]
        line[column] = line[column] + 1 if isinstance(line[column], int) else line[column] + "AAAA"

    rewrite(written, change)
    with pytest.raises((LaneDamagedError, BadExportError), match=r"km\.a\.v1/0: record 3|line 5"):
        read(written)


def test_a_record_that_is_missing_is_named(written: Path) -> None:
    rewrite(written, lambda lines: lines.pop(4))
    with pytest.raises(LaneDamagedError, match=r"km\.a\.v1/0: record 3 is damaged"):
        read(written)


def test_one_flipped_byte_anywhere_is_found(written: Path) -> None:
    content = written.read_bytes()
    for place in range(10, len(content), 7):  # the gzip header holds nothing
        damaged = bytearray(content)
        damaged[place] ^= 1
        written.write_bytes(bytes(damaged))
        with pytest.raises((BadExportError, LaneDamagedError), match=r"line \d+|record \d+"):
            read(written)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_cut_file_is_told(written: Path, share: float) -> None:
    content = written.read_bytes()
    written.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BadExportError, match="cut"):
        read(written)


def test_a_file_without_its_end_is_told(written: Path) -> None:
    rewrite(written, lambda lines: lines.pop())
    with pytest.raises(BadExportError, match="the line that ends it is missing"):
        read(written)


def test_what_follows_the_end_is_told(written: Path) -> None:
    rewrite(written, lambda lines: lines.append(lines[1]))
    with pytest.raises(BadExportError, match="something follows the end"):
        read(written)


def test_another_count_is_told(written: Path) -> None:
    rewrite(written, lambda lines: lines[-1].update(end=3))
    with pytest.raises(BadExportError, match="it should hold 3 records and files, it holds 16"):
        read(written)


def test_another_version_names_the_release_that_wrote_it(written: Path) -> None:
    rewrite(written, lambda lines: lines[0].update(version=9, release="7.0.0"))
    with pytest.raises(BadExportError, match=r"version 9, this release reads 1.*\(7\.0\.0\)"):
        read(written)


@pytest.mark.parametrize(
    "content",
    [b"", b"x,y\n1,2\n", gzip.compress(b"[1]\n", mtime=0), gzip.compress(b"x", mtime=0)],
    ids=["empty", "CSV", "JSON", "text"],
)
def test_another_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BadExportError, match="it is no export"):
        read(tmp_path / "other")


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadExportError, match="does not exist"):
        read(tmp_path / "none")


def test_a_line_that_is_no_record_is_told(written: Path) -> None:
    rewrite(written, lambda lines: lines.insert(2, [7, 1]))
    with pytest.raises(BadExportError, match="line 3: the line is not what it should be"):
        read(written)


def test_an_export_takes_no_record(written: Path) -> None:
    log = read(written).log
    with pytest.raises(NotImplementedError, match="takes no record"):
        log.append(LANES[0], [])

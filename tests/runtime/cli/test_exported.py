"""A promotion travels to another machine in one file, and is recomputed there."""

import gzip
import json
from pathlib import Path

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def _crown(call: Call, home: Home) -> str:
    found = call("champion", "history", "online_learning", "-o", "json", home=home).json
    return str(next(row["promotion"] for row in found if row["how"] == "direct"))


@pytest.fixture
def exported(call: Call, crowned: Home, tmp_path: Path) -> Path:
    file = tmp_path / "export.gz"
    called = call(
        *("trial", "export", _crown(call, crowned), "--out", str(file), "--with-models"),
        *("-o", "json"),
        home=crowned,
    )
    assert called.code == 0
    assert called.json["bytes"] == file.stat().st_size
    assert called.json["models"]
    return file


def test_all_levels_are_reached_without_the_home(call: Call, crowned: Home, exported: Path) -> None:
    promotion = _crown(call, crowned)
    called = call("audit", promotion, "--from-export", str(exported), "-o", "json")
    assert called.code == 0
    assert (called.json["level"], called.json["identical"]) == ("models", True)
    notes = "\n".join(called.json["notes"])
    assert "in 7 lanes" in notes  # that of the learners too: head weights come from it
    assert "does not prove that its writer holds no other history" in notes
    home = call("audit", promotion, "-o", "json", home=crowned).json
    alike = [note for note in home["notes"] if note.startswith("state of")]
    assert alike == [note for note in called.json["notes"] if note.startswith("state of")]


def test_a_file_without_models_says_that_they_were_not_compared(
    call: Call, crowned: Home, tmp_path: Path
) -> None:
    file, promotion = tmp_path / "small.gz", _crown(call, crowned)
    assert call("trial", "export", promotion, "--out", str(file), home=crowned).code == 0
    called = call("audit", promotion, "--from-export", str(file), "-o", "json")
    assert called.code == 0
    assert called.json["level"] == "evidence and gates"
    assert "models: not compared, they are not here" in called.json["notes"]
    told = call("audit", promotion, "--from-export", str(file)).out
    assert "✓ evidence and gates" in told
    assert "- models" in told


def test_one_flipped_byte_in_a_record_ends_with_3_and_is_named(
    call: Call, crowned: Home, exported: Path
) -> None:
    lines = gzip.decompress(exported.read_bytes()).decode().splitlines()
    at = next(n for n, line in enumerate(lines) if "PairResolved" in line or "BarClosed" in line)
    record = json.loads(lines[at])
    record[7] = ("B" if record[7][0] != "B" else "C") + record[7][1:]
    lines[at] = json.dumps(record)
    exported.write_bytes(gzip.compress("\n".join(lines).encode()))
    called = call("audit", _crown(call, crowned), "--from-export", str(exported), "-o", "json")
    assert called.code == 3
    assert f"record {record[3]} is damaged (line {at + 1}" in called.json["first_difference"]


def test_a_file_that_is_no_export_is_refused(call: Call, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n")
    called = call("audit", "p-0001@smoke", "--from-export", str(tmp_path / "x.csv"))
    assert called.code == 2
    assert "it is no export" in called.err


def test_a_promotion_of_another_desk_is_not_in_it(call: Call, exported: Path) -> None:
    called = call("audit", "p-0001@moon", "--from-export", str(exported))
    assert called.code == 2
    assert "this export is about" in called.err

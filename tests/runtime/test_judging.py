"""Return series are handed to the judge part by part, and its evidence is drawn."""

import io
from pathlib import Path

import numpy as np
import pytest

from kingmaker.runtime import returns_table
from kingmaker.runtime.judging import Judging, judge_streams
from kingmaker.runtime.returns import Array
from kingmaker.runtime.returns_table import BadReturnsError, Names, Table

PAIRS = np.random.default_rng(1).normal((0.0, 0.005), 0.01, (400, 2))


def table(rows: str) -> Table:
    return Table("pairs.csv", io.StringIO(f"champion,challenger,champion_taken\n{rows}"), Names())


def quiet(_count: int) -> None:
    """Hear progress."""


def test_parts_make_one_verdict_whatever_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"{c!r},{x!r},1\n" for c, x in PAIRS.tolist())
    whole = Judging(table(text)).judge(0.05, (50,), 300, quiet)
    monkeypatch.setattr(returns_table, "LINES_AT_ONCE", 37)
    told: list[int] = []
    assert Judging(table(text)).judge(0.05, (50,), 300, told.append) == whole
    assert told == [*range(37, 400, 37), 400]
    array = Array("pairs.npy", np.stack([PAIRS[::-1], PAIRS]))
    assert Judging(array, 1).judge(0.05, (50,), 300, quiet) == whole
    assert list(judge_streams(array, 0.05, (50,), 300))[1] == whole


def test_a_pair_that_cannot_be_judged_is_named_by_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(returns_table, "LINES_AT_ONCE", 2)
    with pytest.raises(
        BadReturnsError,
        match=r"^pairs.csv: line 6: the champion took no trade .* Correct it, or leave it out\.$",
    ):
        Judging(table("0,1,1\n1,1,1\n\n1,2,1\n1,1,0\n")).judge(None, (), None, quiet)


@pytest.mark.parametrize(("segments", "canary"), [((401,), None), ((5,), 401)])
def test_nothing_can_begin_after_the_last_row(
    segments: tuple[int, ...], canary: int | None
) -> None:
    array = Array("pairs.npy", PAIRS[np.newaxis])
    with pytest.raises(BadReturnsError, match="has 400 rows: nothing can begin at row 401"):
        Judging(array).judge(None, segments, canary, quiet)


@pytest.mark.parametrize("stream", [-1, 1])
def test_a_stream_that_is_not_there_is_refused(stream: int) -> None:
    with pytest.raises(BadReturnsError, match="there are 0 to 0"):
        Judging(Array("pairs.npy", PAIRS[np.newaxis]), stream)


def test_the_evidence_is_drawn_with_what_happened(tmp_path: Path) -> None:
    judging = Judging(Array("pairs.npy", PAIRS[np.newaxis]))
    verdict = judging.judge(None, (50,), 350, quiet)
    judging.draw(tmp_path / "e.svg", verdict, (50,))
    drawn = (tmp_path / "e.svg").read_text(encoding="utf-8")
    row = verdict["first"]["row"]
    for said in ("lineup changed", "1/alpha = 220", f"promoted at row {row}", "challenger reigns"):
        assert said in drawn
    assert drawn.count("<polyline") == 2

"""The screen: a live picture where somebody looks, plain lines where not."""

import io
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Step
from kingmaker.runtime.board import Board, DeskBoard
from kingmaker.runtime.live_view import LiveView, PlainView, open_view

SLOT = "online_learning@main"
LANE = Lane("km.promotion.v1")
KIND = "kingmaker.promotion.v1"


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def board() -> Board:
    return Board([DeskBoard("main", 10, 1000)])


def step(name: str, times: int = 1, **fields: Any) -> Step[Any]:  # noqa: ANN401 - fields of any message
    event = message_class(KIND, name)(slot=SLOT, **fields)
    records = tuple(
        Record(1, "promotion", n, "", n, times, f"{KIND}.{name}", b"", time_ms=86_400_000)
        for n in range(times)
    )
    return Step((), (event,) * times, records)


def held(*names: str) -> Step[Any]:
    finding = message_class(KIND, "Finding")
    findings = [finding(gate=f"gate{n}", passed=n >= len(names)) for n in range(4)]
    return step("ChallengerHeld", trial="t-1@main", held_by=names, findings=findings, pairs=7)


def test_a_pipe_gets_plain_lines() -> None:
    stream = io.StringIO()
    view = open_view(board(), stream)
    assert isinstance(view, PlainView)
    with view:
        view.take(LANE, step("TrialClosed", trial="t-1@main", reason="fault"))
        view.doing("reading")
        view.tick()
    assert stream.getvalue() == "1970-01-02 00:00  closed       main  t-1@main: fault\n"


def test_nine_coronations_of_the_bootstrap_are_one_line() -> None:
    stream = io.StringIO()
    view = PlainView(board(), stream)
    view.take(LANE, step("ChampionCrowned", 9, how="bootstrap"))
    assert stream.getvalue().count("\n") == 1
    assert "main  9 champions of the bootstrap" in stream.getvalue()


def test_a_verdict_is_shown_only_if_fewer_gates_hold_than_ever() -> None:
    stream = io.StringIO()
    view = PlainView(board(), stream)
    view.take(LANE, held("evidence", "enough_pairs"))
    view.take(LANE, held("evidence", "drawdown"))
    view.take(LANE, held("evidence", "drawdown", "win_rate"))
    view.take(LANE, held("evidence", "drawdown"))
    view.take(LANE, held("evidence", "market_hours"))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert "2 of 4 pass, waiting for evidence, market hours" in lines[1]


def test_a_crown_brings_its_hint() -> None:
    stream = io.StringIO()
    PlainView(board(), stream).take(LANE, step("ChampionCrowned", how="direct", model="v2"))
    assert "undo?  kingmaker rollback online_learning@main" in stream.getvalue()


def test_a_terminal_gets_a_picture_with_the_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    stream = Terminal()
    shown = board()
    opened = step("TrialOpened", trial="t-1@main", challenger="v2", log_threshold=5.4)
    shown.take(LANE, opened)
    shown.desks[0].trials["t-1@main"].measure(10, 2.7)
    view = open_view(shown, stream)
    assert isinstance(view, LiveView)
    with view:
        view.take(LANE, opened)
        view.doing("learning from 5 trades")
        view.tick()
    text = stream.getvalue()
    for part in ("DESK", "main", "t-1@main", "E = 14.9 / 221", "██████████░░░░░░░░░░♛", "bars/s"):
        assert part in text


def test_a_line_without_a_slot_names_its_desk() -> None:
    stream = io.StringIO()
    event = message_class(KIND, "Frozen")(scope="desk", actor="ada", reason="storm")
    record = Record(1, "promotion", 0, "", 0, 1, f"{KIND}.Frozen", b"")
    PlainView(board(), stream).take(LANE, Step((), (event,), (record,)))
    assert stream.getvalue().endswith("frozen       main  the desk by ada: storm\n")

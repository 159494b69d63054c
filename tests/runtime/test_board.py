"""The board: what a person sees of a run."""

from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.board import Board, DeskBoard

SLOT = "online_learning@main"
HOUR = 3_600_000
FEED, PROMOTION = Lane("km.feed.v1"), Lane("km.promotion.v1")


def step(*events: Any) -> Step[Any]:  # noqa: ANN401 - events of any service
    return Step((), events, ())


@pytest.fixture
def board() -> Board:
    return Board([DeskBoard("main", 4, 1000), DeskBoard("other", 2, 1000)])


def said(service: str, name: str, **fields: Any) -> Any:  # noqa: ANN401 - any message
    return message_class(f"kingmaker.{service}.v1", name)(**fields)


def of_trial(name: str, **fields: Any) -> Any:  # noqa: ANN401 - any message
    return said("promotion", name, trial="t-0001@main", slot=SLOT, **fields)


def opened() -> Any:  # noqa: ANN401 - a message
    return of_trial("TrialOpened", challenger="v2", log_threshold=5.0)


def test_bars_and_gaps_are_counted_by_desk(board: Board) -> None:
    bar = said("feed", "BarClosed", symbol="BTC", interval_ms=HOUR, open_ms=5 * HOUR)
    board.take(FEED, step(bar, said("feed", "GapRecorded", symbol="BTC", bars_missing=3)))
    board.take(Lane("km.feed.v1", 1), step(bar))
    assert [desk.bars for desk in board.desks] == [1, 1]
    assert (board.desks[0].gaps, board.desks[0].time_ms) == (1, 6 * HOUR)
    assert (board.bars, board.bars_total) == (2, 6)


def test_it_says_what_is_next(board: Board) -> None:
    desk = board.desks[0]
    assert board.next_of(desk) == "learns from 1,000 closed trades on (0 now)"
    desk.resolved = 1000
    assert board.next_of(desk) == "learns at night"
    board.take(PROMOTION, step(opened()))
    assert board.next_of(desk) == "t-0001 waits for the trader"
    desk.trials["t-0001@main"].started = True
    assert board.next_of(desk) == "judged at every pair"
    board.take(PROMOTION, step(of_trial("TrialClosed", reason="fault")))
    assert (desk.trials, desk.trials_closed) == ({}, 1)
    desk.bars = 4
    assert board.next_of(desk) == "played"


def test_a_trial_held_by_the_desk_alone_says_by_what(board: Board) -> None:
    board.take(PROMOTION, step(opened()))
    open_trial = board.desks[0].trials["t-0001@main"]
    open_trial.started = True
    board.take(PROMOTION, step(of_trial("ChallengerHeld", held_by=["market_hours"])))
    assert board.next_of(board.desks[0]) == "waiting for market hours"


def test_evidence_is_a_share_of_its_threshold(board: Board) -> None:
    board.take(PROMOTION, step(opened()))
    open_trial = board.desks[0].trials["t-0001@main"]
    for pairs, log_evidence in ((10, -3.0), (20, 2.5), (25, 2.6), (30, 9.0)):
        open_trial.measure(pairs, log_evidence)
    assert list(open_trial.curve) == [0.0, 0.5, 1.0]


def test_it_takes_up_what_the_views_say(board: Board) -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "desks": [
            {
                "desk": "main",
                "bars": 3,
                "gaps": 1,
                "opportunities": 2,
                "resolved": 2,
                "trades": 1,
                "pairs": 1,
                "last_ms": 7,
            }
        ],
        "reigns": [{"desk": "main", "slot": SLOT, "model": "v2"}],
        "trials": [
            {
                "desk": "main",
                "trial": "t-0002@main",
                "slot": SLOT,
                "challenger": "v3",
                "log_threshold": 5.0,
                "state": "open",
                "started_ms": 1,
                "pairs": 9,
                "log_evidence": 1.0,
                "held_by": "evidence, drawdown",
            },
            {"desk": "main", "state": "closed"},
        ],
    }
    board.restore(lambda statement: tables[statement.split("FROM ")[1].split()[0]])
    desk = board.desks[0]
    assert (desk.bars, desk.king, desk.reigns) == (3, "online_learning v2", 1)
    assert (desk.trials_closed, list(desk.trials)) == (1, ["t-0002@main"])
    assert desk.trials["t-0002@main"].held_by == ("evidence", "drawdown")

"""The watcher of C6 notices what it is there for: each broken promise by name."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Run
from tests.simulation.kill_invariants import FEED, PROMOTION, RISK, TRADER, KillWatch
from tests.simulation.world import message

type Told = Sequence[tuple[str, Draft, Sequence[tuple[str, int]]]]  # topic, event, what it consumed


def mode(number: int, mode: str, *, flatten: bool = False) -> Draft:
    return message("kingmaker.risk.v1.ModeChanged", number=number, mode=mode, flatten=flatten)


def followed(number: int) -> Draft:
    return message("kingmaker.risk.v1.ModeFollowed", number=number)


def trade(name: str) -> Draft:
    return message(f"kingmaker.trader.v1.{name}", position="AAA-1", symbol="AAA")


KILL, FLAT, RESUME = mode(1, "killed"), mode(1, "killed", flatten=True), mode(2, "normal")
OPENED, CLOSED = trade("PositionOpened"), trade("PositionClosed")
CROWNED = message("kingmaker.promotion.v1.ChampionCrowned", promotion="p-1", how="promoted")
FIRST = message("kingmaker.promotion.v1.ChampionCrowned", promotion="p-1", how="bootstrap")
BAR = message("kingmaker.feed.v1.BarClosed", symbol="AAA")
OTHER = message("kingmaker.trader.v1.OpportunityMissed", opportunity="BBB-1")


def tell(told: Told) -> None:
    """Show one event a step to a watcher; records of a topic are numbered from 0."""
    watch, numbers = KillWatch(), dict.fromkeys((FEED, RISK, TRADER, PROMOTION), -1)
    for topic, draft, consumed in told:
        numbers[topic] += 1
        lane = Lane(topic, 0)
        [record] = frame(lane.genesis(""), Pen(1, "w"), [draft])
        runs = [Run(Lane(source, 0), seq, seq, "h") for source, seq in consumed]
        numbered = replace(record, seq=numbers[topic])
        watch.see(lane, (numbered,), runs)


def heard(topic: str, number: int = 1) -> tuple[str, Draft, Sequence[tuple[str, int]]]:
    return (topic, followed(number), [(RISK, number - 1)])


def test_a_sound_story_is_believed() -> None:
    tell(
        [
            (TRADER, OPENED, ()),
            (RISK, FLAT, ()),
            heard(TRADER),
            heard(PROMOTION),
            (PROMOTION, FIRST, ()),
            (FEED, BAR, ()),
            (TRADER, CLOSED, [(FEED, 0)]),
            (RISK, RESUME, ()),
            heard(TRADER, 2),
            heard(PROMOTION, 2),
            (TRADER, OPENED, ()),
            (PROMOTION, CROWNED, ()),
        ]
    )


def test_who_has_not_heard_of_the_kill_yet_is_not_blamed() -> None:
    tell([(RISK, KILL, ()), (TRADER, OPENED, ()), (PROMOTION, CROWNED, ())])


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ([(RISK, KILL, ()), heard(TRADER), (TRADER, OPENED, ())], "AAA-1: opened while killed"),
        ([(RISK, KILL, ()), heard(PROMOTION), (PROMOTION, CROWNED, ())], "p-1: crowned while kill"),
        (
            [
                (TRADER, OPENED, ()),
                (RISK, FLAT, ()),
                heard(TRADER),
                (FEED, BAR, ()),
                (TRADER, OTHER, [(FEED, 0)]),
            ],
            "AAA-1.* stayed open",
        ),
        ([(RISK, KILL, ()), (TRADER, OTHER, [(RISK, 0)])], "change 1 is not followed"),
        ([(RISK, KILL, ()), (RISK, mode(2, "killed"), ())], "killed twice"),
        ([(RISK, mode(1, "normal"), ())], "resumed from nothing"),
        ([(RISK, mode(2, "killed"), ())], "a change was skipped"),
    ],
)
def test_a_broken_promise_is_named(told: Told, complaint: str) -> None:
    with pytest.raises(AssertionError, match=f"C6 .*{complaint}"):
        tell(told)

"""The watchers of the simulation notice what they are there for: each broken promise by name."""

from collections.abc import Callable, Sequence

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Record, frame
from kingmaker.kernel.service import Consumed, Input, Run
from tests.simulation.crown_invariants import PROMOTION, SHADOW, TRADER, CrownWatch
from tests.simulation.invariants import LaneWatch
from tests.simulation.world import message, services

SLOT = "online_learning@one"

type Told = list[tuple[str, list[Draft]]]


def crowned(model: str, expected: str, reign: int, **more: object) -> Draft:
    fields = {
        "slot": SLOT,
        "model": model,
        "digest": f"d-{model}",
        "how": "promoted",
        "alpha": 0.05,
    }
    fields |= more
    if "findings" not in more and fields["how"] == "promoted":
        fields["findings"] = [{"gate": "evidence", "passed": True}]
    return said("ChampionCrowned", expected=expected, reign=reign, trial="t", **fields)


def said(name: str, **fields: object) -> Draft:
    return message(f"{PROMOTION_PACKAGE}.{name}", **fields)


def traded(name: str, **fields: object) -> Draft:
    return message(f"kingmaker.trader.v1.{name}", **fields)


def activated(model: str, reign: int) -> Draft:
    return traded("ChampionActivated", slot=SLOT, reign=reign, digest=f"d-{model}", lineup="l")


PROMOTION_PACKAGE = "kingmaker.promotion.v1"
FIRST = crowned("a", "", 1, how="bootstrap")
ACKNOWLEDGED = said("ReignAcknowledged", slot=SLOT, reign=1, lineup="l")
OPENED = said(
    "TrialOpened",
    trial="t",
    slot=SLOT,
    champion="a",
    challenger="b",
    challenger_digest="d-b",
    alpha=0.05,
    mode="per_test",
)
WARMED = traded("ChallengerWarmed", trial="t", slot=SLOT)
# A desk whose challenger `b` may be crowned next.
READY: Told = [
    (PROMOTION, [FIRST]),
    (TRADER, [activated("a", 1)]),
    (PROMOTION, [ACKNOWLEDGED]),
    (PROMOTION, [OPENED]),
    (TRADER, [WARMED]),
]
VETOED = said("Vetoed", trial="t", until_ms=1)
SECOND = crowned("b", "a", 2, lineup="l")


def tell(told: Told, consumed: Sequence[Consumed] = ()) -> CrownWatch:
    """Show steps to a watcher; the last one consumed something."""
    watch = CrownWatch()
    for number, (topic, drafts) in enumerate(told):
        lane = Lane(topic, 0)
        step = frame(lane.genesis(""), Pen(1, "w"), drafts)
        watch.see(lane, step, consumed if number == len(told) - 1 else ())
    return watch


def test_a_sound_story_is_believed() -> None:
    told: Told = [*READY, (PROMOTION, [SECOND]), (TRADER, [activated("b", 2)])]
    assert tell(told).coronations == [("bootstrap", SLOT, 1), ("promoted", SLOT, 2)]


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ([(PROMOTION, [crowned("b", "x", 2, lineup="l")])], "C1 .* x expected, not a"),
        ([(PROMOTION, [crowned("b", "a", 3, lineup="l")])], "C1 .* reign 3 after 1"),
        ([(PROMOTION, [crowned("c", "", 2, how="bootstrap")])], "C1"),
        ([(PROMOTION, [crowned("b", "a", 2, lineup="l", findings=[])])], "C2 no verdict"),
        (
            [(PROMOTION, [crowned("b", "a", 2, lineup="l", findings=[{"passed": False}])])],
            "C2 a gate did not hold",
        ),
        ([(PROMOTION, [said("Frozen", scope="desk")]), (PROMOTION, [SECOND])], "C2 .* frozen"),
        ([(PROMOTION, [said("Frozen", scope=SLOT)]), (PROMOTION, [SECOND])], "C2 .* frozen"),
        ([(PROMOTION, [crowned("b", "a", 2, lineup="l", how="direct")])], "C2 .* nobody asked"),
        ([(PROMOTION, [crowned("b", "a", 2, lineup="l", alpha=0.01)])], "C4 not the alpha"),
        ([(PROMOTION, [crowned("b", "a", 2, lineup="l", policy_hash="p")])], "C2 .* policy"),
        ([(PROMOTION, [VETOED]), (PROMOTION, [SECOND])], "C2 crowned though vetoed"),
        ([(PROMOTION, [crowned("b", "a", 2, lineup="other")])], "C4 judged on another lineup"),
        ([(TRADER, [activated("b", 2)])], "C3 .* activated before it was crowned"),
        ([(PROMOTION, [SECOND]), (TRADER, [activated("c", 2)])], "C3 other bytes activated"),
        ([(TRADER, [activated("a", 1)])], "C3 .* 1 follows"),
        (
            [(TRADER, [traded("PairResolved", trial="t", lineup="old", counted=True)])],
            "C4 t: a counted pair of another lineup",
        ),
        (
            [(SHADOW, [message("kingmaker.shadow.v1.EvidenceMeasured", trial="t", pairs=1)])],
            "C4 t: measured more than there is",
        ),
        ([(PROMOTION, [OPENED])], "C4 opened twice"),
        (
            [(PROMOTION, [said("CommandTaken", command_id="c", not_after_ms=1, time_ms=2)])],
            "C5 c acted late",
        ),
        ([(PROMOTION, [said("CommandTaken", command_id="c")] * 2)], "C5 c acted twice"),
        ([(PROMOTION, [said("CommandTaken", command="Rollback")])], "C7 a rollback was taken"),
    ],
)
def test_a_broken_promise_is_named(told: Told, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        tell([*READY, *told])


def test_a_command_that_nobody_answers_is_noticed() -> None:
    rollback = said("Rollback", command_id="c", slot=SLOT)
    item = Input(Lane("km.promotion.commands.v1"), 0, rollback.kind, rollback.value)
    with pytest.raises(AssertionError, match="C5 Rollback c: answered 0 times"):
        tell([*READY, (PROMOTION, [said("ExposureChanged")])], [item])


def test_a_command_that_acts_on_one_signature_of_two_is_noticed() -> None:
    values = {"governance.four_eyes": "Freeze,Thaw"}
    applied = message("kingmaker.policy.v1.PolicyApplied", hash="p", values=values)
    for keys in ({"key_id": "a"}, {"key_id": "a", "first_key_id": "a"}):
        taken = said("CommandTaken", command_id="c", command="Thaw", **keys)
        with pytest.raises(AssertionError, match="C5 c acted on one signature"):
            tell([(PROMOTION, [applied]), (PROMOTION, [taken])])


@pytest.mark.parametrize("statistic", [199.0, 200.0])
def test_an_alarm_that_takes_no_crown_is_noticed(statistic: float) -> None:
    watched = crowned("b", "a", 2, lineup="l", canary_rule="edetector@1")
    alarm = message(
        "kingmaker.shadow.v1.CanaryMeasured",
        canary="canary",
        slot=SLOT,
        reign=2,
        pairs=1,
        statistic=statistic,
        threshold=200.0,
        champion={"taken": 20, "won": 1},
        reference={"taken": 20, "won": 10},
    )
    pair = traded("PairResolved", trial="canary", lineup="l", counted=True)
    told: Told = [*READY, (PROMOTION, [watched]), (TRADER, [activated("b", 2)]), (TRADER, [pair])]
    told += [(SHADOW, [alarm]), (PROMOTION, [said("ExposureChanged")])]
    heard = [Run(Lane(SHADOW, 0), 0, 0, "h")]
    if statistic < 200.0:
        tell(told, heard)
        return
    with pytest.raises(AssertionError, match="C7 canary: an alarm, and the crown stayed"):
        tell(told, heard)


def test_alpha_that_is_overspent_is_noticed() -> None:
    trials = [
        said("TrialOpened", trial=f"t-{k}", slot=SLOT, champion="a", alpha=0.03, mode="e_lond", k=k)
        for k in (1, 2)
    ]
    with pytest.raises(AssertionError, match="C4 alpha overspent"):
        tell([*READY, (PROMOTION, trials)])


def test_a_budget_built_on_crowns_that_are_none_of_its_window_is_noticed() -> None:
    trial = said("TrialOpened", trial="t-2", slot=SLOT, champion="a", crowned_before=1)
    with pytest.raises(AssertionError, match="C4 R of t-2 is not 0"):
        tell([*READY, (PROMOTION, [trial])])


# Lanes


FEED, LISTENER = Lane("km.feed.v1", 0), Lane("km.trader.v1", 0)


def steps(lane: Lane) -> tuple[Record, ...]:
    return frame(lane.genesis(""), Pen(1, "w"), [Draft(STARTED, b""), Draft("A", b"")])


def _torn(watch: LaneWatch) -> None:
    watch.see(FEED, steps(FEED)[:1], ())


def _twice(watch: LaneWatch) -> None:
    watch.see(FEED, steps(FEED), ())
    watch.see(FEED, steps(FEED), ())


def _changed(watch: LaneWatch) -> None:
    watch.see(FEED, steps(FEED), ())
    watch.see(LISTENER, steps(LISTENER), [Run(FEED, 0, 1, "another")])


def _early(watch: LaneWatch) -> None:
    watch.see(LISTENER, steps(LISTENER), [Run(FEED, 0, 1, "unwritten")])


def _hole(watch: LaneWatch) -> None:
    step = steps(FEED)
    watch.see(FEED, step, ())
    watch.see(LISTENER, steps(LISTENER), [Run(FEED, 1, 1, step[1].hash)])


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (_torn, "L3 .* is torn"),
        (_twice, "L2 .* came twice or late"),
        (_changed, "L4 .* has changed"),
        (_early, "L4 .* too early"),
        (_hole, "our own runs have a gap"),
    ],
)
def test_a_broken_lane_is_named(harm: Callable[[LaneWatch], None], complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        harm(LaneWatch(services()))

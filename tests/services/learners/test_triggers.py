"""Why a training starts: each cause alone, and names itself with its numbers."""

from collections.abc import Mapping, Sequence
from functools import reduce

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, service
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    ChampionActivated,
    ChampionNoted,
    Event,
    JobAbandoned,
    NightFell,
    OpportunityResolved,
    OutcomeCounted,
    PolicyApplied,
    State,
    TrainingCompleted,
    TrainingStarted,
)
from kingmaker.learners.heads import Outcome
from kingmaker.learners.triggers import concerning, discover

HOUR = 3_600_000
DAY = 24 * HOUR
NIGHT = 20_000
NOON = NIGHT * DAY + 12 * HOUR
ONE_O_CLOCK = NIGHT * DAY + HOUR
NIGHT_FELL = NightFell(NIGHT, NIGHT * DAY + HOUR)
PPO, ONLINE = "cvar_ppo@hourly", "online_learning@hourly"

decide = decider.build((Desk("hourly", 0),), ("cvar_ppo", "online_learning"), service.seal())


LEARN = {"learning.components": "cvar_ppo,online_learning"}


def given(*history: Event) -> State:
    return reduce(decider.evolve, (settings({}), *history), State())


def started(state: State, now_ms: int = NOON) -> list[TrainingStarted]:
    """Return what a tick starts."""
    said = decide(state, Window(now_ms), Tick(now_ms), {})
    return [event for event in said if isinstance(event, TrainingStarted)]


def counted(outcomes: int) -> OutcomeCounted:
    return OutcomeCounted("hourly", outcomes, NOON - HOUR)


def run_of(slot: str, trades: int, time_ms: int, cause: str = "experiences") -> Sequence[Event]:
    """Return a training that began and came to nothing."""
    began = TrainingStarted(
        training="tr-0001",
        slot=slot,
        cause=cause,
        trades=trades,
        new_trades=trades,
        until_ms=time_ms,
        seed=1,
        due_ms=time_ms,
        attempt=1,
        parent="v1",
        time_ms=time_ms,
        parameters={},
    )
    return (began, JobAbandoned("tr-0001", slot, "a test", time_ms))


ROTATES = {"operations.model_rotation.enabled": "1"}


def settings(values: Mapping[str, str]) -> PolicyApplied:
    return PolicyApplied("h", LEARN | dict(values))


def test_the_causes_of_a_slot_are_files_in_the_order_of_their_ranks() -> None:
    every = discover()
    names = [trigger.name for trigger in every]
    assert names == [
        "nightly",
        "experiences",
        "expectancy",
        "age",
        "scheduled",
        "guard",
        "drift",
        "tuning",
    ]
    assert [one.name for one in concerning("cvar_ppo", every)] == names[1:]
    assert "experiences" not in [one.name for one in concerning("online_learning", every)]


@pytest.mark.parametrize(("experiences", "runs"), [(999, 0), (1000, 1)])
def test_a_thousand_experiences_start_one_training(experiences: int, runs: int) -> None:
    found = started(given(NIGHT_FELL, counted(experiences)))
    assert [(one.slot, one.cause) for one in found] == [(PPO, "experiences")] * runs
    for one in found:
        assert one.numbers == {"experiences": 1000.0, "needed": 1000.0}


@pytest.mark.parametrize(("new", "runs"), [(63, 0), (64, 1)])
def test_six_hours_after_the_last_run_sixty_four_are_enough(new: int, runs: int) -> None:
    before = (NIGHT_FELL, counted(1000), *run_of(PPO, 1000, NOON - 6 * HOUR))
    found = started(given(*before, counted(1000 + new)))
    assert [one.cause for one in found] == ["experiences"] * runs
    for one in found:
        assert one.numbers == {"experiences": 64.0, "needed": 64.0, "hours": 6.0}


def test_a_thousand_more_wait_until_six_hours_are_over() -> None:
    before = (NIGHT_FELL, counted(1000), *run_of(PPO, 1000, NOON), counted(5000))
    assert started(given(*before), NOON + 6 * HOUR - 1) == []
    assert len(started(given(*before), NOON + 6 * HOUR)) == 1


def test_what_learns_by_reinforcement_does_not_wait_for_a_night_nor_learn_by_it() -> None:
    night = NIGHT * DAY + HOUR
    before = (counted(1000), *run_of(PPO, 1000, night - 7 * HOUR), counted(1063))
    assert [one.slot for one in started(given(*before), night)] == [ONLINE]


def test_a_night_names_itself_and_its_numbers() -> None:
    [one] = started(given(counted(1000), *run_of(PPO, 1000, 1)), NIGHT * DAY + HOUR)
    assert (one.slot, one.cause) == (ONLINE, "nightly")
    assert one.numbers == {"new_trades": 1000.0, "needed": 200.0}


def old(since_ms: int, learned_ms: int, new: int = 100) -> list[str]:
    """Return what a night starts for a champion of that age, with so many new trades."""
    before = (ChampionNoted(ONLINE, "v1", since_ms), *run_of(ONLINE, 1000, learned_ms))
    state = given(*before, counted(1000 + new))
    return [one.cause for one in started(state, ONE_O_CLOCK) if one.slot == ONLINE]


@pytest.mark.parametrize(("late_ms", "runs"), [(0, 0), (1, 1)])
def test_a_champion_older_than_ninety_days_is_retrained(late_ms: int, runs: int) -> None:
    first = ONE_O_CLOCK - 90 * DAY - late_ms
    assert old(first, first - DAY) == ["age"] * runs


def test_a_training_since_then_makes_it_young_again() -> None:
    assert old(ONE_O_CLOCK - 200 * DAY, ONE_O_CLOCK - 89 * DAY) == []


@pytest.mark.parametrize(("new", "causes"), [(63, []), (64, ["age"]), (200, ["nightly"])])
def test_an_old_champion_waits_for_something_new_and_a_night_that_learns_anyhow_goes_first(
    new: int, causes: list[str]
) -> None:
    assert old(ONE_O_CLOCK - 200 * DAY, ONE_O_CLOCK - 100 * DAY, new) == causes


def test_an_old_champion_waits_for_the_night() -> None:
    noted = ChampionNoted(ONLINE, "v1", NOON - 200 * DAY)
    assert started(given(NIGHT_FELL, noted, counted(1000))) == [
        *started(given(NIGHT_FELL, counted(1000)))
    ]


def trades(nets: Sequence[float], first: int = 1000) -> list[Event]:
    return [
        OutcomeCounted("hourly", first + at, NOON, taken=True, net=net)
        for at, net in enumerate(nets)
    ]


def reign(*, expects: bool = True) -> tuple[Event, ...]:
    noted = ChampionNoted(ONLINE, "v1", NOON - DAY, expects, 0.001)
    return (NIGHT_FELL, noted, *run_of(PPO, 1000, NOON))


WORSE = [-0.002, 0.0] * 25  # mean -0.001, standard error 0.000143


@pytest.mark.parametrize(
    ("nets", "runs"),
    [
        (WORSE, 1),
        (WORSE[1:], 0),  # 49 of them
        ([0.0006, 0.0012] * 25, 0),  # 2.3 standard errors below
        ([-0.02, 0.018] * 25, 0),  # chance explains it
        ([0.001] * 50, 0),  # as promised, to the bit
    ],
)
def test_a_champion_that_earns_less_than_it_promised_is_retrained(
    nets: Sequence[float], runs: int
) -> None:
    found = [one for one in started(given(*reign(), *trades(nets))) if one.slot == ONLINE]
    assert [one.cause for one in found] == ["expectancy"] * runs
    for one in found:
        assert one.numbers["mean"] == pytest.approx(-0.001)
        assert one.numbers["expected"] == 0.001
        assert one.numbers["error"] == pytest.approx(0.001 / 7)  # 49 are free
        assert one.numbers["trades"] == 50


def test_a_champion_that_promised_nothing_breaks_no_promise() -> None:
    state = given(*reign(expects=False), *trades(WORSE))
    assert [one for one in started(state) if one.slot == ONLINE] == []


@pytest.mark.parametrize(("new", "runs"), [(63, 0), (64, 1)])
def test_a_broken_promise_waits_for_something_new_however_little_a_night_asks_for(
    new: int, runs: int
) -> None:
    eager = settings({"learning.min_new_trades": "1"})
    learned = run_of(ONLINE, 1050 - new, NOON - DAY)
    state = given(eager, *reign(), *learned, *trades(WORSE, 1001))
    found = [one for one in started(state) if one.slot == ONLINE]
    assert [one.cause for one in found] == ["expectancy"] * runs


def test_trades_that_were_left_alone_and_older_ones_do_not_count() -> None:
    left = [OutcomeCounted("hourly", 2000 + at, NOON, taken=False, net=9.0) for at in range(60)]
    state = given(*reign(), *trades([9.0] * 50), *trades(WORSE, 1050), *left)
    assert [one.cause for one in started(state) if one.slot == ONLINE] == ["expectancy"]


def test_a_trade_is_counted_with_what_the_champion_did() -> None:
    outcomes = (Outcome(taken=True, reason="TARGET"),)
    message = OpportunityResolved(NOON, "hourly", signal_net=0.5, outcomes=outcomes)
    said = decide(given(counted(3)), Window(NOON), message, {})
    assert said == [OutcomeCounted("hourly", 4, NOON, taken=True, net=0.5)]


def completed(digest: str, *, candidate: bool, metrics: Mapping[str, float]) -> TrainingCompleted:
    return TrainingCompleted(
        training="tr-0001",
        slot=ONLINE,
        digest=digest,
        size_bytes=1,
        dataset_digest="d",
        data_from_ms=0,
        data_until_ms=0,
        trades=1000,
        seed=1,
        metrics=dict(metrics),
        candidate=candidate,
        reason="",
        parent="v1",
        time_ms=NOON,
    )


@pytest.mark.parametrize("candidate", [True, False])
def test_a_candidate_is_held_to_the_figure_it_was_admitted_with(*, candidate: bool) -> None:
    began = run_of(ONLINE, 1000, NOON - DAY)[0]
    made = completed("d1", candidate=candidate, metrics={"holdout_net_kept": 0.002})
    state = given(began, made)
    said = decide(state, Window(NOON), ChampionActivated(ONLINE, "v2", "d1", NOON), {})
    expected = (True, 0.002) if candidate else (False, 0.0)
    assert said == [ChampionNoted(ONLINE, "v2", NOON, *expected)]


@pytest.mark.parametrize(
    ("values", "days", "runs"),
    [({}, 40, 0), (ROTATES, 29, 0), (ROTATES, 30, 1)],
)
def test_a_scheduled_retrain_comes_every_thirty_days_where_it_is_wanted(
    values: Mapping[str, str], days: int, runs: int
) -> None:
    noted = ChampionNoted(ONLINE, "v1", NOON - days * DAY)
    state = given(settings(values), NIGHT_FELL, noted, counted(1000))
    found = [one for one in started(state) if one.slot == ONLINE]
    assert [one.cause for one in found] == ["scheduled"] * runs
    for one in found:
        assert (one.parameters["backtest"], one.parameters["days_max"]) == (1.0, 730.0)


def test_the_next_scheduled_one_counts_from_the_last_and_not_from_other_trainings() -> None:
    noted = ChampionNoted(ONLINE, "v1", NOON - 80 * DAY)
    last = run_of(ONLINE, 1000, NOON - 29 * DAY, "scheduled")
    nightly = run_of(ONLINE, 1064, NOON - DAY, "nightly")
    state = given(settings(ROTATES), NIGHT_FELL, noted, counted(1000), *last, *nightly)
    state = reduce(decider.evolve, [counted(1128)], state)
    assert [one.slot for one in started(state) if one.slot == ONLINE] == []
    assert [one.cause for one in started(state, NOON + DAY) if one.slot == ONLINE] == ["scheduled"]


def test_two_causes_at_once_start_one_training() -> None:
    noted = ChampionNoted(ONLINE, "v1", ONE_O_CLOCK - 200 * DAY)
    before = run_of(ONLINE, 1000, ONE_O_CLOCK - 100 * DAY)
    state = given(settings(ROTATES), noted, *before, counted(1100))
    causes = [one.cause for one in started(state, ONE_O_CLOCK) if one.slot == ONLINE]
    assert causes == ["age"]

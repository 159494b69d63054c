"""The learners, told as given / when / then."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, service
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    ApplyPolicy,
    ChampionActivated,
    ChampionNoted,
    Event,
    JobAbandoned,
    Message,
    NightFell,
    OpportunityResolved,
    OutcomeCounted,
    PolicyApplied,
    State,
    TrainingBroke,
    TrainingCompleted,
    TrainingFailed,
    TrainingStarted,
    TrainingSucceeded,
)

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
NIGHT = 100
ONE_O_CLOCK = NIGHT * DAY + 60 * MINUTE
SLOT = "online_learning@hourly"
DESKS = (Desk("hourly", 0), Desk("minutes", 1))
GOOD = {
    "holdout_gain": 0.012,
    "holdout_gain_se": 0.006,
    "holdout_acts": 54.0,
    "holdout_net_all": -0.002,
    "holdout_net_kept": 0.001,
    "holdout_net_with": 0.0001,
}

decide = decider.build(DESKS, ("online_learning",), service.seal())


def counted(outcomes: int, desk: str = "hourly") -> OutcomeCounted:
    return OutcomeCounted(desk, outcomes, ONE_O_CLOCK - 7)


def given(*history: Event) -> State:
    """Return what the learners believe after their own history."""
    return reduce(decider.evolve, history, State())


def when(state: State, message: Message) -> Sequence[Event]:
    """Return what the learners say to `message`."""
    return decide(state, Window(), message, {})


def started(attempt: int = 1, time_ms: int = ONE_O_CLOCK, **other: int) -> TrainingStarted:
    trades = other.get("trades", 1000)
    return TrainingStarted(
        training="tr-0001",
        slot=SLOT,
        cause="nightly",
        trades=trades,
        new_trades=trades,
        until_ms=ONE_O_CLOCK - 7,
        seed=189008670270378,
        due_ms=time_ms + 30 * MINUTE,
        attempt=attempt,
        parent="v1.0.0-bootstrap",
        time_ms=time_ms,
        parameters={"holdout_share": 0.25, "l2": 100.0},
        numbers={"new_trades": float(trades), "needed": 200.0},
    )


NOTED = ChampionNoted(SLOT, "v1.0.0-bootstrap")
STARTED = started()
RUNNING = (NOTED, counted(1000), NightFell(NIGHT, ONE_O_CLOCK), STARTED)
SUCCEEDED = TrainingSucceeded("tr-0001", "d1", 1173, "d2", 5, GOOD)
BROKE = TrainingBroke("tr-0001", "killed", permanent=False)


def test_a_training_that_nobody_asked_for_changes_nothing() -> None:
    assert when(given(), SUCCEEDED) == []
    assert when(given(), BROKE) == []


def test_the_second_answer_to_a_training_is_dropped() -> None:
    [completed] = when(given(*RUNNING), SUCCEEDED)
    state = given(*RUNNING, completed)
    assert when(state, SUCCEEDED) == []
    assert when(state, BROKE) == []


def test_an_answer_to_an_attempt_that_has_failed_is_dropped() -> None:
    waiting = given(*RUNNING, *when(given(*RUNNING), BROKE))
    assert when(waiting, SUCCEEDED) == []
    assert when(waiting, BROKE) == []


def test_a_component_that_nothing_can_train_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="cvar_ppo has no learner here"):
        when(given(), ApplyPolicy("h", {"learning.components": "online_learning, cvar_ppo"}))


def test_a_component_that_is_not_named_is_not_trained() -> None:
    chosen = PolicyApplied("h", {"learning.components": ""})
    said = when(given(chosen, counted(1000)), Tick(ONE_O_CLOCK))
    assert said == [NightFell(NIGHT, ONE_O_CLOCK)]


def test_a_wrong_setting_is_refused_before_it_is_recorded() -> None:
    with pytest.raises(ValueError, match=r"learning\.min_trades='few'"):
        when(given(), ApplyPolicy("h", {"learning.min_trades": "few"}))


def test_settings_are_recorded_once() -> None:
    values = {"learning.min_trades": "400"}
    applied = PolicyApplied("h", values)
    assert when(given(), ApplyPolicy("h", values)) == [applied]
    assert when(given(applied), ApplyPolicy("h", values)) == []
    assert given(applied).policy.min_trades == 400


def test_an_outcome_is_counted_for_its_desk_only() -> None:
    said = when(given(counted(7)), OpportunityResolved(9, "minutes"))
    assert said == [OutcomeCounted("minutes", 1, 9)]


def test_the_champion_of_a_slot_that_learns_is_noted_once() -> None:
    assert when(given(), ChampionActivated(SLOT, "v1.0.0-bootstrap")) == [NOTED]
    assert when(given(NOTED), ChampionActivated(SLOT, "v1.0.0-bootstrap")) == []
    assert when(given(), ChampionActivated("cvar_ppo@hourly", "v1")) == []


@pytest.mark.parametrize("outcomes", [0, 999])
def test_too_few_trades_start_nothing(outcomes: int) -> None:
    assert when(given(counted(outcomes)), Tick(ONE_O_CLOCK)) == [NightFell(NIGHT, ONE_O_CLOCK)]


def test_enough_trades_start_a_training_at_one_o_clock() -> None:
    state = given(NOTED, counted(1000))
    assert when(state, Tick(ONE_O_CLOCK)) == [NightFell(NIGHT, ONE_O_CLOCK), STARTED]


def test_a_trade_that_makes_it_enough_waits_for_the_next_night() -> None:
    state = given(counted(999), NightFell(NIGHT, ONE_O_CLOCK), counted(1000))
    assert when(state, Tick(ONE_O_CLOCK + MINUTE)) == []
    assert len(when(state, Tick(ONE_O_CLOCK + DAY))) == 2


def test_missed_nights_are_made_up_for_once() -> None:
    state = given(counted(1000), NightFell(NIGHT - 9, ONE_O_CLOCK - 9 * DAY))
    late = ONE_O_CLOCK + 5 * 60 * MINUTE
    fell, training = when(state, Tick(late))
    assert fell == NightFell(NIGHT, late)
    assert isinstance(training, TrainingStarted)
    assert when(given(counted(1000), fell), Tick(late + MINUTE)) == []


def test_the_next_training_needs_two_hundred_new_trades() -> None:
    [completed] = when(given(*RUNNING), SUCCEEDED)
    tomorrow = Tick(ONE_O_CLOCK + DAY)
    assert len(when(given(*RUNNING, completed, counted(1199)), tomorrow)) == 1
    _, second = when(given(*RUNNING, completed, counted(1200)), tomorrow)
    assert isinstance(second, TrainingStarted)
    assert (second.training, second.new_trades, second.trades) == ("tr-0002", 200, 1200)


def test_an_open_training_blocks_the_next_of_its_slot_only() -> None:
    state = given(*RUNNING, counted(5000), counted(1000, "minutes"))
    _, other = when(state, Tick(ONE_O_CLOCK + DAY))
    assert isinstance(other, TrainingStarted)
    assert other.slot == "online_learning@minutes"


def test_every_slot_that_learns_gets_its_own_training() -> None:
    both = decider.build(DESKS, ("neural_ucb", "online_learning"), service.seal())
    state = given(counted(1000), counted(1000, "minutes"))
    said = both(state, Window(), Tick(ONE_O_CLOCK), {})
    trainings = [event for event in said if isinstance(event, TrainingStarted)]
    assert [t.training for t in trainings] == [f"tr-{number:04d}" for number in (1, 2, 3, 4)]
    assert len({t.slot for t in trainings}) == len({t.seed for t in trainings}) == 4


def test_a_training_under_way_is_an_open_effect_due_in_half_an_hour() -> None:
    [effect] = decider.effects(given(*RUNNING))
    assert (effect.id, effect.kind) == ("tr-0001/1", "learners.train")
    assert effect.due_ms == ONE_O_CLOCK + 30 * MINUTE
    assert effect.payload == STARTED


def test_a_model_that_beats_knowing_nothing_is_a_candidate_beside_its_figures() -> None:
    [completed] = when(given(*RUNNING), SUCCEEDED)
    assert isinstance(completed, TrainingCompleted)
    assert (completed.candidate, completed.reason) == (True, "")
    assert completed.metrics == GOOD
    assert completed.parent == "v1.0.0-bootstrap"
    assert (completed.data_until_ms, completed.time_ms) == (STARTED.until_ms, STARTED.due_ms)
    assert decider.effects(given(*RUNNING, completed)) == []


def test_a_model_without_skill_is_recorded_with_the_reason() -> None:
    worse = TrainingSucceeded("tr-0001", "d1", 1173, "d2", 5, GOOD | {"holdout_gain": -0.1})
    [completed] = when(given(*RUNNING), worse)
    assert isinstance(completed, TrainingCompleted)
    assert not completed.candidate
    assert completed.reason == "gain over the base rate -0.1, needs over 0.006"


def test_a_failed_attempt_is_followed_by_another_after_ten_seconds() -> None:
    [failed] = when(given(*RUNNING), BROKE)
    assert isinstance(failed, TrainingFailed)
    retry_at_ms = failed.retry_at_ms
    assert failed == TrainingFailed("tr-0001", SLOT, 1, "killed", retry_at_ms)
    assert 10_000 <= retry_at_ms - STARTED.due_ms < 12_000
    state = given(*RUNNING, failed)
    assert decider.effects(state) == []
    assert when(state, Tick(retry_at_ms - 1)) == []
    assert when(state, Tick(retry_at_ms + 5)) == [started(2, retry_at_ms + 5)]


def test_another_attempt_at_what_a_person_asked_for_is_due_at_once() -> None:
    asked = replace(STARTED, cause="person", actor="opal", due_ms=ONE_O_CLOCK)
    [failed] = when(given(*RUNNING[:-1], asked), BROKE)
    assert isinstance(failed, TrainingFailed)
    [again] = when(given(*RUNNING[:-1], asked, failed), Tick(failed.retry_at_ms))
    assert again == replace(asked, attempt=2, time_ms=failed.retry_at_ms, due_ms=failed.retry_at_ms)


def test_the_third_failure_abandons_the_job() -> None:
    last = started(3)
    state = given(*RUNNING, last)
    assert when(state, BROKE) == [
        TrainingFailed("tr-0001", SLOT, 3, "killed", 0),
        JobAbandoned("tr-0001", SLOT, "killed", last.due_ms),
    ]


def test_what_would_fail_again_is_abandoned_at_once() -> None:
    broke = TrainingBroke("tr-0001", "0 of 400 trades won", permanent=True)
    failed, abandoned = when(given(*RUNNING), broke)
    assert isinstance(abandoned, JobAbandoned)
    after = given(*RUNNING, failed, abandoned, counted(1200))
    assert len(when(after, Tick(ONE_O_CLOCK + DAY))) == 2


def test_twice_broken_then_made_is_completed() -> None:
    state = given(*RUNNING)
    for attempt in (1, 2):
        [failed] = when(state, BROKE)
        assert isinstance(failed, TrainingFailed)
        assert failed.attempt == attempt
        state = decider.evolve(state, failed)
        [again] = when(state, Tick(failed.retry_at_ms))
        state = decider.evolve(state, again)
    [completed] = when(state, SUCCEEDED)
    assert isinstance(completed, TrainingCompleted)


def test_the_state_survives_as_bytes() -> None:
    [failed] = when(given(*RUNNING), BROKE)
    state = given(PolicyApplied("h", {"learning.nightly": "02:00"}), *RUNNING, failed)
    assert snapshot.decode(State, snapshot.encode(state)) == state


def test_every_word_is_bound_to_its_message_on_the_wire() -> None:
    built = service.build(DESKS)
    for event in (*RUNNING, *when(given(*RUNNING), SUCCEEDED), *when(given(*RUNNING), BROKE)):
        draft = built.events.encode(event)
        assert built.events.decode(draft.kind, draft.value) == event
    lanes = [str(lane) for lane in built.reads]
    assert lanes[:2] == ["km.promotion.v1/0", "km.promotion.v1/1"]  # whom to believe comes first
    assert lanes[2:4] == ["km.risk.v1/0", "km.risk.v1/1"]
    assert lanes[4:] == ["km.trader.v1/0", "km.trader.v1/1"]

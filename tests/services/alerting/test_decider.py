"""Alerting, told as given / when / then."""

from collections.abc import Sequence
from functools import reduce

import pytest

from kingmaker.alerting import decider, rules, service
from kingmaker.alerting.domain import (
    AlertDelayed,
    AlertDelivered,
    AlertFired,
    AlertNotDelivered,
    AlertSent,
    AlertUndelivered,
    ApplyPolicy,
    ChampionCrowned,
    Event,
    JobAbandoned,
    Message,
    PolicyApplied,
    State,
    TrialClosed,
    TrialOpened,
)
from kingmaker.contracts.desks import Desk
from kingmaker.kernel import snapshot

SLOT = "online_learning@hourly"
OPENED = TrialOpened(
    "t-0001@hourly", SLOT, "v1.0.0-bootstrap", "v1.1.0-trained", 1, 1 / 220, 5.39, 7
)
CLOSED = TrialClosed("t-0001@hourly", SLOT, "max_pairs", 5000, 2.5, 9)
ABANDONED = JobAbandoned("tr-0001", SLOT, "killed", 11)
KEY = "shadow_test_started:t-0001@hourly"

decide = decider.build(rules.discover())


def given(*history: Event) -> State:
    """Return what alerting believes after its own history."""
    return reduce(decider.evolve, history, State())


def when(state: State, message: Message) -> Sequence[Event]:
    """Return what alerting says to `message`."""
    return decide(state, None, message, {})


def fired(message: Message, state: State | None = None) -> AlertFired:
    """Return the one alert that follows from `message`."""
    [alert] = when(state or given(), message)
    assert isinstance(alert, AlertFired)
    return alert


STARTED = fired(OPENED)


@pytest.mark.parametrize("fact", [AlertDelivered(KEY), AlertNotDelivered(KEY, "disk full")])
def test_a_fact_about_an_alert_that_is_not_open_changes_nothing(fact: Message) -> None:
    assert when(given(), fact) == []
    assert when(given(STARTED, AlertSent(KEY)), fact) == []


def test_a_key_fires_once_in_the_log() -> None:
    assert when(given(STARTED), OPENED) == []
    assert when(given(STARTED, AlertSent(KEY)), OPENED) == []


def test_an_alert_is_an_open_effect_until_it_is_delivered() -> None:
    [effect] = decider.effects(given(STARTED))
    assert (effect.id, effect.kind, effect.payload) == (f"{KEY}#1", "alerting.send", STARTED)
    assert when(given(STARTED), AlertDelivered(KEY)) == [AlertSent(KEY)]
    assert decider.effects(given(STARTED, AlertSent(KEY))) == []


def test_a_channel_that_fails_is_tried_three_times_and_then_said_so() -> None:
    state = given(STARTED)
    for attempt in (1, 2):
        [delayed] = when(state, AlertNotDelivered(KEY, "disk full"))
        assert delayed == AlertDelayed(KEY, attempt, "disk full")
        state = decider.evolve(state, delayed)
        assert [effect.id for effect in decider.effects(state)] == [f"{KEY}#{attempt + 1}"]
    last = when(state, AlertNotDelivered(KEY, "disk full"))
    assert last == [AlertUndelivered(KEY, "disk full")]
    assert decider.effects(decider.evolve(state, last[0])) == []


def test_a_trial_that_ends_is_told_with_the_name_it_began_with() -> None:
    failed = fired(CLOSED, given(STARTED))
    assert (failed.version, failed.threshold) == ("v1.1.0-trained", 5.39)
    assert given(STARTED, failed).trials == {}


def test_a_trial_whose_challenger_was_crowned_directly_is_forgotten() -> None:
    crowned = ChampionCrowned(
        "p-0010@hourly", SLOT, "v1.1.0-trained", "v1.0.0-bootstrap", 2, "direct", "t-0001@hourly",
        0, 0.0, 0.0, "ada", "smoke", 8, "",
    )  # fmt: skip
    executed = fired(crowned, given(STARTED))
    assert executed.type == "promotion_executed"
    assert given(STARTED, executed).trials == {}


def test_an_alert_without_a_time_of_its_own_is_not_before_the_last_one() -> None:
    assert given(STARTED).latest_ms == 7


def test_settings_are_recorded_once() -> None:
    assert when(given(), ApplyPolicy("h", {})) == [PolicyApplied("h", {})]
    assert when(given(PolicyApplied("h", {})), ApplyPolicy("h", {})) == []


def test_keys_are_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decider, "FIRED_KEYS_MAX", 1)
    state = given(STARTED, fired(ABANDONED))
    assert state.fired == ("job_abandoned:tr-0001",)


def test_the_state_survives_as_bytes() -> None:
    state = given(STARTED, AlertDelayed(KEY, 1, "disk full"), fired(ABANDONED))
    assert snapshot.decode(State, snapshot.encode(state)) == state


def test_every_word_is_bound_to_its_message_on_the_wire() -> None:
    built = service.build((Desk("hourly", 0), Desk("minutes", 1)))
    said = (
        PolicyApplied("h", {"a": "b"}),
        STARTED,
        AlertSent(KEY),
        AlertDelayed(KEY, 1, "disk full"),
        AlertUndelivered(KEY, "disk full"),
    )
    for event in said:
        draft = built.events.encode(event)
        assert built.events.decode(draft.kind, draft.value) == event
    urgent = [f"km.{name}.v1/{desk}" for name in ("risk", "promotion") for desk in (0, 1)]
    assert [str(lane) for lane in built.reads][:4] == urgent
    assert len(built.reads) == 8

"""How alerting decides. Pure: a rule a type, each alert once, each attempt counted."""

from collections.abc import Callable, Sequence
from typing import assert_never

from kingmaker.alerting.domain import (
    AlertDelayed,
    AlertDelivered,
    AlertFired,
    AlertNotDelivered,
    AlertSent,
    AlertUndelivered,
    ApplyPolicy,
    Event,
    Message,
    PolicyApplied,
    Sending,
    State,
    Swap,
    Tried,
)
from kingmaker.alerting.rules import (
    Rule,
    promotion_executed,
    rollback_followed,
    rollback_triggered,
    shadow_test_failed,
    shadow_test_started,
)
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Effect

SEND = "alerting.send"  # the kind of the effect
ATTEMPTS_MAX = 3
FIRED_KEYS_MAX = 4096  # remembered; a key that comes again after so many others fires again

type Decide = Callable[[State, None, Message, object], Sequence[Event]]


def build(rules: Sequence[Rule]) -> Decide:
    """Return how alerting decides with these rules."""

    def decide(state: State, _window: None, message: Message, _answers: object) -> Sequence[Event]:
        match message:
            case ApplyPolicy(fingerprint, values, actor):
                news = fingerprint != state.policy_hash
                return [PolicyApplied(fingerprint, values, actor)] if news else []
            case AlertDelivered(key):
                return [AlertSent(key)] if key in state.sending else []
            case AlertNotDelivered(key, reason):
                return _delay(state, key, reason)
            case _:
                alerts = [alert for rule in rules if (alert := rule(state, message))]
                return [alert for alert in alerts if alert.key not in state.fired]

    return decide


def effects(state: State) -> Sequence[Effect]:
    """Return the alerts that not every channel has taken."""
    return [
        Effect(f"{key}#{sending.attempt}", SEND, sending.alert.occurred_at_ms, sending.alert)
        for key, sending in sorted(state.sending.items())
    ]


def _delay(state: State, key: str, reason: str) -> Sequence[Event]:
    sending = state.sending.get(key)
    if sending is None:
        return []  # answered already
    if sending.attempt >= ATTEMPTS_MAX:
        return [AlertUndelivered(key, reason)]
    return [AlertDelayed(key, sending.attempt, reason)]


def evolve(state: State, event: Event) -> State:
    """Learn one event."""
    match event:
        case PolicyApplied(fingerprint):
            return replace(state, policy_hash=fingerprint)
        case AlertFired():
            return _remember(state, event)
        case AlertDelayed(key, attempt):
            again = replace(state.sending[key], attempt=attempt + 1)
            return replace(state, sending=state.sending | {key: again})
        case AlertSent(key) | AlertUndelivered(key):
            return replace(
                state, sending={name: row for name, row in state.sending.items() if name != key}
            )
        case _:
            assert_never(event)


def _remember(state: State, alert: AlertFired) -> State:
    return replace(
        state,
        fired=(*state.fired, alert.key)[-FIRED_KEYS_MAX:],
        sending=state.sending | {alert.key: Sending(alert)},
        trials=_trials_after(state, alert),
        swaps=_swaps_after(state, alert),
        latest_ms=max(state.latest_ms, alert.occurred_at_ms),
    )


def _swaps_after(state: State, alert: AlertFired) -> dict[str, Swap]:
    """Return the rollbacks that the trader has not followed yet."""
    match alert.type:
        case rollback_triggered.TYPE:
            return state.swaps | {alert.slot: Swap(alert.n, alert.occurred_at_ms)}
        case rollback_followed.TYPE:
            return {slot: swap for slot, swap in state.swaps.items() if slot != alert.slot}
        case _:
            return state.swaps


def _trials_after(state: State, alert: AlertFired) -> dict[str, Tried]:
    """Return the open trials: one begins, or fails, or its challenger is crowned."""
    match alert.type:
        case shadow_test_started.TYPE:
            tried = Tried(alert.slot, alert.version, alert.threshold)
            return state.trials | {alert.cause: tried}
        case shadow_test_failed.TYPE:
            return {trial: tried for trial, tried in state.trials.items() if trial != alert.cause}
        case promotion_executed.TYPE:
            crowned = (alert.slot, alert.version)
            return {
                trial: tried
                for trial, tried in state.trials.items()
                if (tried.slot, tried.challenger) != crowned
            }
        case _:
            return state.trials

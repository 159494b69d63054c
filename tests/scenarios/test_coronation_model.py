"""Coronation, exhaustively: promotion and trader as in production, in every order of events.

A promise is held to what would come of its breach, never to the rule that keeps it: a rule that
could be left out without such a consequence would not be needed.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from kingmaker.promotion import gates
from kingmaker.promotion import service as judging
from kingmaker.promotion.decider import build
from kingmaker.promotion.domain import Event, Message, Slot, State, Watch
from kingmaker.promotion.gates import Case, Reading
from kingmaker.promotion.heard import (
    ActivationFailed,
    CanaryMeasured,
    ChampionActivated,
    ChampionLost,
    EvidenceMeasured,
    Rollback,
)
from kingmaker.trader import said as trading
from kingmaker.trader.heard import ChampionRolledBack
from tests.scenarios.automaton import AnyService
from tests.scenarios.coronation import Limits, Realm, Weaken
from tests.services.promotion.story import obeying_ada

# One reign more makes five times as many worlds: minutes instead of seconds.
REIGNS = int(os.environ.get("KINGMAKER_MODEL_REIGNS", "3"))
WORLDS_MIN = 10_000  # else the model explores nothing
REALMS = {
    "losses": Limits(REIGNS, losses=1),
    "repeats": Limits(REIGNS, repeats=1),
    "offers": Limits(REIGNS, offers=1),
    "all": Limits(REIGNS - 2, losses=1, repeats=1, offers=1),
}
MISHAPS = Limits(3, losses=1, repeats=1)
WORLDS_MAX = 100_000  # until grief


@pytest.mark.slow
@pytest.mark.parametrize("limits", REALMS.values(), ids=REALMS.keys())
def test_in_every_world_the_promises_of_coronation_hold(limits: Limits) -> None:
    assert Realm(limits).explore() > WORLDS_MIN


def without(name: str) -> Weaken:
    """Let the gate of this name let everybody pass."""

    def judge(_case: Case) -> Reading:
        return Reading(0.0, 0.0, 0, passed=True)

    def weaken(service: AnyService) -> AnyService:
        found = gates.discover()
        assert name in {gate.name for gate in found}
        weaker = [replace(one, judge=judge) if one.name == name else one for one in found]
        return replace(service, decide=obeying_ada(build(weaker, judging.seal())))

    return weaken


def hearing(kinds: tuple[type, ...], believe: Callable[[State, Any], tuple[State, Any]]) -> Weaken:
    """Let promotion decide upon such messages as if it believed, or heard, something else."""

    def weaken(service: AnyService) -> AnyService:
        def misled(state: State, window: Any, message: Message, answers: Any) -> Sequence[Event]:  # noqa: ANN401 - as promotion decides
            if isinstance(message, kinds):
                state, message = believe(state, message)
            return service.decide(state, window, message, answers)

        return replace(service, decide=misled)

    return weaken


def any_lineup(state: State, measured: EvidenceMeasured) -> tuple[State, EvidenceMeasured]:
    """Count evidence of any lineup."""
    return replace(state, lineup=measured.lineup), measured


def any_failure(state: State, broken: ActivationFailed | ChampionLost) -> tuple[State, Any]:
    """Lay a failure to whoever reigns now."""
    return state, replace(broken, reign=state.slots[broken.slot].reign)


def any_reign(state: State, measured: CanaryMeasured) -> tuple[State, CanaryMeasured]:
    """Hold an alarm against whoever reigns now."""
    slot = replace(state.slots[measured.slot], watch=Watch())
    state = replace(state, slots={**state.slots, measured.slot: slot})
    return state, replace(measured, reign=slot.reign)


def deaf_when_frozen(state: State, measured: CanaryMeasured) -> tuple[State, CanaryMeasured]:
    """Hear no alarm in a freeze."""
    return state, replace(measured, statistic=0.0) if state.frozen else measured


def any_expectation(state: State, order: Rollback) -> tuple[State, Rollback]:
    """Roll back whoever reigns now, whomever the person saw."""
    return state, replace(order, expected_champion="")


def no_rollback_when(hinders: Callable[[State, Slot], bool]) -> Callable[[State, Rollback], Any]:
    """Let a rollback find nothing to go back to."""

    def believe(state: State, order: Rollback) -> tuple[State, Rollback]:
        slot = state.slots[order.slot]
        if hinders(state, slot):
            slot = replace(slot, predecessor=None)
        return replace(state, slots={**state.slots, order.slot: slot}), order

    return believe


def acknowledged_again(state: State, said: ChampionActivated) -> tuple[State, Any]:
    """Take an answer that was taken before for news."""
    slot = replace(state.slots[said.slot], acknowledged=said.reign - 1)
    return replace(state, slots={**state.slots, said.slot: slot}), said


def acknowledged_early(state: State, said: ChampionActivated) -> tuple[State, Any]:
    """Take an answer to an earlier reign for one to the present reign."""
    return state, replace(said, reign=state.slots[said.slot].reign)


@pytest.mark.parametrize(
    ("weaken", "consequence"),
    [
        (without("not_frozen"), "a newcomer reigns where a freeze was answered"),
        (without("reign_settled"), "evidence of a lineup that was not set"),
        (hearing((EvidenceMeasured,), any_lineup), "evidence of a lineup that was not set"),
        (hearing((ActivationFailed, ChampionLost), any_failure), "taken back for the fault"),
        (hearing((CanaryMeasured,), any_reign), "taken back for the fault"),
        (hearing((CanaryMeasured,), deaf_when_frozen), "who must go stays"),
        (hearing((Rollback,), any_expectation), "another was taken back than the person meant"),
        (
            hearing((Rollback,), no_rollback_when(lambda state, _: bool(state.frozen))),
            "who must go stays",
        ),
        (
            hearing((Rollback,), no_rollback_when(lambda _, slot: not slot.settled)),
            "who must go stays",
        ),
        (hearing((ChampionActivated,), acknowledged_again), "never crowned"),
        (hearing((ChampionActivated,), acknowledged_early), "evidence of a lineup"),
    ],
)
def test_a_court_without_one_of_its_rules_comes_to_grief(weaken: Weaken, consequence: str) -> None:
    with pytest.raises(AssertionError, match=consequence):
        Realm(MISHAPS, weaken).explore(WORLDS_MAX)


def twice(service: AnyService) -> AnyService:
    """Follow every rollback twice."""

    def decide(state: Any, window: Any, message: Any, answers: Any) -> Sequence[Any]:  # noqa: ANN401 - as the trader decides
        said = service.decide(state, window, message, answers)
        return [*said, *(said if isinstance(message, ChampionRolledBack) else ())]

    return replace(service, decide=decide)


def deaf_to_rollbacks(service: AnyService) -> AnyService:
    """Go on with whoever was taken back."""

    def decide(state: Any, window: Any, message: Any, answers: Any) -> Sequence[Any]:  # noqa: ANN401 - as the trader decides
        heard = not isinstance(message, ChampionRolledBack)
        return service.decide(state, window, message, answers) if heard else ()

    return replace(service, decide=decide)


def with_a_stale_lineup(service: AnyService) -> AnyService:
    """Stamp an activation with the lineup before it."""

    def decide(state: Any, window: Any, message: Any, answers: Any) -> Sequence[Any]:  # noqa: ANN401 - as the trader decides
        said = service.decide(state, window, message, answers)
        stale = state.lineup_digest
        is_stamped = [stale and isinstance(event, trading.ChampionActivated) for event in said]
        pairs = zip(said, is_stamped, strict=True)
        return [replace(event, lineup=stale) if stamped else event for event, stamped in pairs]

    return replace(service, decide=decide)


def never_recovering(service: AnyService) -> AnyService:
    """Remember for ever that a champion of a slot was lost."""

    def evolve(state: Any, event: Any) -> Any:  # noqa: ANN401 - as the trader learns
        return replace(
            service.evolve(state, event), lost=state.lost | service.evolve(state, event).lost
        )

    return replace(service, evolve=evolve)


@pytest.mark.parametrize(
    ("weaken", "consequence"),
    [
        (twice, "an answer to no open reign"),
        (deaf_to_rollbacks, "the trader follows another"),
        (with_a_stale_lineup, "evidence of a lineup that was not set"),
        (never_recovering, "a desk without a champion waits for ever"),
    ],
)
def test_a_trader_that_follows_badly_comes_to_grief(weaken: Weaken, consequence: str) -> None:
    with pytest.raises(AssertionError, match=consequence):
        Realm(MISHAPS, weaken_trader=weaken).explore(WORLDS_MAX)

"""The trader whole: settings, the order of what it says, and a restart in the midst of trades."""

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Answer, Fault
from kingmaker.trader import decider
from kingmaker.trader.heard import ApplyPolicy
from kingmaker.trader.said import (
    OpportunityDecided,
    OpportunityResolved,
    PairResolved,
    PolicyApplied,
)
from kingmaker.trader.service import build
from kingmaker.trader.state import State
from kingmaker.trader.window import Window, observe
from tests.services.trader.desk import DESK, Rig, picky, reigning, tried, walk

WALK = list(walk(700))


def test_settings_are_taken_once_and_wrong_ones_stop_the_start() -> None:
    rig = Rig()
    values = {"costs.fee_bp": "7"}
    assert rig.hear(ApplyPolicy("h1", values)) == [PolicyApplied("h1", values)]
    assert not rig.hear(ApplyPolicy("h1", values))
    assert rig.state.policy.fee_bp == 7.0
    with pytest.raises(ValueError, match=r"costs\.fee_bp='x': give a number from 0 to 1000"):
        rig.hear(ApplyPolicy("h2", {"costs.fee_bp": "x"}))


def test_every_event_survives_the_wire() -> None:
    rig = reigning(picky)
    tried(rig)
    rig.hear_all(WALK)
    codec = rig.service.events
    seen = set()
    for event in rig.said:
        draft = codec.encode(event)
        assert codec.decode(draft.kind, draft.value) == event
        seen.add(type(event))
    assert {OpportunityDecided, OpportunityResolved, PairResolved} < seen


@pytest.mark.parametrize("cut", [150, 260, 333, 480, 611])
def test_a_restart_at_any_bar_changes_nothing(cut: int) -> None:
    whole = reigning(picky)
    tried(whole)
    whole.hear_all(WALK)
    rig = reigning(picky)
    tried(rig)
    rig.hear_all(WALK[:cut])
    rig.state = snapshot.decode(State, snapshot.encode(rig.state))
    rig.window = Window()
    for bar in WALK[max(0, cut - 128) : cut]:
        rig.window = observe(rig.window, bar)
    rig.hear_all(WALK[cut:])
    assert rig.said == whole.said
    assert rig.state == whole.state


def test_what_is_over_is_said_before_what_begins() -> None:
    rig = reigning(picky)
    tried(rig)
    both = 0
    for bar in WALK:
        kinds = [type(event).__name__ for event in rig.hear(bar)]
        order = ["OpportunityResolved", "PairResolved", "OpportunityDecided"]
        found = [kind for kind in kinds if kind in order]
        assert found == sorted(found, key=order.index)
        both += len(set(found)) > 1
    assert both > 5


def test_the_state_is_a_fold_of_what_was_said() -> None:
    rig = reigning(picky)
    tried(rig)
    rig.hear_all(WALK)
    state = build([Desk(DESK, 0)], 0).initial
    for event in rig.said:
        state = decider.evolve(state, event)
    assert state == rig.state


def test_the_same_bars_and_answers_give_the_same_history() -> None:
    first, second = reigning(picky), reigning(picky)
    for rig in (first, second):
        tried(rig)
        rig.hear_all(WALK)
    assert first.said == second.said


def test_nothing_is_asked_about_anything_but_a_bar() -> None:
    rig = reigning(lambda _question: Fault("never asked"))
    answers: dict[str, Answer | Fault] = {}
    message = ApplyPolicy("h", {})
    assert not decider.ask(rig.state, rig.window, message, answers)
    assert not rig.asked

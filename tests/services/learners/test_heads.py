"""Head weights outcome by outcome, told as given / when / then."""

from collections.abc import Sequence
from functools import reduce

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel import snapshot
from kingmaker.learners import decider, heads, service, weights
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    Event,
    OpportunityResolved,
    OutcomeCounted,
    PolicyApplied,
    State,
)
from kingmaker.learners.heads import Heads, Outcome, OutcomeJudged, WeightsLearned
from kingmaker.learners.weights import EVEN

DESK = "hourly"
DESKS = (Desk(DESK, 0), Desk("minutes", 1))
VOTES = (0.8, 0.7, 0.6, 0.9, 0.5, 0.4, -0.3, -0.9, -0.1)
ON = PolicyApplied("on", {"learning.head_weights": "1"})
AT_ONCE = PolicyApplied(
    "classic", {"learning.head_weights": "1", "learning.min_outcomes_for_update": "1"}
)

decide = decider.build(DESKS, ("online_learning",), service.seal())


def resolved(number: int = 1, desk: str = DESK, **other: object) -> OpportunityResolved:
    """Return an outcome that made money."""
    fields: dict[str, object] = {
        "time_ms": number * 3_600_000,
        "desk": desk,
        "opportunity": f"ASH-{number}",
        "decided_ms": number * 3_600_000 - 5,
        "signal_net": 0.01,
        "heads": VOTES,
        "outcomes": (Outcome(taken=True, reason="TP_HIT"),),
    }
    return OpportunityResolved(**(fields | other))  # type: ignore[arg-type] # fields by name


def lived(state: State, *messages: OpportunityResolved) -> tuple[State, list[Event]]:
    """Return the state after these outcomes, and what was said of them."""
    said: list[Event] = []
    for message in messages:
        events = decide(state, Window(), message, {})
        state = reduce(decider.evolve, events, state)
        said.extend(events)
    return state, said


def given(*history: Event) -> State:
    """Return what the learners believe after their own history."""
    return reduce(decider.evolve, history, State())


def of[E](kind: type[E], said: Sequence[Event]) -> list[E]:
    """Return the events of one kind."""
    return [event for event in said if isinstance(event, kind)]


def test_by_default_no_weight_is_learned() -> None:
    _, said = lived(given(), *[resolved(n) for n in range(1, 30)])
    assert {type(event) for event in said} == {OutcomeCounted}


@pytest.mark.parametrize(
    "nothing_learned",
    [
        {"heads": (0.0,) * 9},
        {"heads": ()},
        {"outcomes": ()},
        {"outcomes": (Outcome(taken=True, reason="EXPIRED"),)},
    ],
    ids=["all abstained", "the champion faulted", "nobody left", "expired"],
)
def test_what_says_not_who_was_right_changes_nothing(nothing_learned: dict[str, object]) -> None:
    state, said = lived(given(AT_ONCE), resolved(1, DESK, **nothing_learned))
    assert {type(event) for event in said} == {OutcomeCounted}
    assert state.heads == {}


def test_an_expired_signal_counts_where_the_settings_say_so() -> None:
    values = AT_ONCE.values | {"learning.count_expired": "1"}
    expired = resolved(outcomes=(Outcome(taken=True, reason="EXPIRED"),))
    _, said = lived(given(PolicyApplied("h", values)), expired)
    assert [one.version for one in of(WeightsLearned, said)] == [1]


def test_the_tenth_outcome_is_the_first_that_moves_a_weight() -> None:
    state, said = lived(given(ON), *[resolved(n) for n in range(1, 10)])
    assert of(WeightsLearned, said) == []
    assert state.heads[DESK].outcomes == 9
    state, said = lived(state, resolved(10))
    [learned] = of(WeightsLearned, said)
    assert (learned.version, learned.outcome, learned.outcomes) == (1, "ASH-10", 10)
    assert learned.weights == pytest.approx(
        (0.13, 0.125, 0.12, 0.133333, 0.115, 0.11, 0.088889, 0.088889, 0.088889), abs=5e-7
    )
    assert learned.old == EVEN
    assert learned.max_change == pytest.approx(0.2 / 9)
    assert state.heads[DESK].weights == learned.weights


def test_each_version_starts_from_the_one_before() -> None:
    _, said = lived(given(AT_ONCE), resolved(1), resolved(2, signal_net=-0.01), resolved(3))
    learned = of(WeightsLearned, said)
    assert [one.version for one in learned] == [1, 2, 3]
    assert [one.old for one in learned[1:]] == [one.weights for one in learned[:-1]]
    assert all(weights.why_not(one.weights) == "" for one in learned)


def test_a_loss_pays_the_heads_that_disagreed() -> None:
    _, said = lived(given(AT_ONCE), resolved(signal_net=0.0))  # at best even: not won
    [learned] = of(WeightsLearned, said)
    assert learned.weights[0] < 1 / 9 < learned.weights[8]


def test_desks_have_weights_of_their_own() -> None:
    state, _ = lived(given(AT_ONCE), resolved(1), resolved(2, "minutes"), resolved(3, "minutes"))
    assert {desk: held.version for desk, held in state.heads.items()} == {DESK: 1, "minutes": 2}


def test_outcomes_are_kept_for_four_weeks() -> None:
    state, _ = lived(given(ON), *[resolved(24 * day) for day in range(1, 40)])
    kept = state.heads[DESK].days
    assert sorted(kept) == list(range(12, 40))
    assert state.heads[DESK].outcomes == 39


def test_the_state_is_the_same_after_a_snapshot() -> None:
    state, _ = lived(given(AT_ONCE), resolved(1), resolved(2))
    kept = snapshot.encode(state)
    assert snapshot.decode(State, kept) == state


def test_what_is_said_is_the_same_on_the_wire() -> None:
    codec = service.build(DESKS).events
    _, said = lived(given(AT_ONCE), resolved(1))
    for event in said:
        draft = codec.encode(event)
        assert codec.decode(draft.kind, draft.value) == event


def test_an_outcome_is_kept_with_the_bar_that_its_signal_had_to_reach() -> None:
    state, said = lived(given(ON), resolved(1, confluence_min=0.4))
    assert [one.confluence_min for one in of(OutcomeJudged, said)] == [0.4]
    [seen] = [one for day in state.heads[DESK].days.values() for one in day]
    assert seen.confluence_min == 0.4


def test_a_judged_outcome_alone_moves_no_weight() -> None:
    judged = OutcomeJudged(
        DESK, "ASH-1", 1, VOTES, 0.01, taken=True, reason="TP_HIT", decided_ms=1, time_ms=2
    )
    assert heads.learn(Heads(), judged).weights == EVEN

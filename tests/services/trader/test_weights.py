"""The trader follows the learners' head weights."""

import pytest

from kingmaker.contracts import head_weights
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.trader.heard import BarClosed, ParametersRolledBack, WeightsLearned
from kingmaker.trader.said import (
    OpportunityDecided,
    OpportunityResolved,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    WeightsFollowed,
)
from tests.services.trader.desk import DESK, reigning, walk

HEAVY = (0.30, 0.0875, 0.0875, 0.0875, 0.0875, 0.0875, 0.0875, 0.0875, 0.0875)
LIGHT = HEAVY[::-1]


def learned(
    version: int = 1, of: str = DESK, time_ms: int = 7, weights: tuple[float, ...] = HEAVY
) -> WeightsLearned:
    return WeightsLearned(of, version, weights, "outcome", time_ms)


def test_weights_of_another_desk_are_not_ours() -> None:
    assert reigning().hear(learned(of="elm")) == []


def test_a_version_that_is_no_news_changes_nothing() -> None:
    rig = reigning()
    rig.hear(learned(2))
    assert rig.hear(learned(2)) == []
    assert rig.hear(learned(1)) == []


def test_a_version_is_followed_on_record() -> None:
    rig = reigning()
    assert rig.hear(learned(3)) == [WeightsFollowed(DESK, 3, HEAVY, "outcome", 7)]
    assert rig.state.weights == dict(zip(COMPONENTS, HEAVY, strict=True))


def test_the_next_decision_goes_by_the_new_weights_and_says_so() -> None:
    bars = list(walk(400))
    even, heavy = reigning(), reigning()
    heavy.hear(learned(5))
    for rig in (even, heavy):
        rig.hear_all(bars)
    first, other = even.of(OpportunityDecided)[0], heavy.of(OpportunityDecided)[0]
    assert (first.weights_version, other.weights_version) == (0, 5)
    votes = {vote.component: vote for vote in other.decisions[0].votes}
    assert first.decisions[0].votes == other.decisions[0].votes
    total = sum(w * votes[name].confidence for name, w in zip(COMPONENTS, HEAVY, strict=True))
    agreeing = sum(
        w * votes[name].confidence
        for name, w in zip(COMPONENTS, HEAVY, strict=True)
        if votes[name].agrees
    )
    assert other.decisions[0].consensus == pytest.approx(agreeing / total)


def test_what_is_resolved_repeats_the_votes_of_the_champion() -> None:
    rig = reigning()
    bars: list[BarClosed] = list(walk(400))
    rig.hear_all(bars)
    decided = {one.opportunity: one.decisions[0].votes for one in rig.of(OpportunityDecided)}
    resolved = rig.of(OpportunityResolved)
    assert resolved
    for one in resolved:
        assert one.heads == tuple(
            vote.confidence if vote.agrees else -vote.confidence
            for vote in decided[one.opportunity]
        )


def weekly(version: int = 1) -> WeightsLearned:
    return WeightsLearned(DESK, version, HEAVY, "weekly", 7)


def test_the_weights_before_a_weekly_change_decide_on_beside_the_new_ones() -> None:
    bars = list(walk(900))
    rig = reigning()
    rig.hear_all(bars[:450])
    change, followed = rig.hear(weekly())
    assert isinstance(change, ParameterChanged)
    assert isinstance(followed, WeightsFollowed)
    assert (change.cause, change.actor) == ("weekly", "learners")
    assert head_weights.from_texts(change.new) == HEAVY
    reference = rig.state.branches[change.canary].weights
    assert reference == dict.fromkeys(COMPONENTS, 1.0 / 9.0)
    rig.hear(learned(2))  # an outcome moves the weights in force, not those that they are held to
    assert rig.state.branches[change.canary].weights == reference
    pairs = [pair for pair in rig.hear_all(bars[450:]) if isinstance(pair, PairResolved)]
    assert {pair.trial for pair in pairs} == {change.canary}


def test_weights_go_back_when_their_watch_says_so() -> None:
    rig = reigning()
    rig.hear_all(list(walk(450)))
    [change, _] = rig.hear(weekly())
    assert isinstance(change, ParameterChanged)
    [restored] = rig.hear(ParametersRolledBack(change.change, change.old, "canary", 9))
    assert isinstance(restored, ParametersRestored)
    assert rig.state.weights == dict.fromkeys(COMPONENTS, 1.0 / 9.0)
    assert not rig.state.branches


def test_after_weights_went_back_a_decision_names_the_version_that_decided_it() -> None:
    bars = list(walk(900))
    rig = reigning()
    rig.hear(learned(3, weights=LIGHT))
    rig.hear_all(bars[:450])
    change, _ = rig.hear(weekly(4))
    assert isinstance(change, ParameterChanged)
    rig.hear(learned(5))  # outcomes go on from the changed ones
    rig.hear(ParametersRolledBack(change.change, change.old, "canary", 9))
    after = [one for one in rig.hear_all(bars[450:]) if isinstance(one, OpportunityDecided)]
    assert {one.weights_version for one in after} == {3}
    assert rig.state.weights == dict(zip(COMPONENTS, LIGHT, strict=True))
    rig.hear(learned(6, weights=LIGHT))  # the learners' answer to it: the same, as a new version
    assert rig.state.weights_version == 6


def test_a_desk_that_does_not_trade_yet_has_nothing_to_hold_new_weights_to() -> None:
    assert [type(event) for event in reigning().hear(weekly())] == [WeightsFollowed]

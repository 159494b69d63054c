"""What patterns and the ensemble learn of a trade, and when: the hour weighs, an outcome moves."""

from collections import Counter
from dataclasses import replace
from functools import reduce

import pytest

from kingmaker.contracts.desks import slot_of
from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.revisions.hedge import FLOOR
from kingmaker.trader import revisions
from kingmaker.trader.heard import ApplyPolicy, BarClosed, ChampionCrowned
from kingmaker.trader.said import (
    ChallengerWarmed,
    ModelRevised,
    OpportunityDecided,
    OpportunityResolved,
    UpdateRuleLoaded,
)
from kingmaker.trader.state import State
from tests.services.trader.desk import DESK, FREE, HOUR, Rig, reigning
from tests.services.trader.hourly import ON, WALK, challenge, knowing, learning, small

DAY = 24 * HOUR
ENSEMBLE, LIBRARY = "model_ensemble-r1", "pattern_recognition-r1"
SMALL = small(WALK)


def hours(rig: Rig, learner: str = ENSEMBLE) -> list[ModelRevised]:
    return [one for one in rig.of(ModelRevised) if one.learner == learner and one.hour_ms]


def taught(rig: Rig, learner: str) -> list[ModelRevised]:
    return [one for one in rig.of(ModelRevised) if one.learner == learner and not one.hour_ms]


@pytest.mark.parametrize("bars", [WALK, SMALL], ids=["hours", "minutes"])
def test_a_market_day_has_24_rebalances(bars: list[BarClosed]) -> None:
    rig = learning(bars)
    rig.hear_all(bars)
    last_ms = bars[-1].close_ms
    found = [event.hour_ms for event in hours(rig)]
    assert found == list(range(HOUR, last_ms - last_ms % HOUR + 1, HOUR))
    days = Counter((hour_ms - 1) // DAY for hour_ms in found)
    assert {days[day] for day in range(last_ms // DAY)} == {24}


def test_trades_are_remembered_and_weigh_when_the_hour_is_over() -> None:
    rig = learning(SMALL)
    weights: dict[int, set[tuple[object, ...]]] = {}
    for bar in SMALL:
        before = rig.state
        rig.hear(bar)
        of_it = [q for q in rig.asked if q.key == "champion/model_ensemble"]
        for question in of_it:
            found = (*question.inputs["w_cloud"], *question.inputs["w_local"])
            assert found == (
                revisions.vector_of(before, ENSEMBLE) or (0.0, 0.0, 1 / 3, 1 / 3, 1 / 3)
            )
            weights.setdefault((bar.close_ms - 1) // HOUR, set()).add(found)
            assert not question.revision, "they are inputs of its signature"
        rig.asked.clear()
    asked = [each for each in weights.values() if each]
    assert len(asked) > 10
    assert len(set.union(*asked)) > 10, "from hour to hour they move"
    assert {len(each) for each in asked} == {1}, "within an hour they stay"
    assert [one.opportunity for one in taught(rig, ENSEMBLE)] == [
        one.opportunity for one in rig.of(OpportunityResolved)
    ]


def test_the_score_that_knows_gains_and_none_falls_below_its_floor() -> None:
    rig = learning()
    rig.hear_all(WALK)
    rows = [event.row for event in hours(rig)]
    assert all(sum(row) == pytest.approx(1.0) for row in rows), "the cloud is empty, and cedes all"
    assert all(min(row[2:]) >= FLOOR for row in rows)
    cloud_1, cloud_2, pattern, online, s15 = rows[-1]
    assert cloud_1 == cloud_2 == 0.0
    assert pattern > 0.6
    assert max(s15, online) < 0.2
    first, *_, last = rig.of(OpportunityDecided)
    blend = 1
    assert first.judged[blend] != 0.0
    assert last.revisions["champion/model_ensemble"] > 400


def test_the_twin_blends_by_even_weights_for_as_long_as_it_decides() -> None:
    rig = learning()
    twins = [event.trial for event in rig.of(ChallengerWarmed) if event.frozen]
    assert twins == ["twin-model_ensemble-r1", "twin-pattern_recognition-r1"]
    rig.hear_all(WALK)
    own = [q for q in rig.asked if q.key == "twin-model_ensemble-r1/model_ensemble"]
    assert {q.inputs["w_local"] for q in own} == {(1 / 3, 1 / 3, 1 / 3)}
    assert len(own) > 10


def test_a_bar_after_hours_without_any_weighs_once_for_all_of_them() -> None:
    rig = learning()
    rig.hear_all(WALK[:100])
    later = [replace(bar, open_ms=bar.open_ms + 30 * HOUR) for bar in WALK[100:103]]
    rig.hear_all(later)
    last = [event.hour_ms // HOUR for event in hours(rig)][-4:]
    assert last == [100, 131, 132, 133]


def test_of_symbols_that_close_together_the_first_weighs_for_all() -> None:
    rig = learning()
    for bar in WALK[:50]:
        rig.hear_all([bar, replace(bar, symbol="ELM")])
    assert [event.hour_ms // HOUR for event in hours(rig)] == list(range(1, 51))


def test_an_outcome_moves_the_pattern_that_the_window_was_and_no_other_trade_teaches() -> None:
    rig = learning()
    rig.hear_all(WALK)
    resolved = {event.opportunity: event for event in rig.of(OpportunityResolved)}
    decided = {event.opportunity: event for event in rig.of(OpportunityDecided)}
    events = taught(rig, LIBRARY)
    known = [name for name in resolved if "champion" in decided[name].patterns]
    assert sorted(event.opportunity for event in events) == sorted(known), "each once"
    assert 5 < len(known) < len(resolved)
    for event in events:
        trade = resolved[event.opportunity]
        assert event.row == (float(decided[event.opportunity].patterns["champion"]),)
        assert event.label == pytest.approx(
            min(max(trade.direction * trade.signal_net / trade.risk, -5.0), 5.0)
        )
    assert not hours(rig, LIBRARY)


def hurried(question: Question) -> Answer | Fault:
    """Leave after two bars at the latest; the challenger stays as long as it may."""
    if question.key == "champion/pm_optimizer":
        return Answer({"exit_params": (1.0, 0.0, 2.0)})
    return knowing(WALK)(question)


@pytest.mark.parametrize("learner", [ENSEMBLE, LIBRARY])
def test_a_trade_teaches_once_although_another_branch_stays_in_for_many_bars(learner: str) -> None:
    rig = learning(ask=hurried)
    challenge(rig, "pm_optimizer", 3)
    rig.hear_all(WALK)
    ends = {event.opportunity: event.time_ms for event in rig.of(OpportunityResolved)}
    events = taught(rig, learner)
    waited = [one for one in events if ends.get(one.opportunity, 0) > one.time_ms + HOUR]
    assert len(waited) > 5, "others stayed in after it had taught"
    lessons = Counter(event.opportunity for event in events)
    assert set(lessons.values()) == {1}


def test_costs_are_taken_out_of_what_followed_a_pattern() -> None:
    values = {**ON, "costs.fee_bp": "100"}
    free, dear = learning(), learning(values=values)
    for rig in (free, dear):
        rig.hear_all(WALK)
    labels = [[event.label for event in taught(rig, LIBRARY)] for rig in (free, dear)]
    assert labels[0] == pytest.approx(labels[1], abs=0.2)
    rewards = [[event.label for event in taught(rig, ENSEMBLE)] for rig in (free, dear)]
    assert max(rewards[1]) < max(rewards[0]) - 0.5


def test_the_next_window_is_asked_about_by_what_moved_and_the_twin_is_not() -> None:
    rig = learning()
    for bar in WALK:
        before = rig.state
        rig.hear(bar)
        for question in rig.asked:
            expected = (
                revisions.vector_of(before, LIBRARY)
                if question.key == "champion/pattern_recognition"
                else ()
            )
            assert question.revision == expected
        rig.asked.clear()
    assert rig.state.learners[LIBRARY].revision > 5


@pytest.mark.parametrize(
    ("component", "number", "own"),
    [("model_ensemble", 1, ENSEMBLE), ("pattern_recognition", 2, LIBRARY)],
)
def test_a_challenger_learns_of_its_own_and_changes_nothing_of_the_champion(
    component: str, number: int, own: str
) -> None:
    alone, together = learning(), learning()
    name = challenge(together, component, number)
    alone.hear_all(WALK)
    together.hear_all(WALK)
    champions = [
        [one for one in rig.of(ModelRevised) if one.learner in (ENSEMBLE, LIBRARY)]
        for rig in (alone, together)
    ]
    assert champions[0] == champions[1]
    mine = [one for one in together.of(ModelRevised) if one.learner == name]
    assert [one.revision for one in mine] == list(range(1, len(mine) + 1))
    assert len(mine) > 5
    theirs = {one.revised for one in together.of(ModelRevised) if one.learner == own}
    assert theirs.isdisjoint({one.revised for one in mine})
    decisions = [
        [(e.opportunity, e.decisions[0]) for e in rig.of(OpportunityDecided)]
        for rig in (alone, together)
    ]
    assert decisions[0] == decisions[1]


def test_what_was_earned_goes_with_the_ensemble_to_the_crown() -> None:
    rig = learning()
    name = challenge(rig, "model_ensemble", 1)
    rig.hear_all(WALK[:200])
    crown = ChampionCrowned(
        slot_of("model_ensemble", DESK), "v1.1.0-trained", "digest-x1", 2, "promoted", 0, name
    )
    before = rig.state.learners
    rig.hear(crown)
    assert rig.state.learners == before
    rig.hear_all(WALK[200:])
    for learner in (name, ENSEMBLE):
        found = [event.hour_ms // HOUR for event in hours(rig, learner)]
        assert found == list(range(1, 501)), "nobody misses an hour, whoever reigns"


def test_switched_off_nothing_moves_and_on_again_it_goes_on_from_there() -> None:
    rig = learning()
    rig.hear_all(WALK[:200])
    learned = rig.state.learners
    rig.hear(ApplyPolicy("off", FREE))
    rig.asked.clear()
    rig.hear_all(WALK[200:300])
    assert rig.state.learners == learned
    for question in rig.asked:
        assert not question.revision
        assert question.inputs.get("w_local", (1 / 3, 1 / 3, 1 / 3)) == (1 / 3, 1 / 3, 1 / 3)
    assert all(not e.patterns for e in rig.of(OpportunityDecided) if e.time_ms > 200 * HOUR)
    rig.hear(ApplyPolicy("on", ON))
    rig.hear_all(WALK[300:])
    assert [event.hour_ms // HOUR for event in hours(rig)][199:202] == [200, 301, 302]


def test_off_as_shipped_a_desk_says_what_it_always_said() -> None:
    rig, plain = learning(values=FREE), reigning(knowing(WALK), FREE)
    for bar in WALK:
        rig.hear(bar)
        plain.hear(bar)
    assert [e for e in rig.said if not isinstance(e, UpdateRuleLoaded)] == plain.said


def test_a_replay_leads_to_the_same_digests_and_a_snapshot_keeps_them() -> None:
    rig = learning(SMALL)
    challenge(rig, "model_ensemble", 1)
    challenge(rig, "pattern_recognition", 2)
    rig.hear_all(SMALL)
    state = reduce(rig.service.evolve, rig.said, Rig().state)
    assert state == rig.state
    assert snapshot.decode(State, snapshot.encode(rig.state)) == rig.state
    assert len({one.fingerprint for one in state.learners.values()}) == 4


def test_an_hour_with_other_weights_than_were_earned_stops_a_replay() -> None:
    rig = learning()
    rig.hear_all(WALK[:150])
    lost = taught(rig, ENSEMBLE)[0]
    other = [replace(one, label=-one.label) if one is lost else one for one in rig.said]
    with pytest.raises(AssertionError, match="its update rule was edited"):
        reduce(rig.service.evolve, other, Rig().state)

"""Settings that change while a desk trades: what is said, what is kept, how it goes back."""

from dataclasses import replace

import pytest

from kingmaker.evidence.defaults import CANARY_PARAMETERS, CANARY_RULE
from kingmaker.kernel.service import Answer, Question
from kingmaker.trader.heard import ApplyPolicy, ChampionCrowned, ParametersRolledBack
from kingmaker.trader.policy import Policy
from kingmaker.trader.said import (
    ChampionActivated,
    OpportunityDecided,
    OpportunityResolved,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    PolicyApplied,
)
from kingmaker.trader.serving import models
from tests.services.trader.desk import (
    DESK,
    FREE,
    Rig,
    bootstrap,
    component_in,
    digest_of,
    reigning,
    tried,
    walk,
)

WALK = list(walk(500))
CANARY = "canary-parameters-c0001"
SHORT = ApplyPolicy("short", {**FREE, "exits.max_holding": "2"}, "ada")
BACK = ParametersRolledBack(f"c-0001@{DESK}", {"exits.max_holding": "12"}, "canary", 7)


def trading(bars: int = 250) -> Rig:
    """Return a desk that has decided opportunities."""
    rig = reigning()
    rig.hear_all(WALK[:bars])
    assert rig.of(OpportunityDecided)
    return rig


def doubtful(question: Question) -> Answer:
    """Answer as the bootstrap does, with one head that disagrees a little."""
    if component_in(question) == "model_ensemble":
        return Answer({"score": (-0.1,)})
    return bootstrap(question)


def test_a_desk_that_does_not_trade_yet_just_takes_its_settings() -> None:
    rig = reigning()
    assert rig.hear(SHORT) == [PolicyApplied("short", SHORT.values, "ada")]
    assert not rig.state.branches


def test_a_change_is_said_with_old_and_new_and_the_set_before_is_kept() -> None:
    rig = trading()
    changed, applied = rig.hear(SHORT)
    assert isinstance(changed, ParameterChanged)
    assert (changed.change, changed.number) == (f"c-0001@{DESK}", 1)
    assert (changed.old, changed.new) == (
        {"exits.max_holding": "12"},
        {"exits.max_holding": "2"},
    )
    assert (changed.actor, changed.cause, changed.canary) == ("ada", "settings", CANARY)
    assert (changed.canary_rule, changed.canary_parameters) == (CANARY_RULE, CANARY_PARAMETERS)
    assert isinstance(applied, PolicyApplied)
    steps = rig.state.branches[CANARY].steps
    assert steps is not None
    assert (steps.max_holding, rig.state.policy.max_holding) == (12, 2)
    assert "" not in models(rig.state), "it needs no model of its own"


def test_costs_are_facts_and_no_change_of_parameters() -> None:
    rig = trading()
    [applied] = rig.hear(ApplyPolicy("dear", {**FREE, "costs.fee_bp": "9"}, "ada"))
    assert isinstance(applied, PolicyApplied)


def test_the_set_before_decides_on_and_its_pairs_are_resolved() -> None:
    rig = trading()
    rig.hear(SHORT)
    asked = len(rig.asked)
    rig.hear_all(WALK[250:])
    for decided in [d for d in rig.of(OpportunityDecided) if CANARY in _branches(d)]:
        by_branch = {one.branch: one for one in decided.decisions}
        assert by_branch["champion"].time_bars == 2
        assert by_branch[CANARY].time_bars == 12
    pairs = [pair for pair in rig.of(PairResolved) if pair.trial == CANARY]
    assert [pair.counted for pair in pairs][-1]
    assert pairs[-1].slot == f"parameters@{DESK}"
    assert any(pair.champion.net != pair.challenger.net for pair in pairs)
    assert not [q for q in rig.asked[asked:] if CANARY in q.key], "it asks nothing of its own"


def test_a_confluence_that_nobody_reaches_stays_out_beside_the_set_before() -> None:
    rig = reigning(doubtful)
    rig.hear_all(WALK[:250])
    rig.hear(ApplyPolicy("strict", {**FREE, "signals.confluence_min": "1"}, "ada"))
    rig.hear_all(WALK[250:])
    refused = [
        decided
        for decided in rig.of(OpportunityDecided)
        if not decided.decisions[0].taken
        and any(one.branch == CANARY and one.taken for one in decided.decisions)
    ]
    assert refused


def test_what_is_resolved_repeats_the_bar_that_its_signal_had_to_reach() -> None:
    rig = reigning()
    for at, bar in enumerate(("0.7", "0.4", "1")):
        rig.hear(ApplyPolicy(bar, {**FREE, "signals.confluence_min": bar}, "ada"))
        rig.hear_all(WALK[200 * at : 200 * at + 200])
    bars = {one.opportunity: one.confluence_min for one in rig.of(OpportunityDecided)}
    assert set(bars.values()) == {0.7, 0.4, 1.0}
    resolved = rig.of(OpportunityResolved)
    assert [one.confluence_min for one in resolved] == [bars[one.opportunity] for one in resolved]


def test_each_set_is_resolved_by_its_own_terms() -> None:
    rig = trading()
    rig.hear(ApplyPolicy("near", {**FREE, "outcomes.price_tolerance": "0.01"}, "ada"))
    rig.hear_all(WALK[250:])
    decided = rig.of(OpportunityDecided)[-1]
    tolerances = {one.branch: one.price_tolerance for one in decided.decisions}
    assert tolerances == {"champion": 0.01, CANARY: 0.001}
    outcomes = [
        {one.branch: one.full_net for one in resolved.outcomes}
        for resolved in rig.of(OpportunityResolved)
    ]
    assert any(one.get(CANARY, one["champion"]) != one["champion"] for one in outcomes)


def test_the_rollback_restores_the_set_before_and_ends_its_branch() -> None:
    rig = trading()
    rig.hear(SHORT)
    [restored] = rig.hear(BACK)
    assert isinstance(restored, ParametersRestored)
    assert (restored.change, restored.trigger, restored.canary) == (BACK.change, "canary", CANARY)
    assert rig.state.policy == Policy.from_values(FREE)
    assert not rig.state.branches
    assert not rig.hear(BACK), "once"
    assert not rig.hear(SHORT), "the file is the same as before"


def test_what_else_the_same_settings_said_stays() -> None:
    rig = trading()
    rig.hear(replace(SHORT, values={**SHORT.values, "costs.fee_bp": "9"}))
    rig.hear(BACK)
    assert (rig.state.policy.max_holding, rig.state.policy.fee_bp) == (12, 9.0)


def test_a_second_change_takes_the_place_of_the_first() -> None:
    rig = trading()
    rig.hear(SHORT)
    changed, _ = rig.hear(ApplyPolicy("six", {**FREE, "exits.max_holding": "6"}, "bob"))
    assert isinstance(changed, ParameterChanged)
    assert (changed.number, changed.old) == (2, {"exits.max_holding": "2"})
    assert list(rig.state.branches) == ["canary-parameters-c0002"]
    assert not rig.hear(BACK), "the first is over"


def test_a_crown_elsewhere_leaves_the_set_before_deciding_with_the_new_lineup() -> None:
    rig = trading()
    rig.hear(SHORT)
    tried(rig)
    slot = f"online_learning@{DESK}"
    rig.hear(ChampionCrowned(slot, "v1.1.0-trained", "digest-x1", 2, "promoted", 0))
    assert rig.of(ChampionActivated)[-1].reign == 2
    assert CANARY in rig.state.branches
    rig.hear_all(WALK[250:])
    decided = rig.of(OpportunityDecided)[-1]
    assert CANARY in _branches(decided)


def test_the_account_does_not_notice_that_the_set_before_decides_on() -> None:
    with_branch, without = trading(), trading()
    with_branch.hear(SHORT)
    without.hear(SHORT)
    without.hear(replace(BACK, change="none"))
    without.state = replace(without.state, branches={})
    for bar in WALK[250:]:
        with_branch.hear(bar)
        without.hear(bar)
    firsts = [[d.decisions[0] for d in r.of(OpportunityDecided)] for r in (with_branch, without)]
    assert firsts[0] == firsts[1]
    assert with_branch.state.equity == without.state.equity


@pytest.mark.parametrize("value", ["0", "97", "many"])
def test_a_value_out_of_its_range_stops_the_start(value: str) -> None:
    rig = trading()
    with pytest.raises(ValueError, match=r"exits\.max_holding"):
        rig.hear(ApplyPolicy("bad", {"exits.max_holding": value}, "ada"))
    assert digest_of("cvar_ppo") in models(rig.state)


def _branches(decided: OpportunityDecided) -> set[str]:
    return {*decided.same, *[one.branch for one in decided.decisions]}

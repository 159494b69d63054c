"""A model learns from each of its own trades: one trade, one revision, whoever reigns."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kingmaker.contracts.desks import slot_of
from kingmaker.evidence.defaults import PARAMETERS, RULE
from kingmaker.kernel import snapshot
from kingmaker.revisions.rules import discover
from kingmaker.trader import revisions
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import (
    ApplyPolicy,
    ChampionCrowned,
    ChampionRolledBack,
    ModelLoaded,
    TrialClosed,
)
from kingmaker.trader.said import (
    ChallengerDropped,
    ChallengerWarmed,
    ChampionActivated,
    ModelRevised,
    OpportunityDecided,
    OpportunityResolved,
    PairResolved,
    RevisionRefused,
    UpdateRuleLoaded,
)
from kingmaker.trader.state import State
from tests.revisions.declarations import logistic
from tests.services.trader import learning as desk
from tests.services.trader.desk import DESK, FREE, Rig, digest_of, reigning, trial, walk
from tests.services.trader.learning import ON, challenge, learning, loaded

WALK = list(walk(500))
SLOT = slot_of("online_learning", DESK)
OWN, BANDITS = "online_learning-r1", "neural_ucb-r1"
CROWN = ChampionCrowned(SLOT, "v1.1.0-trained", "digest-x1", 2, "promoted", 0, f"t-0001@{DESK}")
BACK = ChampionRolledBack(SLOT, "v1.0.0-bootstrap", digest_of("online_learning"), 3, 0)


def revised(rig: Rig, learner: str) -> list[ModelRevised]:
    return [event for event in rig.of(ModelRevised) if event.learner == learner]


def champions(rig: Rig) -> list[object]:
    """Return all that the champion decided and learned, without what tells of others."""
    decided = [(e.opportunity, e.decisions[0], e.features) for e in rig.of(OpportunityDecided)]
    learned = [e for e in rig.of(ModelRevised) if e.learner in (OWN, BANDITS)]
    return [*decided, *learned]


def test_one_trade_is_one_revision_of_what_it_was_decided_by() -> None:
    rig = learning()
    rig.hear_all(WALK)
    resolved = {event.opportunity: event for event in rig.of(OpportunityResolved)}
    for name in (OWN, BANDITS):
        events = revised(rig, name)
        assert [event.opportunity for event in events] == sorted(
            resolved, key=lambda o: (resolved[o].time_ms, resolved[o].decided_ms)
        )
        assert [event.revision for event in events] == list(range(1, len(resolved) + 1))
    for event in revised(rig, OWN):
        trade = resolved[event.opportunity]
        assert (event.row, event.label) == (trade.setup, float(trade.signal_net > 0.0))
        assert event.strategy == trade.strategy
    for event in revised(rig, BANDITS):
        trade = resolved[event.opportunity]
        width = len(trade.contexts) // 5
        assert event.row == trade.contexts[trade.arm * width : (trade.arm + 1) * width]
        assert event.label == min(max(trade.signal_net / trade.risk, -5.0), 5.0)
    assert len(resolved) > 20


def test_the_next_decision_is_by_the_revision_and_says_so() -> None:
    rig = learning()
    said = {"champion/online_learning": 0, "champion/neural_ucb": 0}
    for bar in WALK:
        before = rig.state
        for event in rig.hear(bar):
            if isinstance(event, OpportunityDecided):
                expected = {key: number for key, number in said.items() if number}
                assert event.revisions == expected
        for question in rig.asked:
            name = {"champion/online_learning": OWN, "champion/neural_ucb": BANDITS}.get(
                question.key
            )
            assert question.revision == (revisions.vector_of(before, name) if name else ())
        rig.asked.clear()
        said |= {
            "champion/online_learning": rig.state.learners[OWN].revision,
            "champion/neural_ucb": rig.state.learners[BANDITS].revision,
        }
    assert min(said.values()) > 20


def test_switched_off_nothing_is_learned_and_nobody_is_asked_otherwise() -> None:
    rig, plain = learning(FREE), reigning(desk.answering, FREE)
    for bar in WALK:
        rig.hear(bar)
        plain.hear(bar)
    assert not rig.of(ModelRevised)
    assert [e for e in rig.said if not isinstance(e, UpdateRuleLoaded)] == plain.said
    assert not any(question.revision for question in rig.asked)


def test_a_model_that_declares_nothing_decides_as_ever() -> None:
    rig = reigning(desk.answering, ON)
    rig.hear_all(WALK)
    assert not rig.of(ModelRevised)
    assert not rig.state.declared


@pytest.mark.parametrize("rule", ["guess@9", "neural_ucb@1"])
def test_a_rule_that_does_not_fit_is_not_kept(rule: str) -> None:
    rig = reigning(values=ON)
    rig.hear(trial())
    said = rig.hear(ModelLoaded("digest-x1", 0, rule, {}, (1.0,)))
    assert [type(event) for event in said] == [ChallengerWarmed]
    assert not rig.state.learners


def test_challengers_change_nothing_of_what_the_champion_learns_and_decides() -> None:
    alone, together = learning(), learning()
    challenge(together, 1)
    challenge(together, 2)
    alone.hear_all(WALK)
    together.hear_all(WALK)
    assert champions(alone) == champions(together)
    assert len(revised(together, f"t-0001@{DESK}")) > 20


def test_a_challenger_learns_of_its_own_and_not_of_who_else_decides() -> None:
    alone, together = learning(), learning()
    for rig in (alone, together):
        challenge(rig, 1)
    challenge(together, 2)
    alone.hear_all(WALK)
    together.hear_all(WALK)
    name = f"t-0001@{DESK}"
    assert revised(alone, name) == revised(together, name)
    assert {e.revised for e in revised(together, name)}.isdisjoint(
        {e.revised for e in revised(together, f"t-0002@{DESK}")}
    )


def test_what_was_learned_goes_with_the_model_to_the_crown_and_back() -> None:
    rig = learning()
    trial = challenge(rig)
    rig.hear_all(WALK[:200])
    before = rig.state.learners
    said = rig.hear(CROWN)
    assert any(isinstance(event, ChampionActivated) for event in said)
    assert rig.state.learners == before
    assert rig.state.learning["online_learning"] == trial
    [canary] = [b for b in rig.state.branches.values() if b.is_canary]
    assert canary.learner == OWN
    rig.hear_all(WALK[200:350])
    after = rig.state.learners
    for name in (trial, OWN):
        numbers = [event.revision for event in revised(rig, name)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert after[name].revision > before[name].revision
    rig.hear(BACK)
    assert rig.state.learning["online_learning"] == OWN
    assert rig.state.learners[OWN] == after[OWN]
    rig.hear_all(WALK[350:])
    assert rig.state.learners[OWN].revision > after[OWN].revision


def test_a_trade_teaches_whoever_decided_it_not_whoever_reigns_when_it_ends() -> None:
    rig = learning()
    trial = challenge(rig)
    bars = iter(WALK)
    for bar in bars:
        rig.hear(bar)
        if rig.state.open and len(rig.of(ModelRevised)) > 20:
            break
    open_then = {item.decided.opportunity for item in rig.state.open}
    rig.hear(CROWN)
    rig.hear_all(list(bars))
    for opportunity in open_then:
        branches = {
            e.learner: e.branch for e in rig.of(ModelRevised) if e.opportunity == opportunity
        }
        assert branches[OWN] == "champion"
        assert branches[trial] == trial


def test_an_older_model_that_is_loaded_anew_begins_as_it_was_exported() -> None:
    rig = learning()
    rig.hear_all(WALK[:200])
    rig.hear(ChampionRolledBack(SLOT, "v0.9.0-trained", "digest-x2", 2, 0))
    rig.hear(loaded("digest-x2"))
    name = rig.state.learning["online_learning"]
    assert (name, rig.state.learners[name].revision) == ("online_learning-r2", 0)


def test_a_champion_that_learns_has_a_twin_that_does_not() -> None:
    rig = learning()
    twins = [event for event in rig.of(ChallengerWarmed) if event.frozen]
    assert [event.trial for event in twins] == ["twin-neural_ucb-r1", "twin-online_learning-r1"]
    for twin in twins:
        assert (twin.rule, twin.parameters) == (RULE, PARAMETERS)
        assert (twin.model, twin.lineup) == (twin.champion, rig.state.lineup_digest)
    rig.hear_all(WALK)
    own = [q for q in rig.asked if q.key == "twin-online_learning-r1/online_learning"]
    assert own
    assert not any(question.revision for question in own)
    assert not [event for event in rig.of(ModelRevised) if event.branch.startswith("twin")]
    pairs = [event for event in rig.of(PairResolved) if event.trial == "twin-online_learning-r1"]
    assert any(pair.counted for pair in pairs)


def test_what_is_republished_of_a_twin_says_that_it_is_none_of_the_challengers() -> None:
    """Public topics bring pairs to people who know no names: a control is no trial of anybody."""
    rig = learning()
    tried = challenge(rig)
    rig.hear_all(WALK)
    warmed = {event.trial: event.frozen for event in rig.of(ChallengerWarmed)}
    pairs = rig.of(PairResolved)
    assert {pair.trial: pair.frozen for pair in pairs} == warmed
    assert {tried, "twin-online_learning-r1", "twin-neural_ucb-r1"} == set(warmed)
    assert [trial for trial, frozen in warmed.items() if not frozen] == [tried]
    assert all(pair.frozen == warmed[pair.trial] for pair in pairs)


def test_a_twin_ends_with_the_reign_and_with_the_setting() -> None:
    rig = learning()
    challenge(rig)
    rig.hear_all(WALK[:100])
    said = rig.hear(CROWN)
    twins = [e.trial for e in said if isinstance(e, ChallengerWarmed | ChallengerDropped)]
    assert twins == [f"t-0001@{DESK}", "twin-online_learning-r1", "twin-online_learning-r2"]
    said = rig.hear(ApplyPolicy("off", {**FREE, "learning.revisions": "neural_ucb"}))
    [dropped] = [event for event in said if isinstance(event, ChallengerDropped)]
    assert dropped.trial == "twin-online_learning-r2"
    learned = rig.state.learners
    rig.asked.clear()
    rig.hear_all(WALK[100:300])
    of_it = [q for q in rig.asked if q.key.endswith("/online_learning")]
    assert of_it
    assert not any(question.revision for question in of_it), "as it was exported, at once"
    assert rig.state.learners[f"t-0001@{DESK}"] == learned[f"t-0001@{DESK}"]
    said = rig.hear(ApplyPolicy("on", ON))
    assert [e.trial for e in said if isinstance(e, ChallengerWarmed)] == ["twin-online_learning-r2"]
    rig.hear_all(WALK[300:])
    assert rig.state.learners[f"t-0001@{DESK}"].revision > learned[f"t-0001@{DESK}"].revision


def test_an_update_that_leads_nowhere_is_refused_on_record_and_the_model_goes_on() -> None:
    wild = logistic(0.05, alpha=1e30, l2=1e-30)
    rig = reigning(desk.answering, ON)
    rig.hear(trial())
    rig.hear(ModelLoaded("digest-x1", 0, wild.rule, wild.parameters, wild.numbers))
    rig.hear_all(WALK)
    name = f"t-0001@{DESK}"
    refused = [event for event in rig.of(RevisionRefused) if event.learner == name]
    assert len(refused) > 10
    assert {event.revision for event in refused} == {len(revised(rig, name))}
    assert "is the most" in refused[0].reason or "fails" in refused[0].reason
    taught = [event.opportunity for event in revised(rig, name)]
    taught += [event.opportunity for event in refused]
    assert len(taught) == len(set(taught)), "a trade is refused once"
    assert rig.state.branches[name].faults == 0


def test_an_edited_rule_stops_a_replay_instead_of_deciding_by_other_numbers() -> None:
    rig = learning()
    rig.hear_all(WALK[:150])
    event = revised(rig, OWN)[0]
    with pytest.raises(AssertionError, match="its update rule was edited"):
        replay([*rig.said[: rig.said.index(event)], replace(event, label=1.0 - event.label)])


def test_a_replay_leads_to_the_same_bits_and_a_snapshot_keeps_them() -> None:
    rig = learning()
    challenge(rig)
    rig.hear_all(WALK[:200])
    rig.hear(CROWN)
    rig.hear_all(WALK[200:])
    assert replay(rig.said) == rig.state
    content = snapshot.encode(rig.state)
    assert snapshot.decode(State, content) == rig.state
    learner = rig.state.learners[OWN]
    vector = revisions.vector_of(rig.state, OWN)
    assert learner.fingerprint == revised(rig, OWN)[-1].revised
    assert vector == discover()["ftrl_proximal@1"].vector(
        rig.state.declared[learner.digest], learner.memory
    )


def test_what_decides_no_longer_is_forgotten() -> None:
    rig = learning()
    for number in (1, 2):
        trial = challenge(rig, number)
        rig.hear(TrialClosed(trial, SLOT, "veto", 0))
        assert trial not in rig.state.learners
        assert f"digest-x{number}" not in rig.state.declared
    assert set(rig.state.learners) == {OWN, BANDITS}


def replay(said: Sequence[Event]) -> State:
    rig = Rig()
    state = rig.state
    for event in said:
        state = rig.service.evolve(state, event)
    return state

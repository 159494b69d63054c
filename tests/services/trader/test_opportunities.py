"""Opportunities: when there is one, what is recorded of it, and that challengers change nothing."""

from dataclasses import replace

import pytest

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.trader.heard import BarClosed, ChampionCrowned, ModelLoaded
from kingmaker.trader.said import (
    ChallengerFaulted,
    ChampionFaulted,
    ChampionLost,
    OpportunityDecided,
    PositionClosed,
)
from tests.services.trader.desk import (
    BOOTSTRAP,
    DESK,
    FREE,
    HOUR,
    Ask,
    Rig,
    bootstrap,
    component_in,
    digest_of,
    picky,
    reigning,
    taking,
    tried,
    walk,
)

WALK = list(walk(500))


def run(rig: Rig, bars: list[BarClosed] | None = None) -> Rig:
    """Let it live through a walk."""
    rig.hear_all(WALK if bars is None else bars)
    return rig


def failing(component: str, reply: Fault | Answer, *, in_branch: bool) -> Ask:
    """Answer as the bootstrap does, but for one component of the champion or of a branch."""

    def answer(question: Question) -> Answer | Fault:
        mine = component_in(question) == component and bool(question.branch) == in_branch
        return reply if mine else bootstrap(question)

    return answer


def test_nothing_is_asked_where_no_rule_fires_or_not_all_nine_reign() -> None:
    rig = Rig()
    for component in COMPONENTS[:8]:
        slot = slot_of(component, DESK)
        rig.hear(ChampionCrowned(slot, BOOTSTRAP, digest_of(component), 1, "bootstrap", 0))
        rig.hear(ModelLoaded(digest_of(component)))
    run(rig)
    assert not rig.asked
    assert not rig.of(OpportunityDecided)


def test_an_opportunity_is_recorded_whole() -> None:
    rig = run(reigning())
    found = rig.of(OpportunityDecided)
    assert len(found) > 25
    for decided in found:
        assert decided.opportunity == f"ASH-{decided.time_ms}"
        assert decided.bucket == decided.time_ms // (12 * HOUR)
        assert decided.lineup == rig.state.lineup_digest
        assert (len(decided.features), len(decided.setup)) == (24, 56)
        assert decided.desk == DESK
        champion = decided.decisions[0]
        assert champion.strategy in decided.fired
        assert champion.direction == decided.directions[decided.arm]
        assert champion.strategy_reason
    assert rig.rounds <= 6
    assert rig.state.opportunities == len(found)


def test_at_most_six_rounds_are_asked_with_any_challengers() -> None:
    rig = reigning(picky)
    for number, component in enumerate(COMPONENTS, 1):
        tried(rig, component, number)
    most = 0
    for bar in WALK:
        rig.hear(bar)
        most = max(most, rig.rounds)
    assert most == 5


def test_a_branch_that_decides_alike_is_only_named() -> None:
    rig = reigning()
    trial = tried(rig)
    run(rig)
    assert {decided.same for decided in rig.of(OpportunityDecided)} == {(trial,)}
    assert {len(decided.decisions) for decided in rig.of(OpportunityDecided)} == {1}


def test_a_branch_that_decides_otherwise_is_recorded() -> None:
    rig = reigning(picky)
    trial = tried(rig)
    run(rig)
    refusals = set()
    for decided in rig.of(OpportunityDecided):
        champion, mine = decided.decisions
        assert (mine.branch, decided.same) == (trial, ())
        assert champion.taken
        assert mine.taken == (mine.p_win > 0.5)
        refusals.add(mine.refusal)
    assert refusals == {"", "size"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_faulting_challenger_changes_no_bit_of_the_champions_decision(component: str) -> None:
    alone = run(reigning()).of(OpportunityDecided)
    rig = reigning(failing(component, Fault("raised"), in_branch=True))
    trial = tried(rig, component)
    run(rig)
    beside = rig.of(OpportunityDecided)
    assert [replace(d, decisions=d.decisions[:1], same=()) for d in beside] == alone
    assert {(d.decisions[1].taken, d.decisions[1].refusal) for d in beside} == {(False, "fault")}
    faults = rig.of(ChallengerFaulted)
    assert [fault.faults for fault in faults] == list(range(1, len(beside) + 1))
    assert {(f.trial, f.reason) for f in faults} == {(trial, f"{component}: raised")}


def test_removing_all_challengers_changes_no_outcome_of_the_champion() -> None:
    alone = run(reigning()).of(PositionClosed)
    rig = reigning(picky)
    for number, component in enumerate(COMPONENTS, 1):
        tried(rig, component, number)
    assert run(rig).of(PositionClosed) == alone


def test_an_answer_forgives_the_faults_before_it() -> None:
    rig = reigning(failing("online_learning", Fault("raised"), in_branch=True))
    trial = tried(rig)
    run(rig, WALK[:200])
    assert rig.state.branches[trial].faults > 0
    rig.answer = bootstrap
    run(rig, WALK[200:])
    assert rig.state.branches[trial].faults == 0


def test_a_champion_that_fails_three_times_in_a_row_is_lost_and_nothing_is_entered() -> None:
    rig = run(reigning(failing("cvar_ppo", Fault("timeout"), in_branch=False)))
    assert len(rig.of(OpportunityDecided)) == 3
    [lost] = rig.of(ChampionLost)
    slot = slot_of("cvar_ppo", DESK)
    assert lost == ChampionLost(slot, 1, digest_of("cvar_ppo"), "timeout")
    faulted = rig.of(ChampionFaulted)
    assert [(each.slot, each.reign, each.faults) for each in faulted] == [
        (slot, 1, 1),
        (slot, 1, 2),
        (slot, 1, 3),
    ]
    assert rig.said.index(faulted[-1]) + 1 == rig.said.index(lost)
    assert rig.state.lost == {"cvar_ppo"}


def test_how_many_faults_lose_a_champion_is_a_setting() -> None:
    values = {**FREE, "canary.max_faults": "5"}
    run(rig := reigning(failing("cvar_ppo", Fault("timeout"), in_branch=False), values))
    assert len(rig.of(ChampionFaulted)) == len(rig.of(OpportunityDecided)) == 5


def test_faults_that_are_not_in_a_row_lose_nobody() -> None:
    turns = 0

    def answer(question: Question) -> Answer | Fault:
        nonlocal turns
        if question.key == "champion/cvar_ppo":
            turns += 1
            return bootstrap(question) if turns % 3 == 0 else Fault("timeout")
        return bootstrap(question)

    rig = run(reigning(answer))
    assert len(rig.of(OpportunityDecided)) > 25
    assert not rig.of(ChampionLost)


def test_a_fault_of_the_champion_is_no_fault_of_the_challengers() -> None:
    rig = reigning(failing("cvar_ppo", Fault("timeout"), in_branch=False))
    tried(rig, "online_learning")
    run(rig)
    assert not rig.of(ChallengerFaulted)
    assert {len(decided.same) for decided in rig.of(OpportunityDecided)} == {1}


def test_bars_of_another_interval_are_no_opportunities_of_this_desk() -> None:
    rig = run(reigning(), WALK[:300])
    minutes = [replace(bar, symbol="ELM", interval_ms=HOUR // 12) for bar in WALK]
    spread = [replace(bar, open_ms=i * HOUR // 12) for i, bar in enumerate(minutes)]
    run(rig, spread)
    assert {decided.symbol for decided in rig.of(OpportunityDecided)} == {"ASH"}


def test_how_long_every_answer_took_is_recorded_where_it_was_measured() -> None:
    rig = reigning(taking(40, challenger_us=900))
    trial = tried(rig)
    run(rig)
    answered = {f"champion/{component}" for component in COMPONENTS}
    for decided in rig.of(OpportunityDecided):
        assert answered <= decided.latencies_us.keys()
        assert decided.latencies_us[f"{trial}/online_learning"] == 900
        others = {**decided.latencies_us, f"{trial}/online_learning": 40}
        assert set(others.values()) == {40}


def test_nothing_is_recorded_where_nothing_was_measured() -> None:
    rig = reigning(picky)
    trial = tried(rig)
    run(rig)
    assert not any(decided.latencies_us for decided in rig.of(OpportunityDecided))
    assert rig.state.branches[trial].latencies == {}

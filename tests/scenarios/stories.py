"""The stories of the transcripts: each returns its text, and asserts what must be so in it."""

from typing import Any

from kingmaker.promotion import gates
from kingmaker.promotion.said import (
    ChallengerHeld,
    ChampionCrowned,
    ChampionRolledBack,
    Frozen,
    PolicyApplied,
    TrialClosed,
    TrialOpened,
)
from tests.scenarios.session import Luck, Session, better, falling, plain
from tests.services.promotion.story import (
    BOOTSTRAP,
    OTHER,
    SLOT,
    direct,
    freeze,
    rollback,
    thaw,
)
from tests.services.promotion.test_gates_alone import CASES

EDGE = 0.25
PAIRS_MAX = 2_000


def tell_a_better_model_is_crowned() -> str:
    """Plant an edge of a quarter of a standard deviation a pair."""
    session = Session()
    session.offers("v1")
    session.hours(PAIRS_MAX, {session.trial("v1"): (plain, better(EDGE))}, ChampionCrowned)
    [crown] = session.of(ChampionCrowned)
    assert (crown.model, crown.expected, session.champion()) == ("v1", BOOTSTRAP, "v1")
    assert all(finding.passed for finding in crown.findings)
    return session.text


def tell_a_null_is_never_crowned() -> str:
    """Twenty worlds in which the challenger only trades with luck of its own."""
    lines = ["# seed, pairs, the most that ln E ever was (5.39 crowns), what held it at the end"]
    for seed in range(1, 21):
        session = Session(Luck(seed))
        session.offers("v1")
        trial = session.trial("v1")
        session.hours(1_000, {trial: (plain, better(0.0))})
        assert not session.of(ChampionCrowned)
        held = session.of(ChallengerHeld)[-1]
        assert "evidence" in held.held_by
        most = session.shadow.state.trials[trial].log_evidence_max
        lines.append(f"{seed:2} 1000 {most:.2f} {', '.join(held.held_by)}")
    return "\n".join(lines) + "\n"


def reigning() -> Session:
    """Return a desk on which a better model earned its crown and proved sound for 200 hours."""
    session = Session()
    session.offers("v1")
    session.hours(PAIRS_MAX, {session.trial("v1"): (plain, better(EDGE))}, ChampionCrowned)
    session.hours(200, {session.canary(): (better(EDGE), plain)})
    assert session.champion() == "v1"
    return session


def tell_decay_takes_the_crown_back_by_itself() -> str:
    """Turn the edge after the coronation."""
    session = reigning()
    session.remark("from here on the champion is worse than the one it dethroned")
    session.hours(1_000, {session.canary(): (better(-0.3), plain)}, ChampionRolledBack)
    [back] = session.of(ChampionRolledBack)
    assert (back.trigger, back.from_model, back.to_model) == ("canary", "v1", BOOTSTRAP)
    assert session.champion() == BOOTSTRAP
    return session.text


def tell_a_market_fall_takes_no_crown() -> str:
    """Both fall: going back would not help."""
    session = reigning()
    session.remark("from here on the market falls, and both with it")
    session.hours(600, {session.canary(): (better(EDGE, fall=0.4), falling(0.4))})
    assert not session.of(ChampionRolledBack)
    assert session.champion() == "v1"
    return session.text


def tell_a_freeze_races_a_coronation() -> str:
    """Tell the same pairs twice: the freeze stands before the verdict, and after it."""
    hours = _hours_to_the_crown()
    texts = []
    for early in (True, False):
        session = Session()
        session.offers("v1")
        pairs = {session.trial("v1"): (plain, better(EDGE))}
        session.hours(hours - early, pairs)
        session.remark(f"the freeze comes one step {'before' if early else 'after'} the verdict")
        session.order(freeze("f1"))
        session.hours(early, pairs)
        [frozen] = session.of(Frozen)
        assert bool(session.of(ChampionCrowned)) is not early
        assert (session.champion() == BOOTSTRAP) is early
        crowns = [crown.promotion for crown in session.of(ChampionCrowned)]
        assert early or frozen.last_promotion == crowns[0]
        if early:
            session.order(thaw("th1"))
            assert session.champion() == "v1", "its proof still stands"
        texts.append(session.text)
    return "\n".join(texts)


def _hours_to_the_crown() -> int:
    session = Session()
    session.offers("v1")
    session.hours(PAIRS_MAX, {session.trial("v1"): (plain, better(EDGE))}, ChampionCrowned)
    return int(session.of(ChampionCrowned)[0].pairs)


def tell_a_rollback_is_rolled_back() -> str:
    """Let a person take the crown back, and then take that back; the slot stays frozen."""
    session = reigning()
    session.order(rollback("c1", slot=SLOT, expected_champion="v1"))
    assert session.champion() == BOOTSTRAP
    session.order(rollback("c2", slot=SLOT, expected_champion="v1"))
    assert session.champion() == BOOTSTRAP, "it was meant for v1, who no longer reigns"
    session.order(rollback("c3", slot=SLOT, expected_champion=BOOTSTRAP))
    assert session.champion() == "v1"
    assert [back.reign for back in session.of(ChampionRolledBack)] == [3, 4]
    session.order(thaw("th1", SLOT))
    return session.text


def tell_two_challengers_are_ready_at_once() -> str:
    """Both wait for the thaw: the larger E times alpha is crowned, the other's trial closes."""
    session = Session()
    session.offers("v1", origin="trained")
    session.offers("v2", origin="tuned")
    trials = session.trial("v1"), session.trial("v2")
    session.order(freeze("f1"))
    pairs = {trials[0]: (plain, better(EDGE)), trials[1]: (plain, better(2 * EDGE))}
    session.hours(500, pairs)
    assert not session.of(ChampionCrowned)
    session.order(thaw("th1"))
    [crown] = session.of(ChampionCrowned)
    assert crown.model == "v2"
    reasons = {closed.trial: closed.reason for closed in session.of(TrialClosed)}
    assert reasons == {trials[0]: "other_crowned", trials[1]: "crowned"}
    return session.text


def tell_two_components_are_ready_at_once() -> str:
    """Of two slots one is crowned; the other stood on a lineup that is gone, and goes on."""
    session = Session()
    session.offers("v1")
    session.offers("w1", slot=OTHER)
    pairs = {
        session.trial("v1"): (plain, better(EDGE)),
        session.trial("w1", OTHER): (plain, better(2 * EDGE)),
    }
    session.order(freeze("f1"))
    session.hours(500, pairs)
    session.order(thaw("th1"))
    [first] = session.of(ChampionCrowned)
    assert first.slot == OTHER
    session.hours(PAIRS_MAX, pairs, ChampionCrowned)
    second = session.of(ChampionCrowned)[1]
    assert (second.slot, second.segment) == (SLOT, 2)
    assert second.lineup != first.lineup
    return session.text


def tell_another_component_is_crowned_in_the_middle() -> str:
    """Evidence and k go on; the new lineup has to show the edge too."""
    session = Session()
    session.offers("v1")
    session.offers("w1", slot=OTHER)
    trial = session.trial("v1")
    session.hours(150, {trial: (plain, better(EDGE))})
    session.order(direct("d1", slot=OTHER, model="w1"))
    session.hours(PAIRS_MAX, {trial: (plain, better(EDGE))}, ChampionCrowned)
    other, crown = session.of(ChampionCrowned)
    assert (other.slot, other.how, crown.slot, crown.segment) == (OTHER, "direct", SLOT, 2)
    assert crown.log_evidence_of_segment < crown.log_evidence
    assert session.of(TrialOpened)[0].k == crown.k
    return session.text


def tell_the_policy_changes_in_the_middle() -> str:
    """Judge a trial by what it was opened with; the crown names the policy of its own moment."""
    session = Session()
    session.offers("v1")
    [opened] = session.of(TrialOpened)
    session.hours(100, {opened.trial: (plain, better(EDGE))})
    session.apply(
        promotion__alpha="0.01",
        promotion__confidence_threshold="0.99",
        promotion__min_trades="120",
        trial__max_pairs="60",
    )
    session.hours(PAIRS_MAX, {opened.trial: (plain, better(EDGE))}, ChampionCrowned)
    session.offers("v2")
    [crown] = session.of(ChampionCrowned)
    [applied] = session.of(PolicyApplied)
    assert crown.policy_hash == applied.hash
    assert (crown.alpha, crown.k) == (opened.alpha, opened.k)
    thresholds = {finding.gate: finding.threshold for finding in crown.findings}
    assert thresholds["evidence"] == opened.log_threshold
    assert thresholds["enough_pairs"] == 120
    assert crown.pairs > 60, "its max_pairs are those it was opened with"
    return session.text


def tell_each_gate_alone_blocks() -> str:
    """Bring the same proof before each gate: all others hold."""
    lines = ["# gate: what it saw, what it asks for, of how many observations"]
    for gate in gates.discover():
        story, evidence = CASES[gate.name]()
        held: Any = story.hear(evidence)[0]
        [finding] = [one for one in held.findings if not one.passed]
        assert finding.gate == gate.name
        lines.append(
            f"{gate.name:24} {type(held).__name__:15}"
            f" {finding.value:9.4f} / {finding.threshold:9.4f} n={finding.n}"
        )
    return "\n".join(lines) + "\n"

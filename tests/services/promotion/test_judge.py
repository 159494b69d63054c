"""Anybody's two return series, judged by the production rule and gates."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.evidence.rules import Ledgers
from kingmaker.evidence.tally import Tally
from kingmaker.kernel.arithmetic import exp
from kingmaker.promotion import gates
from kingmaker.promotion.judge import BadPairError, Moment, Pair, Stream, Terms, judge
from kingmaker.promotion.policy import Policy
from tests.evidence.rules.test_two_ledgers_v1 import (
    GOLDEN,
    P_ANYTIME,
    RECORDED_DIGITS,
    golden_pairs,
)

type Returns = list[tuple[float, float]]


def better(count: int, edge: float = 0.006, seed: int = 1) -> Returns:
    """Return pairs of which the challenger is better by `edge`, in units of 0.01."""
    chance = random.Random(seed)  # noqa: S311 - not secret: the same pairs in every run
    return [(chance.gauss(0.0, 0.01), chance.gauss(edge, 0.01)) for _ in range(count)]


def test_the_golden_vector_is_judged_as_specified() -> None:
    pairs = list(golden_pairs(2000))
    verdict = judge(pairs)
    assert (verdict.rows, verdict.skipped, verdict.promoted) == (2000, 0, False)
    assert verdict.now.held_by == ("evidence",)
    assert verdict.now.ledgers.log_evidence == pytest.approx(GOLDEN[2000][2], abs=RECORDED_DIGITS)
    assert verdict.now.p_anytime == pytest.approx(P_ANYTIME, abs=1e-15)
    assert verdict.level.alpha == pytest.approx(1 / 220)
    at_five_percent = judge(pairs, alpha=0.05)
    assert at_five_percent.first is not None
    assert at_five_percent.first.row == 590
    assert judge(pairs[:589], alpha=0.05).now.ledgers.log_evidence < math.log(20)


def test_the_first_row_at_which_every_gate_holds_is_told() -> None:
    pairs = better(400)
    first = judge(pairs).first
    assert first is not None
    assert not first.held_by
    before, then = judge(pairs[: first.row - 1]), judge(pairs[: first.row])
    assert (before.promoted, then.promoted) == (False, True)
    assert then.now == then.first == first


def test_an_edge_that_fades_after_the_coronation_does_not_undo_the_verdict() -> None:
    verdict = judge([*better(400), *better(400, -0.02)])
    assert verdict.promoted
    assert "evidence" in verdict.now.held_by


def test_a_challenger_no_better_is_not_promoted() -> None:
    assert not any(judge(better(1000, 0.0, seed)).promoted for seed in range(10))


def test_rows_without_a_trade_are_no_pairs() -> None:
    pairs = better(300)
    spread = [row for pair in pairs for row in ((0.0, 0.0), pair)]
    plain, verdict = judge(pairs), judge(spread)
    assert (verdict.rows, verdict.skipped) == (600, 300)
    assert verdict.now.ledgers == plain.now.ledgers
    assert plain.first is not None
    assert verdict.first is not None
    assert (verdict.first.pair, verdict.first.row) == (plain.first.pair, 2 * plain.first.row)


def test_flags_say_what_was_a_trade_where_the_return_does_not() -> None:
    verdict = judge([Pair(0.0, 0.0, champion_taken=True, challenger_taken=False), Pair(0.0, 0.0)])
    assert (verdict.skipped, verdict.now.champion.taken, verdict.now.challenger.taken) == (1, 1, 0)


def test_a_segment_begins_the_descriptions_anew_and_the_evidence_goes_on() -> None:
    pairs = better(200)
    verdict, plain = judge(pairs, segments=[151]), judge(pairs)
    assert (verdict.segment, verdict.now.challenger.pairs, verdict.now.pair) == (1, 50, 200)
    assert verdict.now.ledgers.log_evidence == plain.now.ledgers.log_evidence
    assert verdict.now.ledgers.log_evidence_of_segment < plain.now.ledgers.log_evidence
    assert any("on this lineup" in said for said in judge(better(900), segments=[2]).sentences)


def test_a_segment_after_the_last_pair_counts_if_its_row_came() -> None:
    pairs = [*better(60), (0.0, 0.0), (0.0, 0.0)]
    assert judge(pairs, segments=[62]).now.challenger.pairs == 0
    assert judge(pairs, segments=[63]).now.challenger.pairs == 60


def test_every_gate_is_asked_or_said_not_to_be() -> None:
    verdict = judge(better(30))
    asked = [finding.gate for finding in verdict.now.findings]
    assert sorted([*asked, *verdict.unasked]) == [gate.name for gate in gates.discover()]
    assert set(verdict.unasked) >= {"no_faults", "not_frozen", "cool_down", "warmed", "naive_t"}


def test_one_row_and_none_are_no_evidence() -> None:
    for pairs in ([(0.01, 0.02)], []):
        verdict = judge(pairs)
        assert not verdict.promoted
        assert (verdict.rows, verdict.now.ledgers.log_evidence) == (len(pairs), 0.0)
        assert verdict.now.p_anytime == 1.0


def test_constant_returns_show_no_risk_scaled_edge() -> None:
    assert judge([(0.001, 0.002)] * 500).now.ledgers.log_evidence == 0.0
    assert judge([(0.001, 0.001)] * 500).now.ledgers.log_evidence == 0.0


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Pair(math.nan, 0.0), "the champion's return is nan, not a number"),
        (Pair(0.0, math.inf), "the challenger's return is inf, not a number"),
        (Pair(0.0, 0.1, challenger_taken=False), "took no trade and yet has a return of 0.1"),
    ],
)
def test_a_row_that_cannot_be_judged_is_named(bad: Pair, reason: str) -> None:
    with pytest.raises(BadPairError, match=f"^row 3: .*{reason}") as caught:
        judge([(0.1, 0.2), (0.0, 0.0), bad])
    assert caught.value.row == 3


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"alpha": 0.051}, r"alpha is 0\.051; it must be between 1e-09 and 0\.05"),
        ({"alpha": math.nan}, "alpha is nan"),
        ({"segments": (1,)}, "row numbers from 2 on"),
        ({"segments": (5, 5)}, "each larger than the one before"),
        ({"canary": 0}, "canary is 0; it must be a row number"),
        ({"parameters": {}}, "needed: half_life"),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Terms(**terms)  # type: ignore[arg-type] # wrong on purpose


def test_the_policy_sets_the_thresholds() -> None:
    pairs = better(400)
    assert judge(pairs, policy=Policy(min_trades=401)).now.held_by == ("enough_pairs",)
    strict = judge(pairs, policy=Policy(confidence_threshold=0.99))
    assert strict.level.p_max == pytest.approx(0.01)


def test_what_is_claimed_and_its_limits_are_said_in_words() -> None:
    crowned, held = judge(better(400)), judge(better(30))
    assert crowned.sentences[0].startswith(
        "Had the challenger been no better, evidence this strong"
    )
    assert "at most 0.00455 (test 1 of a budget window (e_lond))" in crowned.sentences[0]
    assert "evidence, evidence_on_this_lineup" in held.sentences[0]
    assert all(said.sentences[-1].startswith("Limits of the claim") for said in (crowned, held))


def turned(count: int, then: int, edge: float) -> Returns:
    """Return pairs of a challenger that is better at first, and then by `edge`."""
    return [*better(count, 0.004), *better(then, edge, seed=2)]


def test_a_reign_that_turns_bad_is_ended_by_the_canary() -> None:
    pairs = turned(400, 400, -0.006)
    verdict = judge(pairs, canary=401)
    assert verdict.promoted
    assert (verdict.rows, verdict.now.row, verdict.now.pair) == (800, 400, 400)
    reign = verdict.reign
    assert reign is not None
    assert (reign.began, reign.threshold) == (401, 200.0)
    assert reign.rollback is not None
    assert reign.rollback.why.startswith("canary: after")
    assert reign.rollback.row == 400 + reign.rollback.pair == 400 + reign.pairs
    assert reign.alarm is not None
    assert reign.warned is not None
    assert max(reign.warned.row, reign.alarm.row) == reign.rollback.row
    untouched = judge(pairs[: reign.rollback.row - 1], canary=401).reign
    assert untouched is not None
    assert untouched.rollback is None


def test_a_reign_that_stays_good_is_left_alone() -> None:
    reign = judge(turned(400, 400, 0.004), canary=401).reign
    assert reign is not None
    assert reign.rollback is None
    assert reign.statistic_max < reign.threshold
    assert reign.pairs == 400


def test_the_trial_ends_where_the_reign_begins() -> None:
    pairs = turned(400, 400, -0.006)
    trial, verdict = judge(pairs[:400]), judge(pairs, canary=401, segments=[500])
    assert (verdict.now, verdict.first) == (trial.now, trial.first)
    assert judge(pairs[:400], canary=401).reign is None


def test_a_return_that_no_capital_base_can_have_is_no_pair_of_a_reign() -> None:
    with pytest.raises(BadPairError, match=r"^row 2: a pair needs returns up to 1e\+06"):
        judge([(0.0, 0.1), (0.0, 2e6)], canary=1)


def test_classic_rules_say_what_they_do_not_promise_and_claim_nothing() -> None:
    naive = Policy(p_method="naive_t")
    verdicts = (judge(better(300, 0.0, seed), policy=naive) for seed in range(50))
    lucky = next(verdict for verdict in verdicts if verdict.promoted)
    assert lucky.sentences[0].startswith("Take notice: naive_t: not valid under peeking")
    assert not any("at most" in said for said in lucky.sentences)


def test_blocks_beyond_the_bound_and_trades_that_overlap_are_pointed_out() -> None:
    assert judge(better(900, 0.002)).health["mean"].alerts == ()
    walk = [(0.01 * x, math.sin(t / 7.0)) for t, (x, _) in enumerate(better(900))]
    assert any("resemble each other" in said for said in judge(walk).health["mean"].alerts)
    jumps = [(c, x + (0.5 if t % 90 == 0 else 0.0)) for t, (c, x) in enumerate(better(900))]
    assert any("beyond the bound" in said for said in judge(jumps).health["mean"].alerts)


@given(st.lists(st.tuples(*[st.floats(-0.2, 0.2)] * 2), max_size=60))
def test_p_is_one_over_the_strongest_evidence(pairs: Returns) -> None:
    verdict = judge(pairs)
    assert verdict.now.p_anytime == exp(-verdict.now.ledgers.log_evidence_max) <= 1.0


def test_evidence_beyond_all_numbers_has_a_p_of_zero() -> None:
    for log, p in ((700.0, exp(-700.0)), (700.1, 0.0)):
        assert Moment(1, 1, Ledgers(log_evidence_max=log), Tally(), Tally(), ()).p_anytime == p


def test_a_stream_can_be_asked_at_any_time() -> None:
    stream = Stream(Terms(alpha=0.05))
    for number, (champion, challenger) in enumerate(better(100), start=1):
        stream.hear(Pair(champion, challenger))
        assert stream.verdict().rows == number
    assert stream.verdict() == judge(better(100), alpha=0.05)

"""The evidence rule, held to its specification: golden numbers, scale, segments, bad input."""

import math
from collections.abc import Iterator
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.evidence import rules
from kingmaker.evidence.rules import Ledgers, two_ledgers_v1
from kingmaker.kernel.arithmetic import exp
from tests.evidence.golden import gaussians

PARAMETERS = {
    "half_life": 100.0,
    "warmup": 20.0,
    "sharpe_legs": 10.0,
    "block": 5.0,
    "bound": 10.0,
    "stake_1": 1 / 11,
    "stake_2": 1 / 22,
    "stake_3": 1 / 44,
    "share_1": 0.6,
    "share_2": 0.3,
    "share_3": 0.1,
}
GOLDEN = {
    20: (0.0, 0.0, 0.0),
    25: (0.047526903, 0.050363866, 0.047526903),
    50: (0.423897294, 0.433813695, 0.423897294),
    100: (0.744041083, 0.747277036, 0.744041083),
    500: (1.811511174, 1.857974581, 1.811511174),
    699: (3.253153479, 3.292548812, 3.253153479),
    704: (1.44888764, 1.482308632, 1.44888764),
    1000: (1.98509245, 2.085426921, 1.98509245),
    1500: (3.388115028, 3.049845049, 3.049845049),
    2000: (4.149356037, 3.9822775, 3.9822775),
}
RECORDED_DIGITS = 5.1e-10  # the golden numbers have nine decimals
P_ANYTIME = 0.00783276526246467
EVIDENCE_AT_500 = "0x1.cfbf323f1a638p+0"

type Pair = tuple[float, float]

returns = st.floats(min_value=-0.2, max_value=0.2)
streams = st.lists(st.tuples(returns, returns), min_size=1, max_size=120)


def golden_pairs(count: int) -> Iterator[Pair]:
    """Yield champion's and challenger's returns by the generator of the specification."""
    numbers = gaussians()
    for t in range(1, count + 1):
        a, b = next(numbers), next(numbers)
        x = 0.0015 + 0.01 * (0.6 * a + 0.8 * b) - (0.15 if t == 700 else 0.0)
        yield 0.0005 + 0.01 * a, x


def weigh_all(pairs: list[Pair], ledgers: Ledgers | None = None) -> Ledgers:
    """Return the ledgers after all pairs."""
    return reduce(
        lambda before, pair: two_ledgers_v1.weigh(before, PARAMETERS, *pair),
        pairs,
        ledgers or Ledgers(),
    )


def test_the_golden_vector_is_met() -> None:
    ledgers = Ledgers()
    for t, pair in enumerate(golden_pairs(2000), start=1):
        ledgers = two_ledgers_v1.weigh(ledgers, PARAMETERS, *pair)
        if t in GOLDEN:
            found = (
                ledgers.mean.log_evidence,
                ledgers.sharpe.log_evidence,
                ledgers.log_evidence,
            )
            assert found == pytest.approx(GOLDEN[t], abs=RECORDED_DIGITS, rel=0)
    assert exp(-ledgers.log_evidence_max) == pytest.approx(P_ANYTIME, abs=1e-15)


def test_every_machine_and_python_gives_these_bits() -> None:
    ledgers = weigh_all(list(golden_pairs(500)))
    assert ledgers.log_evidence.hex() == EVIDENCE_AT_500


@given(streams, st.sampled_from([1e-6, 0.125, 3.7, 1e5]))
def test_evidence_does_not_depend_on_the_unit_of_returns(pairs: list[Pair], unit: float) -> None:
    scaled = [(champion * unit, challenger * unit) for champion, challenger in pairs]
    plain, other = weigh_all(pairs), weigh_all(scaled)
    assert other.log_evidence == pytest.approx(plain.log_evidence, abs=1e-8)


@given(streams)
def test_evidence_is_finite_and_the_same_when_weighed_again(pairs: list[Pair]) -> None:
    ledgers = weigh_all(pairs)
    assert math.isfinite(ledgers.log_evidence)
    assert ledgers.log_evidence == min(ledgers.mean.log_evidence, ledgers.sharpe.log_evidence)
    assert weigh_all(pairs) == ledgers


@given(st.lists(returns, max_size=80))
def test_a_challenger_that_equals_the_champion_gathers_nothing(both: list[float]) -> None:
    assert weigh_all([(x, x) for x in both]).log_evidence == 0.0


def test_one_block_multiplies_the_evidence_by_less_than_two() -> None:
    pairs = [(0.001 * (-1) ** t, 0.001 * (-1) ** t + 0.0005) for t in range(20)]
    ledgers = weigh_all([*pairs, *[(0.0, 10.0)] * 5])
    assert ledgers.mean.clipped_above == 1
    assert 0.0 < ledgers.log_evidence < math.log(1.91)


def test_a_challenger_that_stayed_out_so_far_is_not_scaled_by_nothing() -> None:
    ledgers = weigh_all([*[(0.01 * (-1) ** t, 0.0) for t in range(30)], (0.0, 0.02), (0.01, 0.01)])
    assert math.isfinite(ledgers.sharpe.difference_square)
    assert ledgers.sharpe.log_evidence == 0.0


def test_a_stream_of_losses_does_not_leave_the_range_of_numbers() -> None:
    better = [(0.001 * (-1) ** t, 0.001 * (-1) ** t + 1e-4) for t in range(20)]
    ledgers = weigh_all([*better, *[(t + 1.0, -t * 1.1) for t in range(3000)]])
    assert -1e5 < ledgers.log_evidence < -50.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_return_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="a pair needs finite returns"):
        two_ledgers_v1.weigh(Ledgers(), PARAMETERS, 0.0, bad)
    with pytest.raises(ValueError, match="a pair needs finite returns"):
        two_ledgers_v1.weigh(Ledgers(), PARAMETERS, bad, 0.0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"half_life": math.nan}, "finite number above zero"),
        ({"block": 0.0}, "finite number above zero"),
        ({"block": 2.5}, "whole numbers"),
        ({"sharpe_legs": 20.0}, "below warmup"),
        ({"stake_1": 0.1}, "nobody may lose all"),
        ({"share_1": 0.7}, "sum to 1"),
        ({"colour": 1.0}, "needed: half_life"),
    ],
)
def test_parameters_that_make_no_sense_are_named(change: dict[str, float], reason: str) -> None:
    assert reason in two_ledgers_v1.fault({**PARAMETERS, **change})
    assert two_ledgers_v1.fault(PARAMETERS) == ""


def test_a_segment_begins_where_the_block_that_straddles_the_change_ends() -> None:
    pairs = list(golden_pairs(100))
    before = weigh_all(pairs[:43])  # three pairs into a block
    started = two_ledgers_v1.start_segment(before)
    assert started.mean.straddles
    at_end = weigh_all(pairs[43:45], started)
    assert at_end.log_evidence == weigh_all(pairs[:45]).log_evidence != before.log_evidence
    assert at_end.mean.log_evidence_at_segment == at_end.mean.log_evidence
    assert at_end.log_evidence_of_segment == 0.0
    later = weigh_all(pairs[45:], at_end)
    assert later.log_evidence == weigh_all(pairs).log_evidence  # the evidence goes on
    assert later.log_evidence_of_segment == min(
        later.mean.log_evidence - at_end.mean.log_evidence,
        later.sharpe.log_evidence - at_end.sharpe.log_evidence,
    )


def test_a_segment_that_begins_between_blocks_begins_at_once() -> None:
    at_end = weigh_all(list(golden_pairs(45)))
    started = two_ledgers_v1.start_segment(at_end)
    assert not started.mean.straddles
    assert started.mean.log_evidence_at_segment == at_end.mean.log_evidence


def test_two_changes_inside_one_block_begin_one_segment_where_the_block_ends() -> None:
    pairs = list(golden_pairs(90))
    once = two_ledgers_v1.start_segment(weigh_all(pairs[:43]))
    twice = two_ledgers_v1.start_segment(weigh_all(pairs[43:44], once))
    assert weigh_all(pairs[44:], twice) == weigh_all(pairs[43:], once)


def test_a_change_inside_the_block_after_one_between_blocks_counts_from_the_end_of_that() -> None:
    pairs = list(golden_pairs(50))
    boundary = two_ledgers_v1.start_segment(weigh_all(pairs[:45]))
    inside = two_ledgers_v1.start_segment(weigh_all(pairs[45:47], boundary))
    at_end = weigh_all(pairs[47:], inside)
    assert at_end.mean.log_evidence_at_segment == at_end.mean.log_evidence
    assert at_end.log_evidence_of_segment == 0.0 != at_end.log_evidence


def test_without_a_change_the_segment_shows_the_evidence_itself() -> None:
    ledgers = weigh_all(list(golden_pairs(300)))
    assert ledgers.log_evidence_of_segment == ledgers.log_evidence


def test_the_rule_is_found_by_its_title() -> None:
    assert rules.discover()["two_ledgers@1"] is two_ledgers_v1.RULE

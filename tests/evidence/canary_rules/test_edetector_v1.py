"""The rule that watches, held to its specification: golden numbers, bits, alarms, bad input."""

import math
from collections.abc import Iterator
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.evidence import canary_rules
from kingmaker.evidence.canary_rules import edetector_v1
from kingmaker.evidence.defaults import CANARY_PARAMETERS, CANARY_RULE, PARAMETERS
from kingmaker.evidence.detector import Detector
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Ledgers, two_ledgers_v1
from tests.evidence.golden import gaussians

THRESHOLD = 200.0
TRIAL_PAIRS, SOUND_PAIRS = 300, 400  # before the coronation, and after it until the edge turns
GOLDEN = {  # pairs of the reign: statistic, computed apart from the rule with the C library
    4: 0.0,
    5: 0.8844030707,
    50: 11.7182593131,
    400: 18.0201024554,
    405: 20.7061955744,
    500: 922.8013377319,
    600: 5919.0165442021,
}
STATISTIC_AT_500 = "0x1.cd66923c1bbd4p+9"

type Pair = tuple[float, float]

returns = st.floats(min_value=-0.2, max_value=0.2)
any_return = st.floats(min_value=-1e6, max_value=1e6)


def golden_pairs(count: int) -> Iterator[Pair]:
    """Yield the returns of the dethroned and of its challenger; the edge turns in the reign."""
    numbers = gaussians()
    for t in range(1, count + 1):
        a, b = next(numbers), next(numbers)
        x = 0.0015 + 0.01 * (0.6 * a + 0.8 * b)
        x -= 0.15 if t == 700 else 0.0
        yield 0.0005 + 0.01 * a, x - (0.006 if t > TRIAL_PAIRS + SOUND_PAIRS else 0.0)


def crowned(pairs: list[Pair]) -> Detector:
    """Return the detector of a reign that begins after a trial of these pairs."""
    ledgers = Ledgers()
    for reference, champion in pairs:
        ledgers = two_ledgers_v1.weigh(ledgers, PARAMETERS, reference, champion)
    return edetector_v1.begin(ledgers.sharpe)


def watch_all(detector: Detector, pairs: list[Pair], **changes: float) -> Detector:
    """Return the detector after all pairs."""
    parameters = {**CANARY_PARAMETERS, **changes}
    return reduce(
        lambda before, pair: edetector_v1.watch(before, parameters, pair[1], pair[0]),
        pairs,
        detector,
    )


def test_the_golden_statistic_is_met() -> None:
    pairs = list(golden_pairs(TRIAL_PAIRS + 600))
    detector = crowned(pairs[:TRIAL_PAIRS])
    for t, pair in enumerate(pairs[TRIAL_PAIRS:], start=1):
        detector = watch_all(detector, [pair])
        if t in GOLDEN:
            assert detector.statistic == pytest.approx(GOLDEN[t], rel=1e-10, abs=1e-10)


def test_every_machine_and_python_gives_these_bits() -> None:
    pairs = list(golden_pairs(TRIAL_PAIRS + 500))
    detector = watch_all(crowned(pairs[:TRIAL_PAIRS]), pairs[TRIAL_PAIRS:])
    assert detector.statistic.hex() == STATISTIC_AT_500


def test_an_edge_that_stays_raises_no_alarm_and_one_that_turns_does() -> None:
    pairs = list(golden_pairs(TRIAL_PAIRS + 600))
    sound = watch_all(crowned(pairs[:TRIAL_PAIRS]), pairs[TRIAL_PAIRS:][:SOUND_PAIRS])
    assert sound.statistic_max < THRESHOLD == edetector_v1.threshold(CANARY_PARAMETERS)
    assert watch_all(sound, pairs[TRIAL_PAIRS:][SOUND_PAIRS:]).statistic > THRESHOLD


def test_the_scales_and_the_guard_of_the_trial_go_on() -> None:
    pairs = list(golden_pairs(TRIAL_PAIRS))
    warm = crowned(pairs)
    assert warm.n == TRIAL_PAIRS
    assert warm.blocks == (TRIAL_PAIRS - 20) // 5
    assert warm.statistic == warm.block_sum == 0.0
    ledger = Ledger(n=30, challenger_square=4.0, champion_square=9.0, last_z=1.5, weight=1.0)
    begun = edetector_v1.begin(ledger)
    assert (begun.champion_square, begun.reference_square, begun.last_z) == (4.0, 9.0, -1.5)


def test_a_cold_detector_does_not_bet_on_the_first_twenty_pairs() -> None:
    pairs = list(golden_pairs(30))
    assert watch_all(Detector(), pairs[:24]).blocks == 0
    assert watch_all(Detector(), pairs[:25]).blocks == 1


def test_slack_forgives_what_it_says() -> None:
    pairs = [(0.01 * (-1) ** t, 0.01 * (-1) ** t - 0.002 * (t % 3)) for t in range(200)]
    strict, mild = watch_all(Detector(), pairs), watch_all(Detector(), pairs, slack=0.3)
    assert strict.statistic > mild.statistic
    assert strict.difference_square == mild.difference_square  # it is no part of the scale


def test_a_purse_grows_no_further_than_its_limit() -> None:
    pairs = [(0.01 + 0.001 * (t % 2), -0.01) for t in range(25_000)]
    detector = watch_all(Detector(), pairs)
    assert detector.level_2 == edetector_v1.LEVEL_MAX
    assert detector.statistic <= edetector_v1.LEVEL_MAX
    assert detector.clipped_above > 0


@given(st.lists(st.tuples(any_return, any_return), max_size=120))
def test_no_stream_of_returns_leaves_the_range_of_numbers(pairs: list[Pair]) -> None:
    detector = watch_all(Detector(), pairs)
    numbers = [float(getattr(detector, name)) for name in Detector.__slots__]
    assert all(math.isfinite(number) for number in numbers)
    assert detector.statistic >= 0.0
    assert watch_all(Detector(), pairs) == detector


@given(
    st.lists(st.tuples(returns, returns), max_size=120), st.sampled_from([1e-6, 0.125, 3.7, 1e5])
)
def test_the_statistic_does_not_depend_on_the_unit_of_returns(
    pairs: list[Pair], unit: float
) -> None:
    visible = [(round(one, 6), round(other, 6)) for one, other in pairs]
    scaled = [(one * unit, other * unit) for one, other in visible]
    plain, other = watch_all(Detector(), visible), watch_all(Detector(), scaled)
    assert other.statistic == pytest.approx(plain.statistic, rel=1e-8, abs=1e-8)


@given(st.lists(returns, max_size=80))
def test_a_champion_that_equals_its_reference_is_not_accused(both: list[float]) -> None:
    assert watch_all(Detector(), [(x, x) for x in both]).statistic == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1.1e6])
def test_a_return_that_no_capital_base_can_have_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="a pair needs returns up to"):
        edetector_v1.watch(Detector(), CANARY_PARAMETERS, bad, 0.0)
    with pytest.raises(ValueError, match="a pair needs returns up to"):
        edetector_v1.watch(Detector(), CANARY_PARAMETERS, 0.0, bad)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"half_life": math.nan}, "finite number above zero"),
        ({"alarm": 0.0}, "finite number above zero"),
        ({"slack": -0.1}, "finite number above zero"),
        ({"block": 2.5}, "whole numbers"),
        ({"sharpe_legs": 20.0}, "below warmup"),
        ({"stake_1": 0.2}, "nobody may lose all"),
        ({"share_1": 0.7}, "sum to 1"),
        ({"colour": 1.0}, "needed: half_life"),
    ],
)
def test_parameters_that_make_no_sense_are_named(change: dict[str, float], reason: str) -> None:
    assert reason in edetector_v1.fault({**CANARY_PARAMETERS, **change})
    assert edetector_v1.fault(CANARY_PARAMETERS) == ""


def test_the_rule_is_found_by_its_title() -> None:
    assert canary_rules.discover()[CANARY_RULE] is edetector_v1.RULE

"""Constructed paths and what becomes of a trade on them."""

import pytest

from kingmaker.market import exits
from kingmaker.market.exits import Leg, Terms
from kingmaker.trader.heard import BarClosed
from tests.services.trader.desk import walk

HOUR = 3_600_000
FREE = Terms(fee=0.0, impact=0.0, tolerance=0.001, max_age_ms=72 * HOUR)
LONG = Leg(
    entry_ms=0,
    interval_ms=HOUR,
    direction=1,
    stop_distance=0.02,
    target_distance=0.04,
    breakeven_r=1.0,
    trail_r=0.0,
    time_bars=4,
)
SHORT = Leg(0, HOUR, -1, 0.02, 0.04, 1.0, 0.0, 4)
TRAILING = Leg(0, HOUR, 1, 0.02, 0.10, 0.0, 1.0, 9)

type Rows = list[tuple[float, float, float, float]]


def bars(rows: Rows, begin: int = 0) -> list[BarClosed]:
    """Return hourly bars of (open, high, low, close)."""
    return [BarClosed("ASH", HOUR, (begin + i) * HOUR, *row, 1.0) for i, row in enumerate(rows)]


def end(leg: Leg, rows: Rows, terms: Terms = FREE) -> tuple[str, float, int] | None:
    """Return reason, price and hour of the exit."""
    result = exits.outcome(leg, terms, bars(rows))
    return None if result is None else (result.reason, result.exit, result.exit_ms // HOUR)


QUIET = (100.0, 100.5, 99.5, 100.0)


@pytest.mark.parametrize(
    ("name", "leg", "rows", "expected"),
    [
        ("still open", LONG, [QUIET] * 3, None),
        ("target", LONG, [QUIET, (100, 104.5, 100, 104)], ("TP_HIT", 104.0, 2)),
        ("stop", LONG, [QUIET, (100, 100, 97, 99)], ("SL_HIT", 98.0, 2)),
        ("in the bar of entry", LONG, [(100, 100, 97, 99)], ("SL_HIT", 98.0, 1)),
        ("both in one bar", LONG, [(100, 105, 97, 104)], ("SL_HIT", 98.0, 1)),
        ("opens beyond the stop", LONG, [QUIET, (95, 99, 94, 98)], ("SL_HIT", 95.0, 2)),
        ("opens beyond the target", LONG, [QUIET, (106, 107, 105, 106)], ("TP_HIT", 104.0, 2)),
        ("stop within tolerance", LONG, [QUIET, (100, 101, 98.09, 100)], ("SL_HIT", 98.09, 2)),
        ("stop beyond tolerance", LONG, [QUIET, (100, 101, 98.11, 100)], None),
        ("target within tolerance", LONG, [(100, 103.9, 99, 103)], ("TP_HIT", 103.9, 1)),
        ("target beyond tolerance", LONG, [(100, 103.89, 99, 103)], None),
        (
            "breakeven from the next bar on",
            LONG,
            [(100, 102, 99.9, 101), (101, 101, 99.5, 100)],
            ("BREAKEVEN", 100.0, 2),
        ),
        (
            "breakeven is no tolerance wide",
            LONG,
            [(100, 102, 99, 101), (101, 101, 100.01, 101)],
            None,
        ),
        ("time", LONG, [QUIET] * 4, ("TIME_EXIT", 100.0, 4)),
        ("short target", SHORT, [QUIET, (100, 100, 95, 96)], ("TP_HIT", 96.0, 2)),
        ("short stop first", SHORT, [(100, 103, 95, 96)], ("SL_HIT", 102.0, 1)),
        ("short stop within tolerance", SHORT, [(100, 101.9, 99, 100)], ("SL_HIT", 101.9, 1)),
        (
            "short breakeven",
            SHORT,
            [(100, 100.1, 98, 99), (99, 100, 98.5, 99)],
            ("BREAKEVEN", 100.0, 2),
        ),
        (
            "trailing",
            TRAILING,
            [(100, 104, 99, 104), (104, 106, 103, 106), (106, 106, 103.5, 104)],
            ("TRAILED", 104.0, 3),
        ),
        (
            "trailing waits for its first risk",
            TRAILING,
            [(100, 101.9, 99, 101), (101, 101, 98.5, 99)],
            None,
        ),
    ],
)
def test_a_path_has_one_outcome(
    name: str, leg: Leg, rows: Rows, expected: tuple[str, float, int] | None
) -> None:
    found = end(leg, rows)
    if expected is None:
        assert found is None, name
    else:
        assert found is not None, name
        assert (found[0], found[2]) == (expected[0], expected[2]), name
        assert found[1] == pytest.approx(expected[1], abs=1e-9), name


def test_a_near_level_has_a_near_tolerance() -> None:
    """0.1 % of the price would be a third of the way; the tolerance is a tenth of it."""
    tight = Leg(0, HOUR, 1, 0.003, 0.003, 0.0, 0.0, 4)
    assert end(tight, [(100, 100.1, 99.74, 100)]) is None
    assert end(tight, [(100, 100.1, 99.729, 100)]) == ("SL_HIT", 99.729, 1)


@pytest.mark.parametrize(
    ("price", "reason"),
    [(101.0, "TIME_EXIT"), (97.0, "SL_HIT"), (105.0, "TP_HIT")],
)
def test_a_trade_across_a_hole_leaves_at_the_first_price_after_it(
    price: float, reason: str
) -> None:
    rows = [*bars([QUIET]), *bars([(price, price, price, price)], begin=3)]
    result = exits.outcome(LONG, FREE, rows)
    assert result is not None
    assert (result.reason, result.exit, result.exit_ms) == (reason, price, 3 * HOUR)


def test_after_a_hole_of_three_days_it_has_expired() -> None:
    rows = [*bars([QUIET]), *bars([QUIET], begin=72)]
    result = exits.outcome(LONG, FREE, rows)
    assert result is not None
    assert (result.reason, result.exit) == ("EXPIRED", 100.0)


def test_no_exit_model_outlasts_the_greatest_age() -> None:
    patient = Leg(0, HOUR, 1, 0.02, 0.04, 0.0, 0.0, 96)
    terms = Terms(0.0, 0.0, 0.001, max_age_ms=3 * HOUR)
    assert end(patient, [QUIET] * 5, terms) == ("EXPIRED", 100.0, 3)


def test_a_trade_that_no_bar_ends_expires_at_the_last_close() -> None:
    result = exits.expired(LONG, FREE, bars([QUIET, (100, 101, 99, 100.5)]), 80 * HOUR)
    assert (result.reason, result.exit, result.exit_ms) == ("EXPIRED", 100.5, 80 * HOUR)


@pytest.mark.parametrize("leg", [LONG, SHORT])
def test_costs_are_paid_on_both_sides_and_are_always_against_us(leg: Leg) -> None:
    dear = Terms(fee=4e-4, impact=1e-4, tolerance=0.001, max_age_ms=72 * HOUR)
    free, paid = (exits.outcome(leg, terms, bars([QUIET] * 4)) for terms in (FREE, dear))
    assert free is not None
    assert paid is not None
    assert free.net == 0.0
    assert paid.net == pytest.approx(-2 * 5e-4, rel=1e-3)
    assert leg.direction * (paid.entry - 100.0) == pytest.approx(0.01)
    assert leg.direction * (paid.exit - 100.0) == pytest.approx(-0.01)


def test_excursions_are_in_units_of_risk() -> None:
    result = exits.outcome(LONG, FREE, bars([(100, 101.5, 99.0, 101), (101, 104.5, 100.5, 104)]))
    assert result is not None
    assert (result.reason, result.exit_ms) == ("TP_HIT", 2 * HOUR)
    assert (result.best_r, result.worst_r) == pytest.approx((2.0, -0.5))
    assert result.net == pytest.approx(0.04)


def test_levels_are_those_of_the_quoted_price() -> None:
    dear = Terms(fee=0.0, impact=0.01, tolerance=0.0, max_age_ms=HOUR)
    assert exits.levels(LONG, dear, 100.0) == (101.0, 98.0, 104.0)


@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize("leg", [LONG, SHORT, TRAILING])
def test_bars_that_come_later_change_no_outcome(leg: Leg, seed: int) -> None:
    rows = list(walk(12, seed))
    ends = [exits.outcome(leg, FREE, rows[:count]) for count in range(1, 13)]
    known = [result for result in ends if result is not None]
    assert known, "no trade outlasts its time"
    assert known == [known[0]] * len(known)
    assert ends[-len(known) :] == known

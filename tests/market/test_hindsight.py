"""Sentences of hindsight on constructed paths."""

import pytest

from kingmaker.market import exits, hindsight
from kingmaker.market.exits import Leg, Terms
from kingmaker.trader.heard import BarClosed

HOUR = 3_600_000
FREE = Terms(fee=0.0, impact=0.0, tolerance=0.0, max_age_ms=72 * HOUR)
LONG = Leg(0, HOUR, 1, 0.02, 0.03, 0.0, 0.0, 4)  # risk 2.00, target 103
TICK = 0.25  # a risk is 8 ticks

type Rows = list[tuple[float, float, float, float]]
# Up one risk, back to the entry, then to the target.
DETOUR: Rows = [
    (100, 102.25, 99.5, 102),
    (102, 102, 99.75, 100.5),
    (100.5, 103.5, 100.25, 103),
    (103, 103, 103, 103),
]
# Up one and a quarter risks, then through the stop.
FALL: Rows = [(100, 102.5, 99.5, 102), (102, 102, 97.5, 97.75), (97.75, 98, 97, 97.25)] * 2


def bars(rows: Rows) -> list[BarClosed]:
    return [BarClosed("ASH", HOUR, i * HOUR, *row, 1.0) for i, row in enumerate(rows)]


def sentences(rows: Rows, *points: hindsight.Point) -> list[str]:
    found = hindsight.look_back(LONG, FREE, bars(rows), points, TICK)
    assert found is not None
    return [one.sentence for one in found.others]


def test_a_trade_without_bars_is_refused() -> None:
    with pytest.raises(ValueError, match="no bars since the entry"):
        hindsight.look_back(LONG, FREE, [], [])


@pytest.mark.parametrize("tick", [0.0, -1.0, float("nan")])
def test_a_tick_that_is_none_is_refused(tick: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        hindsight.look_back(LONG, FREE, bars(DETOUR), [], tick)


def test_a_trade_that_lasts_is_not_looked_back_on() -> None:
    assert hindsight.look_back(LONG, FREE, bars([(100, 101, 99, 100)]), [], TICK) is None


def test_breakeven_that_cost_the_target_says_so() -> None:
    assert sentences(DETOUR, (1.0, 0.0, 4)) == [
        "breakeven at 8 ticks: stopped out, target would have been hit"
    ]


def test_trailing_that_saved_from_the_stop_says_so() -> None:
    assert sentences(FALL, (0.0, 0.5, 4)) == [
        "trailing 4 ticks behind: trailed out, stop would have been hit"
    ]


def test_rules_that_changed_nothing_say_how_it_ended() -> None:
    assert sentences(DETOUR, (0.0, 0.0, 4), (1.5, 0.0, 4)) == [
        "out after 4 bars: target hit",
        "breakeven at 12 ticks: target hit",
    ]


def test_a_shorter_time_is_named_beside_the_rules() -> None:
    assert sentences(DETOUR, (1.5, 0.0, 1)) == [
        "breakeven at 12 ticks, out after 1 bar: out of time, target would have been hit"
    ]


def test_bars_that_end_too_soon_do_not_tell() -> None:
    found = hindsight.look_back(LONG, FREE, bars(FALL[:2]), [(0.0, 0.0, 9)], TICK)
    assert found is not None  # the stop was hit before they ended
    short = Leg(0, HOUR, 1, 0.02, 0.03, 0.0, 0.0, 1)
    found = hindsight.look_back(short, FREE, bars(FALL[:1]), [(0.0, 0.0, 9)], TICK)
    assert found is not None
    assert found.others[0].sentence == "out after 9 bars: its bars do not tell"


def test_it_tells_levels_bars_and_excursions_in_risks_and_ticks() -> None:
    found = hindsight.look_back(LONG, FREE, bars(DETOUR), [], TICK)
    assert found is not None
    assert (found.entry, found.stop, found.target, found.bars) == (100.0, 98.0, 103.0, 3)
    assert found.result.reason == exits.TARGET
    assert (found.result.best_r, found.best_ticks) == (1.5, 12)
    assert (found.result.worst_r, found.worst_ticks) == (-0.25, -2)


def test_the_step_of_prices_is_read_from_them() -> None:
    assert hindsight.tick_of(bars(DETOUR)) == 0.25
    assert hindsight.tick_of(bars([(1.10001, 1.10003, 1.1, 1.10002)])) == pytest.approx(1e-5)

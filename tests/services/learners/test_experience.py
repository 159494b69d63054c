"""Closed trades as arrays: what is refused, how they are ordered, split and hashed."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience, UnfitDataError, clustered_error, split
from tests.services.learners.trades import HELD_MS, HOUR_MS, Bar, broken, trades


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused_with_the_trade_that_has_it(value: float) -> None:
    rows = trades(10)
    rows[3] = broken(rows[3], value)
    with pytest.raises(UnfitDataError, match=rows[3].opportunity):
        Experience.of(rows)


def test_a_row_of_another_width_is_refused() -> None:
    short = trades(1, seed=2)[0]
    object.__setattr__(short, "setup", short.setup[:-1])
    with pytest.raises(UnfitDataError, match="55 setup"):
        Experience.of([short])


@pytest.mark.parametrize("name", ["scores", "judged"])
def test_what_models_said_is_told_whole_or_not_at_all(name: str) -> None:
    rows = trades(3)
    rows[1] = replace(rows[1], **{name: (0.5, 0.5)})  # type: ignore[arg-type] # one of two rows
    with pytest.raises(UnfitDataError, match=rf"{rows[1].opportunity}: .*2 {name}"):
        Experience.of(rows)


def test_a_trade_without_risk_is_refused() -> None:
    rows = trades(2)
    object.__setattr__(rows[1], "risk", 0.0)
    with pytest.raises(UnfitDataError, match=r"risk 0 is not above zero"):
        Experience.of(rows)


@pytest.mark.parametrize("price", [float("nan"), float("inf"), 0.0, -1.0])
def test_a_bar_with_a_price_that_is_none_is_refused_by_its_name(price: float) -> None:
    market = [Bar("BTC", number * HOUR_MS, 100.0) for number in range(5)]
    market[3] = replace(market[3], close=price)
    with pytest.raises(UnfitDataError, match=rf"BTC: the bar of {3 * HOUR_MS} .* \(1 of 5 bars"):
        Experience.of(trades(3), by_symbol(market))


def test_no_trades_cannot_be_split() -> None:
    with pytest.raises(UnfitDataError, match="no closed trades"):
        split(Experience.of([]), 0.25)


def test_trades_stand_in_the_order_of_decision_however_they_came() -> None:
    rows = trades(20)
    assert Experience.of(reversed(rows)).digest == Experience.of(rows).digest


def test_nothing_is_learned_from_a_trade_that_was_open_when_the_holdout_began() -> None:
    learned, holdout = split(Experience.of(trades(100)), 0.25)
    assert len(holdout) == 25
    assert learned.resolved_ms.max() <= holdout.decided_ms.min()
    assert len(learned) == 75 - HELD_MS // 3_600_000 + 1


def test_no_bar_that_closed_after_the_holdout_began_is_learned_from() -> None:
    bars = by_symbol([Bar("BTC", number * HOUR_MS, 1.0) for number in range(120)])
    learned, holdout = split(Experience.of(trades(100), bars), 0.25)
    assert learned.bars[0].close_ms.max() <= holdout.decided_ms.min()
    assert len(holdout.bars[0]) == 120


def test_trades_know_their_symbol_among_the_bars() -> None:
    bars = by_symbol([Bar("ASH", 0, 1.0), Bar("BTC", 0, 1.0)])
    assert set(Experience.of(trades(5), bars).symbol.tolist()) == {1}
    assert set(Experience.of(trades(5)).symbol.tolist()) == {-1}


def test_what_a_record_does_not_tell_is_no_number() -> None:
    rows = [replace(trade, scores=(), judged=()) for trade in trades(2)]
    batch = Experience.of(rows)
    assert np.isnan(batch.scores).all()
    assert np.isnan(batch.judged).all()


def test_the_digest_knows_every_bar() -> None:
    first, second = ([Bar("BTC", 0, close)] for close in (1.0, 1.5))
    one, other = (Experience.of(trades(5), by_symbol(bars)) for bars in (first, second))
    assert one.digest != other.digest


def test_the_digest_knows_every_number() -> None:
    rows = trades(5)
    assert Experience.of(rows).digest != Experience.of([*rows[:4], broken(rows[4], 0.5)]).digest


def test_the_error_of_a_mean_counts_clusters_not_rows() -> None:
    values = np.array([1.0, 1.0, -1.0, -1.0])
    apart, together = np.array([1, 2, 3, 4]), np.array([1, 1, 2, 2])
    assert clustered_error(values, apart) == pytest.approx(0.5)
    assert clustered_error(values, together) == pytest.approx(np.sqrt(8) / 4)

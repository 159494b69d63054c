"""Hours of UTC out of bars: closed ones only, whatever comes after, whatever is missing."""

import numpy as np
import pytest

from kingmaker.learners.bars import Bars, by_symbol
from kingmaker.learners.distillation.hours import NAMES, USUAL, Hours, sequences
from kingmaker.learners.experience import UnfitDataError
from tests.services.learners import hours_world
from tests.services.learners.hours_world import STEP_MS
from tests.services.learners.trades import HOUR_MS, Bar

COUNT = 60 * 12  # bars: sixty hours


def bars(count: int = COUNT) -> Bars:
    [own] = by_symbol(hours_world.bars_of(count, drift=0.3, seed=1))
    return own


def test_an_hour_is_known_when_its_last_bar_has_closed_and_not_before() -> None:
    whole = Hours.of(bars())
    assert whole.close_ms.tolist() == [(USUAL + 1 + n) * HOUR_MS for n in range(60 - USUAL)]
    times = np.array([whole.close_ms[0] - STEP_MS, whole.close_ms[0], whole.close_ms[1] - 1])
    assert whole.at(times, 1).tolist() == [-1, 0, 0]


def test_every_prefix_of_the_bars_tells_the_same_of_its_hours_bit_for_bit() -> None:
    own = bars()
    whole = Hours.of(own)
    for count in range(0, COUNT + 1, 5):
        until = own.until(count * STEP_MS)
        part = Hours.of(until)
        known = max(0, count // 12 - USUAL)
        assert part.close_ms.tobytes() == whole.close_ms[:known].tobytes(), count
        assert part.rows.tobytes() == whole.rows[:known].tobytes(), count


def test_what_a_later_bar_does_changes_no_hour_that_was_over() -> None:
    held = hours_world.bars_of(COUNT, drift=0.3, seed=1)
    cut = 40 * 12 + 5  # within an hour
    crash = [Bar("BTC", bar.open_ms, 1.0, STEP_MS, 1.0, 1.0, 1.0, 99.0) for bar in held[cut:]]
    [before], [after] = by_symbol(held), by_symbol([*held[:cut], *crash])
    known = 40 - USUAL
    assert Hours.of(after).rows[:known].tobytes() == Hours.of(before).rows[:known].tobytes()
    assert Hours.of(after).rows[known].tobytes() != Hours.of(before).rows[known].tobytes()


def test_an_hour_says_what_its_bars_did() -> None:
    own = bars()
    row = dict(zip(NAMES, Hours.of(own).rows[0], strict=True))
    part = slice(USUAL * 12, USUAL * 12 + 12)
    high, low = own.high[part].max(), own.low[part].min()
    widths = [
        np.log(own.high[n : n + 12].max() / own.low[n : n + 12].min())
        for n in range(0, USUAL * 12, 12)
    ]
    scale = sum(widths) / USUAL
    last, before = own.close[part][-1], own.close[USUAL * 12 - 1]
    assert row["move"] == pytest.approx(np.log(last / before) / scale)
    assert row["range"] == pytest.approx(np.log(high / low) / scale)
    assert row["place"] == pytest.approx(2.0 * (last - low) / (high - low) - 1.0)
    assert row["volume"] == 0.0  # of every bar the same
    assert (row["hour_sine"], row["hour_cosine"]) == (0.0, 1.0)  # midnight


def test_too_few_hours_are_none_and_bars_that_are_missing_are_left_out() -> None:
    assert len(Hours.of(bars(USUAL * 12)).close_ms) == 0
    held = hours_world.bars_of(COUNT, drift=0.3, seed=1)
    [holed] = by_symbol([bar for number, bar in enumerate(held) if not 400 <= number < 430])
    found = Hours.of(holed).close_ms
    missing = {34 * HOUR_MS, 35 * HOUR_MS} & set(found.tolist())
    assert missing == {34 * HOUR_MS}, "one hour lost some of its bars, the next all"
    assert np.isfinite(Hours.of(holed).rows).all()


def test_bars_that_straddle_an_hour_are_refused_with_the_remedy() -> None:
    slow = [Bar("BTC", n * 4 * HOUR_MS, 1.5, 4 * HOUR_MS) for n in range(40)]
    [own] = by_symbol(slow)
    with pytest.raises(UnfitDataError, match=r"BTC: bars of 240 minutes .* without it"):
        Hours.of(own)


def test_a_sequence_ends_with_its_hour() -> None:
    rows = np.arange(12.0).reshape(6, 2)
    assert sequences(rows, np.array([2, 5]), 3)[:, :, 0].tolist() == [[0, 2, 4], [6, 8, 10]]

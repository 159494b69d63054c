"""Nothing that trades looks ahead; what does is caught, by name, with bar and value."""

from collections.abc import Mapping

import numpy as np
import pytest

from kingmaker.market.features import NAMES, Row
from kingmaker.trader.checks.columns import Columns, Floats
from kingmaker.trader.checks.lookahead import ALTERED, TRUNCATED, check_own, check_trader
from kingmaker.trader.checks.own_file import of_rule
from kingmaker.trader.window import ARMS, Track

HOUR_MS = 3_600_000


def walk(count: int = 130, seed: int = 1) -> Columns:
    chance = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(chance.normal(0.0, 0.01, count)))
    open_ = np.concatenate([[100.0], close[:-1]])
    high = np.maximum(open_, close) * 1.002
    low = np.minimum(open_, close) * 0.998
    table = np.stack([open_, high, low, close, chance.uniform(1.0, 9.0, count)])
    opens = [number * HOUR_MS for number in range(count)]
    return Columns.of("BTCUSDT", HOUR_MS, opens, table.T.ravel().tolist())


def centred(bars: Columns) -> Mapping[str, Floats]:
    """Average the close with its two neighbours on either side: two of them are the future."""
    padded = np.pad(bars.close, 2, mode="edge")
    return {"centred": np.convolve(padded, np.full(5, 0.2), mode="valid"), "close": bars.close}


def normalised(bars: Columns) -> Mapping[str, Floats]:
    """Scale by all that is there: the future too."""
    return {"normalised": (bars.close - bars.close.mean()) / (bars.close.std() or 1.0)}


def past(bars: Columns) -> Mapping[str, Floats]:
    known = np.full(len(bars), np.nan)
    known[3:] = bars.close[3:] / bars.close[:-3] - 1.0
    return {"past": known}


class Peeking(Track):
    """A window whose rows are right when they are new, and otherwise know the bar after."""

    def row(self, back: int = 0) -> Row | None:
        row = super().row(back)
        return row if row is None or not back else (self.closes[-back], *row[1:])


def test_the_traders_own_features_and_rules_do_not_look_ahead() -> None:
    heard: list[int] = []
    checked = check_trader(walk(), heard.append)
    assert [one.name for one in checked] == [*NAMES, *[arm.name for arm in ARMS]]
    assert {one.difference for one in checked} == {None}
    assert {one.prefixes for one in checked} == {130}
    assert heard == list(range(1, 131))


def test_a_centred_average_is_caught_by_name_with_bar_and_value() -> None:
    bars = walk(60)
    caught, honest = check_own("feature", centred, bars, lambda _done: None)
    assert (honest.name, honest.difference) == ("close", None)
    assert caught.name == "centred"
    assert caught.difference is not None
    assert caught.difference.open_ms == 0  # the first bar already knows the two after it
    assert caught.difference.future == TRUNCATED
    assert caught.difference.whole == pytest.approx(centred(bars)["centred"][0])
    assert caught.difference.other == bars.close[0]
    assert caught.difference.known == 1


def test_a_scale_of_the_whole_series_is_caught() -> None:
    [caught] = check_own("feature", normalised, walk(30), lambda _done: None)
    assert caught.difference is not None


def test_what_looks_back_only_passes_even_where_it_cannot_tell_yet() -> None:
    [honest] = check_own("feature", past, walk(40), lambda _done: None)
    assert honest.difference is None


def test_a_function_that_only_peeks_when_there_is_a_future_is_caught_by_another_one() -> None:
    def sly(bars: Columns) -> Mapping[str, Floats]:
        known = bars.close.copy()
        if len(bars) == 40:  # of the length that it expects
            known[:-1] = bars.close[1:]
            known[-1] = bars.close[-1]
        return {"sly": known if len(bars) == 40 else np.append(known[1:], known[-1:])}

    [caught] = check_own("feature", sly, walk(40), lambda _done: None)
    assert caught.difference is not None


def test_a_rule_that_says_how_far_it_looks_is_asked_about_no_more() -> None:
    bars = walk(90)
    for arm in ARMS:
        own = of_rule(arm, arm.name)
        [checked] = check_own("strategy", own.compute, bars, lambda _done: None, own.reach)
        assert (checked.name, checked.difference) == (arm.name, None)


def test_a_rule_that_looks_further_than_it_says_is_caught() -> None:
    def far(bars: Columns) -> Mapping[str, Floats]:
        return {"far": bars.close - bars.close[0]}

    [caught] = check_own("feature", far, walk(90), lambda _done: None, reach=5)
    assert caught.difference is not None
    assert caught.difference.known == 6  # the first bar from which on more than five are there


def test_a_window_that_peeks_is_caught_by_another_future() -> None:
    checked = check_trader(walk(), lambda _done: None, track=Peeking)
    caught = [one for one in checked if one.difference]
    assert [one.name for one in caught] == ["volatility_ratio"]
    assert caught[0].difference is not None
    assert caught[0].difference.future == ALTERED


def test_another_future_leaves_the_past_alone_and_is_one_of_bars() -> None:
    bars = walk(20)
    other = bars.other_future(5)
    assert (other.close[:5] == bars.close[:5]).all()
    assert (other.close[5:] != bars.close[5:]).all()
    assert (other.high >= np.maximum(other.open, other.close)).all()
    assert (other.low <= np.minimum(other.open, other.close)).all()

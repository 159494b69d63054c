"""Bars reach whoever checks, and what was found is summed over them."""

import pytest

from kingmaker.runtime import checking
from kingmaker.runtime.settings_sources import SettingsError


def test_the_first_bars_of_every_file_are_taken() -> None:
    series = checking.series_of(checking.desks_to_check(()), 100)
    assert [symbol for symbol, *_ in series] == ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]
    for _, interval_ms, opens, numbers in series:
        assert (interval_ms, len(opens), len(numbers)) == (300_000, 100, 500)


def test_zero_bars_are_all() -> None:
    desks = checking.desks_to_check(("sample:EURUSD_1h_2017.csv.gz",))
    [(_, _, opens, numbers)] = checking.series_of(desks, 0)
    assert len(opens) * 5 == len(numbers) == 6_225 * 5


def test_a_file_that_tells_no_symbol_is_refused_with_the_remedy() -> None:
    with pytest.raises(SettingsError, match=r"mine\.csv:SYMBOL:INTERVAL"):
        checking.desks_to_check(("mine.csv",))


def test_records_are_summed_over_symbols_and_the_first_difference_stays() -> None:
    same = {"kind": "feature", "name": "a", "prefixes": 3, "difference": None, "ok": True}
    differs = {**same, "symbol": "ETH", "difference": {"whole": 1.0}, "ok": False}
    [one] = checking.summed([{**same, "symbol": "BTC"}, differs, {**same, "symbol": "SOL"}])
    assert one["symbols"] == ["BTC", "ETH", "SOL"]
    assert (one["prefixes"], one["ok"], one["difference"]) == (9, False, {"whole": 1.0})
    assert "symbol" not in one


def test_what_a_check_says_of_learners_is_told_by_desk() -> None:
    desks = checking.desks_to_check(("sample:BTCUSDT_5m_2025_03.csv.gz",))
    heard: list[int] = []
    watched = checking.Watched(heard.append)
    arguments = ((), ("online_learning",))
    [record] = checking.of_learners("lookahead_of_learners", desks, 120, watched, *arguments)
    assert (record["symbol"], record["name"], record["ok"]) == ("data-5m", "online_learning", False)
    assert heard[-1] == 120

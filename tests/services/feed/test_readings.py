"""What a feed shows of its bars."""

from kingmaker.contracts.desks import Desk
from kingmaker.feed import service
from kingmaker.feed.domain import State, Symbol
from kingmaker.kernel.service import Reading

FEED = service.build([Desk("oak", 0)], 0)


def test_a_desk_without_bars_has_no_symbols_and_knows_no_market() -> None:
    assert list(FEED.readings(State())) == [Reading("universe_pairs", 0, ("oak",))]


def test_each_symbol_is_named_with_its_interval_and_what_it_misses() -> None:
    state = State(symbols={"ASH": Symbol(3_600_000, bars_missing=3)}, market_open=True)
    assert list(FEED.readings(state)) == [
        Reading("universe_pairs", 1, ("oak",)),
        Reading("market_open", 1, ("oak",)),
        Reading("symbol_info", 1, ("oak", "ASH", "3600s")),
        Reading("missing_candles", 3, ("oak", "ASH")),
    ]

"""A log as trainings find it: a desk's trades and bars among other events, on lanes of index 1."""

from collections.abc import Sequence
from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.services.learners.trades import Trade, trades

TRADER = Lane("km.trader.v1", 1)
FEED = Lane("km.feed.v1", 1)
TRADES = 400
BARS = 50
HOUR_MS = 3_600_000


def write_log(path: Path, closed_trades: Sequence[Trade] = ()) -> None:
    """Write the file, and let go of it. Default: trades that can be learned from."""
    log = SqliteLog(path, "here")
    other = Draft("kingmaker.trader.v1.PairResolved", b"")
    drafts = [
        draft for trade in closed_trades or trades(TRADES) for draft in (resolved(trade), other)
    ]
    log.append(TRADER, frame(TRADER.genesis("here"), Pen(1, "trader"), drafts))
    bars = [draft for number in range(BARS) for draft in (closed(number), other)]
    log.append(FEED, frame(FEED.genesis("here"), Pen(1, "feed"), bars))
    log.commit()
    log.close()


def closed(number: int) -> Draft:
    """Return an hourly bar as the feed says it."""
    prices = {"open": 1.0, "high": 2.0, "low": 1.0, "close": 1.5, "volume": 1.0}
    message = message_class("kingmaker.feed.v1", "BarClosed")(
        symbol="BTC", interval_ms=HOUR_MS, open_ms=number * HOUR_MS, **prices
    )
    return Draft("kingmaker.feed.v1.BarClosed", message.SerializeToString())


def resolved(trade: Trade, desk: str = "") -> Draft:
    """Return the trade as the trader says it."""
    message = message_class("kingmaker.trader.v1", "OpportunityResolved")(
        desk=desk, **{name: getattr(trade, name) for name in Trade.__slots__}
    )
    return Draft("kingmaker.trader.v1.OpportunityResolved", message.SerializeToString())

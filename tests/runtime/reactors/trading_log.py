"""A log as trainings find it: a desk's trades and bars among other events, on lanes of index 1."""

from collections.abc import Sequence
from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.learners.bars import SymbolBar
from kingmaker.learners.experience import Resolved
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.services.learners.trades import HOUR_MS, Bar, Trade, trades

TRADER = Lane("km.trader.v1", 1)
FEED = Lane("km.feed.v1", 1)
TRADES = 400
BARS = 50


def write_log(
    path: Path, closed_trades: Sequence[Resolved] = (), market: Sequence[SymbolBar] = ()
) -> None:
    """Write the file, and let go. Default: trades to learn from, few bars that stand still."""
    log = SqliteLog(path, "here")
    other = Draft("kingmaker.trader.v1.PairResolved", b"")
    drafts = [
        draft for trade in closed_trades or trades(TRADES) for draft in (resolved(trade), other)
    ]
    log.append(TRADER, frame(TRADER.genesis("here"), Pen(1, "trader"), drafts))
    held: Sequence[SymbolBar] = market or [
        Bar("BTC", number * HOUR_MS, 1.5) for number in range(BARS)
    ]
    bars = [draft for bar in held for draft in (closed(bar), other)]
    log.append(FEED, frame(FEED.genesis("here"), Pen(1, "feed"), bars))
    log.commit()
    log.close()


def closed(bar: SymbolBar) -> Draft:
    """Return a bar as the feed says it."""
    message = message_class("kingmaker.feed.v1", "BarClosed")(
        **{name: getattr(bar, name) for name in Bar.__slots__}
    )
    return Draft("kingmaker.feed.v1.BarClosed", message.SerializeToString())


def resolved(trade: Resolved, desk: str = "") -> Draft:
    """Return the trade as the trader says it."""
    message = message_class("kingmaker.trader.v1", "OpportunityResolved")(
        desk=desk, **{name: getattr(trade, name) for name in Trade.__slots__}
    )
    return Draft("kingmaker.trader.v1.OpportunityResolved", message.SerializeToString())

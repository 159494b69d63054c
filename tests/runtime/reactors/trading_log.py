"""A log as trainings find it: closed trades among other events, on the second desk's lane."""

from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.services.learners.trades import Trade, trades

TRADER = Lane("km.trader.v1", 1)
TRADES = 400


def write_log(path: Path) -> None:
    """Write the file, and let go of it."""
    log = SqliteLog(path, "here")
    other = Draft("kingmaker.trader.v1.PairResolved", b"")
    drafts = [draft for trade in trades(TRADES) for draft in (resolved(trade), other)]
    log.append(TRADER, frame(TRADER.genesis("here"), Pen(1, "trader"), drafts))
    log.commit()
    log.close()


def resolved(trade: Trade, desk: str = "") -> Draft:
    """Return the trade as the trader says it."""
    message = message_class("kingmaker.trader.v1", "OpportunityResolved")(
        desk=desk, **{name: getattr(trade, name) for name in Trade.__slots__}
    )
    return Draft("kingmaker.trader.v1.OpportunityResolved", message.SerializeToString())

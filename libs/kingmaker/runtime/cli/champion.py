"""`kingmaker champion`: who reigns, and who reigned."""

from typing import Any

from cyclopts import App

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, note, rows

app = App(name="champion", help="Who reigns, and who reigned.")

SHOWN = (
    Column("SLOT", "slot"),
    Column("MODEL", "model"),
    Column("REIGN", "reign", lambda reign: f"r-{reign}"),
    Column("SINCE", "since_ms", moment),
    Column("HOW", "how"),
    Column("ACTIVATED", "activated_event"),
    Column("FROZEN BY", "frozen_by"),
)
REIGNED = (
    Column("SLOT", "slot"),
    Column("REIGN", "reign", lambda reign: f"r-{reign}"),
    Column("MODEL", "model"),
    Column("FROM", "since_ms", moment),
    Column("FOR", "lasted"),
    Column("HOW", "how"),
    Column("EVIDENCE", "evidence"),
    Column("PROMOTION", "promotion"),
    Column("ENDED BY", "ended_by"),
)
DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000


@app.command
def show(slot: str = "", /, *, options: Options | None = None) -> int:
    """Show the champion of every slot, or of one.

    :param slot: A slot (online_learning@btc-1h), a component or a desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query("SELECT * FROM champions ORDER BY desk, slot")
    chosen = _chosen(found, slot)
    rows(chosen, SHOWN, options.output, "Nobody reigns yet: `kingmaker up` crowns the bootstrap.")
    return Exit.DONE


@app.command
def history(
    slot: str = "", /, *, limit: int = 50, changes: bool = False, options: Options | None = None
) -> int:
    """List reigns, the newest first.

    :param slot: A slot, a component or a desk.
    :param limit: How many at most.
    :param changes: Leave out the reigns of the bootstrap that nobody has ended.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query("SELECT * FROM reigns ORDER BY since_ms DESC, slot, reign DESC")
        now_ms = {row["desk"]: row["last_ms"] for row in home.query("SELECT * FROM desks")}
    if changes:
        found = [row for row in found if row["how"] != "bootstrap" or row["until_ms"]]
    chosen = [_told(row, now_ms.get(row["desk"]) or 0) for row in _chosen(found, slot)]
    rows(chosen[:limit], REIGNED, options.output, "Nobody reigned yet.")
    if len(chosen) > limit and options.output == "table":
        note(f"{len(chosen) - limit} more: --limit {len(chosen)}")
    return Exit.DONE


def _chosen(found: list[dict[str, Any]], slot: str) -> list[dict[str, Any]]:
    if not slot:
        return found
    chosen = [
        row for row in found if slot in (row["slot"], row["desk"], row["slot"].partition("@")[0])
    ]
    if found and not chosen:
        slots = ", ".join(sorted({row["slot"] for row in found}))
        raise CommandError(
            f"{slot!r} is no slot, component or desk here. Slots: {slots}.", Exit.USAGE
        )
    return chosen


def _told(row: dict[str, Any], now_ms: int) -> dict[str, Any]:
    """Add what people read; programs get it too."""
    evidence = row["log_evidence"]
    earned = row["how"] == "promoted" and evidence is not None
    return {
        **row,
        "evidence": f"ln E = {evidence:.2f}" if earned else None,
        "lasted": lasted((row["until_ms"] or now_ms) - (row["since_ms"] or 0)),
        "ended_by": row["ended_by"] or "reigning ♛",
    }


def lasted(duration_ms: int) -> str:
    """Return a length of market time: 36 m, 9 h 12 m, 40 d 3 h."""
    days, rest = divmod(max(duration_ms, 0), DAY_MS)
    hours, rest = divmod(rest, HOUR_MS)
    minutes = rest // MINUTE_MS
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} m" if hours else f"{minutes} m"

"""`kingmaker champion`: who reigns, and who reigned."""

from collections.abc import Mapping
from typing import Any

from cyclopts import App

from kingmaker.evidence.tally import Tally, sharpe_ratio, win_rate
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, note, percent, rows

app = App(name="champion", help="Who reigns, and who reigned.")

LEARNERS = "SELECT * FROM learners ORDER BY time_ms"
TWINS = "SELECT * FROM twins WHERE state = 'deciding' ORDER BY started_ms"
WATCHES = "SELECT * FROM canaries ORDER BY slot, reign"
SHOWN = (
    Column("SLOT", "slot"),
    Column("MODEL", "model"),
    Column("REIGN", "reign", lambda reign: f"r-{reign}"),
    Column("SINCE", "since_ms", moment),
    Column("HOW", "how"),
    Column("ACTIVATED", "activated_event"),
    Column("CANARY", "watch"),
    Column("FROZEN BY", "frozen_by"),
)
LEARNED = (
    Column("REVISION", "revision", right=True),
    Column("DIGEST", "revised", lambda digest: digest[:12]),
    Column("LAST LESSON", "opportunity"),
    Column("TAUGHT", "label", lambda label: f"{label:.3f}", right=True),
    Column("REFUSED", "refused", right=True),
    Column("PAIRS BESIDE ITS TWIN", "twin_pairs", right=True),
    Column("NET", "net", percent, right=True),
    Column("TWIN'S", "twin_net", percent, right=True),
)
SIDES = (
    Column("SIDE", "side"),
    Column("TAKEN", "taken", right=True),
    Column("WIN RATE", "win_rate", lambda rate: f"{rate:.3f}", right=True),
    Column("SHARPE", "sharpe", lambda ratio: f"{ratio:.4f}", right=True),
    Column("NET", "sum", percent, right=True),
    Column("DRAWDOWN", "drawdown", percent, right=True),
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
    """Show the champion of every slot, or of one with its watch.

    :param slot: A slot (online_learning@btc-1h), a component or a desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query("SELECT * FROM champions ORDER BY desk, slot")
        canaries = {(row["slot"], row["reign"]): row for row in home.query(WATCHES)}
        learners = {(row["slot"], row["digest"]): row for row in home.query(LEARNERS)}
        twins = {row["slot"]: row for row in home.query(TWINS)}
    chosen = [
        {
            **row,
            **_watch_of(canaries.get((row["slot"], row["reign"]))),
            **_learned(learners.get((row["slot"], row["digest"])), twins.get(row["slot"])),
        }
        for row in _chosen(found, slot)
    ]
    rows(chosen, SHOWN, options.output, "Nobody reigns yet: `kingmaker up` crowns the bootstrap.")
    if len(chosen) == 1 and chosen[0]["sides"] and options.output == "table":
        rows(chosen[0]["sides"], SIDES, options.output)
    if len(chosen) == 1 and "learned" in chosen[0] and options.output == "table":
        rows([chosen[0]["learned"]], LEARNED, options.output)
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


def _learned(learner: Mapping[str, Any] | None, twin: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a champion learned since its export, beside itself that learned nothing."""
    if learner is None or learner["revision"] is None:
        return {}
    beside = twin or {"pairs": None, "champion_sum": None, "twin_sum": None}
    return {
        "learned": {
            **learner,
            "twin_pairs": beside["pairs"],
            "net": beside["champion_sum"],
            "twin_net": beside["twin_sum"],
        }
    }


def _watch_of(canary: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is known of the watch of a reign: its statistic, and both sides of its pairs."""
    if canary is None:
        return {"watch": None, "canary": None, "sides": []}
    watch = f"ended: {canary['ended']}" if canary["ended"] else canary["state"]
    if not canary["pairs"]:
        return {"watch": watch, "canary": canary, "sides": []}
    worse = f", worse in {canary['breached']}" if canary["breached"] else ""
    told = f"{canary['statistic']:.3g} of {canary['threshold']:g} after {canary['pairs']:,}{worse}"
    if watch != "watching":
        told = f"{watch} ({told})"
    sides = [_side(canary, side) for side in ("champion", "reference")]
    return {"watch": told, "canary": canary, "sides": sides}


def _side(canary: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Return one side of the pairs of a watch, as the 15 % rule sees it."""
    sums = {name: canary[f"{side}_{name}"] for name in ("sum", "squares", "taken", "won")}
    tally = Tally(pairs=canary["pairs"], **sums)
    return {
        "side": side,
        "taken": tally.taken,
        "win_rate": win_rate(tally),
        "sharpe": sharpe_ratio(tally),
        "sum": tally.sum,
        "drawdown": -canary[f"{side}_drawdown"],
    }


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

"""`kingmaker status`: one screen: desks, champions, trials, alerts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, one, percent, table

if TYPE_CHECKING:
    from kingmaker.runtime.settings import Settings

DESKS = (
    Column("DESK", "desk"),
    Column("MARKET TIME", "last_ms", moment),
    Column("BARS", "bars", lambda n: f"{n:,}", right=True),
    Column("GAPS", "gaps", str, right=True),
    Column("OPPORTUNITIES", "opportunities", lambda n: f"{n:,}", right=True),
    Column("TRADES", "trades", lambda n: f"{n:,}", right=True),
    Column("PAIRS", "pairs", lambda n: f"{n:,}", right=True),
    Column("EQUITY", "equity", percent, right=True),
    Column("REIGNS", "reigns", str, right=True),
    Column("FROZEN BY", "frozen_by"),
)
TRIALS = (
    Column("TRIAL", "trial"),
    Column("SLOT", "slot"),
    Column("CHALLENGER", "challenger"),
    Column("PAIRS", "pairs", lambda n: f"{n:,}", right=True),
    Column("ln E", "log_evidence", lambda value: f"{value:.2f}", right=True),
    Column("NEED", "log_threshold", lambda value: f"{value:.2f}", right=True),
    Column("HELD BY", "held_by"),
)
CANARIES = (
    Column("WATCHED", "slot"),
    Column("REIGN", "reign", lambda reign: f"r-{reign}"),
    Column("PAIRS", "pairs", lambda n: f"{n:,}", right=True),
    Column("STATISTIC", "statistic", lambda value: f"{value:.3g}", right=True),
    Column("ALARM AT", "threshold", lambda value: f"{value:g}", right=True),
    Column("WORSE IN", "breached"),
)
WAITING = (
    Column("CANDIDATE", "model"),
    Column("SLOT", "slot"),
    Column("WAITS FOR", "reason"),
    Column("COUNT", "count", str, right=True),
    Column("TARGET", "target", str, right=True),
    Column("UNTIL", "until"),
)
COUNTERS = (
    Column("WAITS FOR", "waits_for"),
    Column("OF", "where"),
    Column("COUNT", "count", lambda n: f"{n:,}", right=True),
    Column(
        "TARGET", "target", lambda n: f"{n:,.5g}" if isinstance(n, float) else f"{n:,}", right=True
    ),
    Column("LEFT", "left", lambda n: f"{n:,}", right=True),
    Column("NEXT", "next"),
)
TRAININGS = """
    SELECT t.training, t.slot, t.cause, t.trades, j.started_ms, j.due_ms, j.state
    FROM trainings t JOIN training_jobs j ON j.job = t.training ORDER BY t.training
"""
TWINS = "SELECT slot FROM twins WHERE state = 'deciding' ORDER BY slot"
REBALANCES = "SELECT slot, branch, hour_ms, rebalances FROM rebalances"
OUTCOMES = """
    SELECT desk, resolved_ms, exit_reason, heads FROM decisions
    WHERE state = 'resolved' AND resolved_ms > ?
"""
ALERTS = (
    Column("WHEN", "occurred_ms", moment),
    Column("SEVERITY", "severity"),
    Column("ALERT", "message"),
)
ALERTS_SHOWN = 5
GUARDS = (
    Column("GUARD OF", "desk"),
    Column("LEVEL", "level"),
    Column("SINCE", "since_ms", moment),
    Column("LATEST TRADES", "trades", str, right=True),
    Column("WON", "win_rate", percent, right=True),
    Column("DRAWDOWN", "drawdown", percent, right=True),
    Column("LOSSES IN A ROW", "losses", str, right=True),
)
DRIFT = (
    Column("DRIFT OF", "symbol"),
    Column("DESK", "desk"),
    Column("WINDOWS", "windows", str, right=True),
    Column("AGAINST", "against"),
    Column("FARTHEST", "worst", lambda score: f"{score:.1f} sigma", right=True),
    Column("BEYOND THE LIMIT", "drifted"),
    Column("SAID", "detected", str, right=True),
    Column("LAST", "last_ms", moment),
)
DRIFT_NOW = """
    SELECT symbol, desk, windows, worst, drifted, detected, last_ms,
           CASE WHEN reference IS NULL THEN ''
                WHEN reference_training = '' THEN 'first windows'
                ELSE reference_training END AS against
    FROM drift ORDER BY desk, symbol
"""
GUARDS_NOW = """
    SELECT desk, coalesce(level, 'normal') AS level, since_ms, trades, win_rate, drawdown, losses
    FROM guards ORDER BY desk
"""

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]


def status(*, config: Files = (), options: Options | None = None) -> int:
    """Show desks, trials and the last alerts. Exit 3 if a slot has no champion that can act.

    :param config: A YAML file that names a cluster: then its log is read. Default: kingmaker.yaml.
    """
    from kingmaker.runtime.cli.observing import cluster_settings  # noqa: PLC0415 - costs 60 ms

    options = options or Options()
    settings = cluster_settings(config, options.home)
    found = _of_home(options.home) if settings is None else _of_cluster(settings)
    one(found, list(_lines(found)), options.output)
    return Exit.DONE if found["healthy"] else Exit.NO


def _of_home(named: Path | None) -> dict[str, Any]:
    from kingmaker.runtime.home import is_running  # noqa: PLC0415 - beside its use

    with opened(named) as home:
        running = is_running(home.home)
        return _collect(home) | {
            "running": running,
            "seen": f"{home.home.path} · {'running' if running else 'not running'}",
        }


def _of_cluster(settings: "Settings") -> dict[str, Any]:
    """Return what the log of a cluster tells; which processes run, only their probes know."""
    from kingmaker.runtime.cli.observing import observed  # noqa: PLC0415 - an optional library

    with observed(settings) as copied, opened(copied.path) as home:
        where = f"Kafka at {settings.kafka.servers}"
        return _collect(home) | {"home": None, "running": None, "seen": f"{where} · read just now"}


def _collect(home: Opened) -> dict[str, Any]:
    desks = home.query(
        "SELECT d.*, (SELECT count(*) FROM reigns r WHERE r.desk = d.desk) AS reigns FROM desks d"
    )
    names = [desk.name for desk in home.desks]
    desks.sort(key=lambda row: names.index(row["desk"]))
    champions = home.query("SELECT * FROM champions ORDER BY desk, slot")
    lost = [row["slot"] for row in champions if row["lost_reason"]]
    waiting = [row["slot"] for row in champions if row["activated_ms"] is None]
    alerts = home.query(
        "SELECT * FROM alerts ORDER BY occurred_ms DESC, alert LIMIT ?", ALERTS_SHOWN
    )
    whole = len(champions) == len(COMPONENTS) * len(names)
    return {
        "home": str(home.home.path),
        "healthy": whole and not lost and not waiting,
        "champions": len(champions),
        "champions_expected": len(COMPONENTS) * len(names),
        "lost": lost,
        "not_activated": waiting,
        "desks": desks,
        "trials": home.query("SELECT * FROM trials WHERE state = 'open' ORDER BY trial"),
        "canaries": home.query(
            "SELECT * FROM canaries WHERE state = 'watching' AND ended IS NULL ORDER BY slot, reign"
        ),
        "waiting": home.query(
            "SELECT * FROM candidates WHERE state = 'waiting' ORDER BY queued_ms, slot, model"
        ),
        "counters": _counters(home, desks, champions),
        "guards": home.query(GUARDS_NOW),
        "drift": home.query(DRIFT_NOW),
        "alerts": alerts,
    }


def _counters(
    home: Opened, desks: Sequence[Mapping[str, Any]], champions: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return all that waits, with count, target and next time."""
    from kingmaker.runtime import learning, waiting  # noqa: PLC0415 - beside their use

    settings = learning.settings_of(home.query, "learners", "promotion")
    trials = home.query("SELECT * FROM trials WHERE state = 'open' ORDER BY trial")
    latest_ms = max((desk["last_ms"] or 0 for desk in desks), default=0)
    outcomes = home.query(OUTCOMES, latest_ms - waiting.LOOKBACK_DAYS_MAX * waiting.DAY_MS)
    found = [
        *waiting.of_trainings(settings, desks, champions, home.query(TRAININGS)),
        *waiting.of_trials(settings, trials),
        *waiting.of_rebalances(desks, home.query(TWINS), home.query(REBALANCES)),
        *waiting.of_history(settings, desks),
        *waiting.of_jobs(settings, desks, outcomes),
        *waiting.of_synchronisation(),
    ]
    return [
        {**row, "next": moment(row["next_ms"]) if row["next_ms"] else row["looks"]} for row in found
    ]


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [found["seen"], "", *table(found["desks"], DESKS), ""]
    if found["trials"]:
        lines += [*table(found["trials"], TRIALS), ""]
    else:
        lines += ["No trial is open: one opens when a training makes a candidate.", ""]
    if found["canaries"]:
        lines += [*table(found["canaries"], CANARIES), ""]
    if found["waiting"]:
        lines += [*table(found["waiting"], WAITING), ""]
    if found["counters"]:
        lines += [*table(found["counters"], COUNTERS), ""]
    if found["guards"]:
        lines += [*table(found["guards"], GUARDS), ""]
    if found["drift"]:
        lines += [*table(found["drift"], DRIFT), ""]
    if found["alerts"]:
        lines += [*table(found["alerts"], ALERTS), ""]
    if found["healthy"]:
        lines.append(f"Healthy: {found['champions']} champions reign and act.")
    else:
        lines.append(
            f"NOT healthy: {found['champions']} of {found['champions_expected']} champions;"
            f" lost: {', '.join(found['lost']) or 'none'}; not activated:"
            f" {', '.join(found['not_activated']) or 'none'}. See `kingmaker champion show`."
        )
    return lines

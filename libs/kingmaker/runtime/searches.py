"""What people see of searches for parameters: when one is due, and what the last ones found."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from kingmaker.contracts import schedule

SCHEDULE = "automl"
FIGURE = "search_"  # begins the name of a search's figure
CONFIG = "SELECT state_data FROM active_learning_state WHERE state_type = 'learning_config'"
NOW = "SELECT max(last_ms) AS now_ms FROM desks"
RUNS = """
    SELECT s.training, s.slot, s.trials, s.found, t.cause, t.started_ms, t.digest, t.candidate,
           t.reason, t.metrics, j.state
    FROM searches s
    JOIN trainings t ON t.training = s.training
    JOIN training_jobs j ON j.job = s.training
    ORDER BY t.started_ms DESC, s.training DESC LIMIT ?
"""

type Query = Callable[..., list[dict[str, Any]]]
type Row = dict[str, Any]


def planned(query: Query, limit: int = 10) -> Row:
    """Return which components are searched for, when next in market time, and the last searches."""
    [config, *_] = query(CONFIG) or [{"state_data": "{}"}]
    settings = json.loads(config["state_data"])
    components = [name.strip() for name in settings.get("tuning", "").split(",") if name.strip()]
    cron = schedule.at(settings.get("tuning_time", "05:00"), settings.get("tuning_day", "SAT"))
    now_ms = query(NOW)[0]["now_ms"]
    return {
        "id": SCHEDULE,
        "enabled": bool(components),
        "components": components,
        "trials": int(settings.get("tuning_trials", "50")),
        "schedule": cron,
        "next_run_ms": schedule.following(cron, now_ms) if components and now_ms else None,
        "runs": [_run(row) for row in query(RUNS, limit)],
    }


def split(metrics: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Return a training's figures of the search, from before the hold-out, and those on it."""
    mine = {name: value for name, value in metrics.items() if name.startswith(FIGURE)}
    return mine, {name: value for name, value in metrics.items() if name not in mine}


def _run(row: Row) -> Row:
    metrics = json.loads(row.pop("metrics") or "{}")
    return {
        **row,
        "found": json.loads(row["found"] or "{}"),
        "skill_deflated": metrics.get("search_skill_deflated"),
        "sharpe_deflated": metrics.get("search_sharpe_deflated"),
        "result": "a candidate" if row["candidate"] else row["reason"] or row["state"],
    }

"""What the `learn` commands show, folded from the views of a home: rows for people and programs."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kingmaker.analytics import heads
from kingmaker.analytics.heads import Outcome
from kingmaker.contracts import schedule
from kingmaker.contracts.desks import COMPONENTS

EVEN = 1.0 / len(COMPONENTS)
LETTERS = dict(zip(COMPONENTS, "ABCDEFGHI", strict=True))
DAY_MS = 86_400_000
JOBS = {  # schedule -> what people call it
    "daily_learning": "Daily Learning Job",
    "weekly_retraining": "Weekly Retraining Job",
}
OUTCOMES = """
    SELECT resolved_ms, taken, net, signal_net, exit_reason, heads
    FROM decisions WHERE desk = ? AND state = 'resolved' ORDER BY resolved_ms, opportunity
"""
VERSIONS = """
    SELECT version, state_data, created_at FROM learning_state
    WHERE desk = ? AND state_type = 'head_weights' ORDER BY version
"""
TWINS = "SELECT slot FROM twins WHERE state = 'deciding' AND slot LIKE ? ORDER BY slot"
LEARNED = """
    SELECT revision, lessons, refused FROM learners
    WHERE slot = ? AND branch = 'champion' ORDER BY time_ms DESC LIMIT 1
"""
NOTHING_LEARNED = {"revision": 0, "lessons": 0, "refused": 0}
HOURS = """
    SELECT rebalances, hour_ms, cloud_1, cloud_2, pattern, online, s15 FROM rebalances
    WHERE slot = ? AND branch = 'champion' ORDER BY hour_ms DESC LIMIT 1
"""
RUNS = """
    SELECT id, desk, event_timestamp, new_value FROM learning_events
    WHERE event_type = 'job' AND triggered_by IN ('daily_learning', 'weekly_retraining')
    ORDER BY event_timestamp DESC, id DESC LIMIT ?
"""
SETTINGS = """
    SELECT p.key, p.value FROM parameters p
    WHERE p.service = ? AND p.seq =
        (SELECT max(q.seq) FROM parameters q WHERE q.service = p.service AND q.desk = p.desk)
    ORDER BY p.desk, p.key
"""  # those in force: a key that is told no longer is back at what ships
LATEST = "SELECT max(resolved_ms) AS now_ms, count(*) AS outcomes FROM decisions WHERE desk = ?"
NOW = "SELECT desk, last_ms FROM desks ORDER BY desk"
FUNNEL = """
    SELECT refusal, count(*) AS signals, avg(signal_net) AS net FROM decisions
    WHERE desk = ? GROUP BY refusal ORDER BY count(*) DESC, refusal
"""
OPEN = "SELECT count(*) AS open FROM decisions WHERE desk = ? AND state = 'decided'"

type Query = Callable[..., list[dict[str, Any]]]
type Row = dict[str, Any]


def performance(query: Query, desk: str) -> Row:
    """Return the account's signals, every head, and how far learning is."""
    known, (version, weights) = outcomes(query, desk), current(query, desk)
    times = [one.time_ms for one in known]
    days = (times[-1] - times[0]) / DAY_MS if times else 0.0
    return {
        "desk": desk,
        "overall": asdict(heads.overall(known)),
        "heads": [_lettered(asdict(one)) for one in heads.heads(known, weights)],
        "learning": {
            "enabled": is_on(query),
            "version": version,
            "outcomes": len(known),
            "days": round(days, 2),
        },
    }


def weight_stream(query: Query, desk: str, days: int) -> Row:
    """Return the weights in force and every version of so many days back from the last outcome."""
    version, weights = current(query, desk)
    found = [
        {
            "version": row["version"],
            "at_ms": _ms(row["created_at"]),
            **_by_component(row["state_data"]),
        }
        for row in query(VERSIONS, desk)
    ]
    since_ms = found[-1]["at_ms"] - days * DAY_MS if found else 0
    history = [row for row in found if row["at_ms"] >= since_ms]
    return {"desk": desk, "version": version, "current": dict(weights), "history": history}


def improvements(query: Query, desk: str) -> list[Row]:
    """Return week by week what the account's signals did, against the first two weeks."""
    return [{"desk": desk, **asdict(week)} for week in heads.weeks(outcomes(query, desk))]


def recommendations(query: Query, desk: str) -> list[Row]:
    """Return what each head's lift says of its weight."""
    _, weights = current(query, desk)
    measured = heads.heads(outcomes(query, desk), weights)
    return [{"desk": desk, **_lettered(asdict(one))} for one in heads.recommendations(measured)]


def stats(query: Query, desk: str) -> Row:
    """Return counters: of what learns, and of what watches outcomes."""
    version, weights = current(query, desk)
    [latest], [is_open] = query(LATEST, desk), query(OPEN, desk)
    return {
        "desk": desk,
        "coordinator": {
            "enabled": is_on(query),
            "outcomes_processed": len(outcomes(query, desk)),
            "head_weight_updates": version,
            "current_head_weights": dict(weights),
        },
        "monitor": {
            "signals_monitored": is_open["open"],
            "last_outcome_ms": latest["now_ms"],
        },
        "models": learning_on(query, desk),
    }


def learning_on(query: Query, desk: str) -> list[Row]:
    """Return the champions of a desk that learn on: how often each did, and the ensemble's hours.

    A champion learns on as long as it has a frozen twin.
    """
    found = []
    for twin in query(TWINS, f"%@{desk}"):
        slot = twin["slot"]
        known = query(LEARNED, slot)
        row = {"slot": slot, **(dict(known[0]) if known else NOTHING_LEARNED)}
        hours = query(HOURS, slot)
        found.append({**row, "hours": dict(hours[0]) if hours else None})
    return found


def funnel(query: Query, desk: str) -> list[Row]:
    """Return how many candidate signals each stage left alone, and what those would have returned.

    The row "taken" is what passed them all.
    """
    found = query(FUNNEL, desk)
    total = sum(row["signals"] for row in found)
    return [
        {
            "desk": desk,
            "stage": row["refusal"] or "taken",
            "signals": row["signals"],
            "share": row["signals"] / total,
            "net": row["net"],
        }
        for row in found
    ]


def scheduler(query: Query, desks: Sequence[str], limit: int = 10) -> Row:
    """Return the jobs with their next time of market time, and their last runs."""
    settings = settings_of(query, "learners")
    ends = [row["last_ms"] or 0 for row in query(NOW) if row["desk"] in desks]
    now_ms = max(ends + [query(LATEST, desk)[0]["now_ms"] or 0 for desk in desks], default=0)
    running = is_on(query)
    jobs = [
        {
            "id": name,
            "name": JOBS[name],
            "schedule": cron,
            "next_run_ms": schedule.following(cron, now_ms) if running and now_ms else None,
        }
        for name, cron in _crons(settings).items()
    ]
    history = [
        {
            "event": row["id"],
            "desk": row["desk"],
            "at_ms": _ms(row["event_timestamp"]),
            **json.loads(row["new_value"]),
        }
        for row in query(RUNS, limit)
    ]
    return {"scheduler_running": running, "total_jobs": len(jobs), "jobs": jobs, "history": history}


def current(query: Query, desk: str) -> tuple[int, Mapping[str, float]]:
    """Return the version in force and its weights by component; version 0 is one ninth each."""
    found = query(VERSIONS, desk)
    if not found:
        return 0, dict.fromkeys(COMPONENTS, EVEN)
    return found[-1]["version"], _by_component(found[-1]["state_data"])


def version_of(query: Query, desk: str, version: int) -> Sequence[float] | None:
    """Return the weights of a version in order of components; None where there is none such."""
    if version == 0:
        return [EVEN] * len(COMPONENTS)
    for row in query(VERSIONS, desk):
        if row["version"] == version:
            found = _by_component(row["state_data"])
            return [found[name] for name in COMPONENTS]
    return None


def outcomes(query: Query, desk: str) -> list[Outcome]:
    """Return every resolved opportunity of a desk, in the order in which they were resolved."""
    return [
        Outcome(
            time_ms=row["resolved_ms"],
            taken=bool(row["taken"]),
            net=row["net"] or 0.0,
            signal_net=row["signal_net"] or 0.0,
            reason=row["exit_reason"] or "",
            heads=_json(row["heads"]),
        )
        for row in query(OUTCOMES, desk)
    ]


def is_on(query: Query) -> bool:
    """Tell whether outcomes move the weights here."""
    return settings_of(query, "learners").get("learning.head_weights") == "1"


def settings_of(query: Query, *services: str) -> Mapping[str, str]:
    """Return the settings in force of some services; of several desks, those of the last."""
    return {row["key"]: row["value"] for name in services for row in query(SETTINGS, name)}


def _crons(settings: Mapping[str, str]) -> Mapping[str, str]:
    daily = settings.get("learning.daily_time", "00:00")
    weekly = settings.get("learning.weekly_time", "02:00")
    day = settings.get("learning.weekly_day", "SUN")
    return {
        "daily_learning": schedule.at(daily),
        "weekly_retraining": schedule.at(weekly, day),
    }


def _by_component(state_data: Any) -> dict[str, float]:  # noqa: ANN401 - JSON, or text of it
    found = _json(state_data)
    return {name: found[f"HEAD_{LETTERS[name]}"] for name in COMPONENTS}


def _json(value: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return json.loads(value) if isinstance(value, str) else dict(value or {})


def _lettered(row: Row) -> Row:
    return {"letter": f"HEAD_{LETTERS[row['head']]}", **row}


def _ms(moment: str) -> int:
    """Return a moment, as the views write it, in UTC milliseconds."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def estimate(value: Mapping[str, Any] | None, scale: float = 100.0, digits: int = 1) -> str:
    """Say a figure with its interval and from how many it is."""
    if value is None or value["value"] is None:
        return "-"
    said = f"{value['value'] * scale:.{digits}f}"
    if value["low"] is not None:
        said += f" [{value['low'] * scale:.{digits}f}, {value['high'] * scale:.{digits}f}]"
    return f"{said} n={value['n']:,}"

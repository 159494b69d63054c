"""What people see of learning from past bars: when the next run is, and what the last ones made."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kingmaker.market import fire_times
from kingmaker.market.hours import closed_on, is_open
from kingmaker.runtime import learning

SCHEDULE = "historical_learning"
DAYS = {"INTENSIVE": 90, "DEFAULT": 45}
PACE = {True: "every 60 min, light", False: "every 15 min, intensive"}  # by whether it is open
NOW = "SELECT desk, last_ms FROM desks ORDER BY desk"
RUNS = """
    SELECT id, desk, event_timestamp, new_value FROM learning_events
    WHERE event_type = 'job' AND triggered_by = 'historical_learning'
    ORDER BY event_timestamp DESC, id DESC LIMIT ?
"""

type Query = Callable[..., list[dict[str, Any]]]
type Row = dict[str, Any]


def schedule(query: Query) -> Row:
    """Return whether the calendar starts runs, and of each desk the next one, in market time."""
    settings = learning.settings_of(query, "learners")
    enabled = settings.get("historical.enabled") == "1"
    intensity = settings.get("historical.intensity", "INTENSIVE")
    desks = [
        {"id": SCHEDULE, **_of_desk(settings, row["desk"], row["last_ms"])}
        for row in query(NOW)
        if enabled and row["last_ms"]
    ]
    return {"enabled": enabled, "days": DAYS[intensity], "desks": desks, "runs": runs(query, 10)}


def runs(query: Query, limit: int) -> list[Row]:
    """Return the last runs that came to an end, the latest first."""
    return [
        {
            "event": row["id"],
            "desk": row["desk"],
            "at_ms": round(datetime.fromisoformat(row["event_timestamp"]).timestamp() * 1000),
            **json.loads(row["new_value"]),
        }
        for row in query(RUNS, limit)
    ]


def lessons(query: Query, run: str) -> Sequence[Mapping[str, Any]] | None:
    """Return what each component learned in a run, "": the last that fitted; None: no such run."""
    for found in runs(query, 1_000_000):
        if found["run"] == run or (not run and found["components"]):
            return [
                {"run": found["run"], "desk": found["desk"], **one} for one in found["components"]
            ]
    return None


def reason_of(event: Any) -> str:  # noqa: ANN401 - a HistoricalRunCompleted
    """Say in words what a run came to."""
    if event.same_as:
        return f"the same {event.bars} bars as {event.same_as}: nothing to learn"
    if event.reason:
        return str(event.reason)
    made = [lesson for lesson in event.lessons if lesson.digest]
    offered = [lesson.component for lesson in made if lesson.candidate]
    new = max((lesson.new_bars for lesson in event.lessons), default=0)
    text = f"{event.bars} bars, {new} of them new; {len(made)} of {len(event.lessons)} learned"
    return f"{text}; candidates: {', '.join(offered) or 'none'}"


def calendar_of(settings: Mapping[str, str], desk: str) -> str:
    """Return when a desk's market is open, holidays included, as the learners were told."""
    calendar = settings.get(f"market.calendar@{desk}", "24x7")
    return closed_on(calendar, settings.get(f"market.holidays@{desk}", ""))


def _of_desk(settings: Mapping[str, str], desk: str, now_ms: int) -> Row:
    hours = calendar_of(settings, desk)
    opened = is_open(hours, now_ms)
    return {
        "desk": desk,
        "calendar": settings.get(f"market.calendar@{desk}", "24x7"),
        "market": "open" if opened else "closed",
        "pace": PACE[opened],
        "next_run_ms": fire_times.following(hours, now_ms),
    }

"""What a desk should show after a day, a week, four weeks and three months of learning (C12).

Facts, read from the views: done, not done, or not due yet. What earlier systems promised for the
win rate is shown beside the gain that was measured; it is never asserted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from kingmaker.analytics import heads
from kingmaker.runtime import learning
from kingmaker.runtime.learning import Query

DAY_MS = 86_400_000
DAY, WEEK, MONTH, QUARTER = 1, 7, 28, 91  # days since the first outcome
PROMISED = {MONTH: "+3 to +5 points", QUARTER: "+8 to +12 points"}

type Row = dict[str, Any]


def checklist(query: Query, desk: str) -> list[Row]:
    """Return every point of a desk, in order of when it is due: what is seen, and whether it is."""
    stats, jobs = learning.stats(query, desk), learning.scheduler(query, [desk])
    outcomes = learning.outcomes(query, desk)
    times = [one.time_ms for one in outcomes]
    age_days = (max(times) - min(times)) / DAY_MS if times else 0.0
    points = [
        *_first_day(stats, jobs),
        *_first_week(stats, jobs, len(outcomes)),
        _heads_differ(stats["coordinator"]["current_head_weights"]),
        *[_gain(outcomes, days) for days in (MONTH, QUARTER)],
    ]
    return [{"desk": desk, **point, "state": _state(point, age_days)} for point in points]


def _first_day(stats: Row, jobs: Row) -> Iterator[Row]:
    watched = stats["monitor"]["signals_monitored"]
    last_ms = stats["monitor"]["last_outcome_ms"]
    yield _point(DAY, "outcomes are watched", last_ms is not None, f"{watched:,} signals open")
    due = [job["next_run_ms"] for job in jobs["jobs"] if job["next_run_ms"]]
    seen = f"{len(due)} of {jobs['total_jobs']} jobs have a next run"
    yield _point(DAY, "the learning jobs have a next run", len(due) == jobs["total_jobs"], seen)


def _first_week(stats: Row, jobs: Row, count: int) -> Iterator[Row]:
    learns = stats["coordinator"]["enabled"]
    seen = f"{count:,} outcomes" + ("" if learns else ", none learned from: it is off")
    yield _point(WEEK, "an outcome was learned from", learns and count > 0, seen)
    version = stats["coordinator"]["head_weight_updates"]
    yield _point(WEEK, "the weights have a version", version > 0, f"version {version:,}")
    runs = len(jobs["history"])
    yield _point(WEEK, "a learning job has run", runs > 0, f"{runs} of the last 10 runs are here")


def _heads_differ(weights: Mapping[str, float]) -> Row:
    low, high = min(weights.values()), max(weights.values())
    return _point(MONTH, "the heads weigh differently", high > low, f"{low:.4f} to {high:.4f}")


def _gain(outcomes: Sequence[heads.Outcome], days: int) -> Row:
    """Return the gain in win rate over the first two weeks, of the week that ends after so long."""
    weeks = [week for week in heads.weeks(outcomes) if week.week * WEEK >= days]
    what = f"signals win more often (earlier systems promised {PROMISED[days]})"
    if not weeks:
        return _point(days, what, done=False, seen="no such week yet")
    week = weeks[0]
    gain = learning.estimate(asdict(week.gain))
    return _point(days, what, week.reading == "better", f"week {week.week}: {gain}, {week.reading}")


def _point(days: int, what: str, done: bool, seen: str) -> Row:  # noqa: FBT001 - all it says
    return {"due_days": days, "what": what, "done": done, "seen": seen}


def _state(point: Row, age_days: float) -> str:
    if point["done"]:
        return "done"
    return "not seen" if age_days >= point["due_days"] else "not due yet"

"""Runs over past bars: as jobs, and as what was learned. Part of `learners`."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import desk_of, history_of
from kingmaker.runtime import past_bars
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Value, Where
from kingmaker.runtime.views.folds import work
from kingmaker.runtime.views.texts import as_json, as_value


def _started(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {
        "kind": "learners.history",
        "slot": history_of(event.desk),
        "desk": event.desk,
        "state": work.RUNNING,
        "cause": f"{event.mode}, {event.cause}",
        "numbers": as_json({"days": event.days, "open": event.open}),
        "actor": event.actor or None,
        "attempt": event.attempt or 1,
        "started_ms": event.time_ms,
        "due_ms": event.due_ms,
        "retry_at_ms": None,
        "ended_ms": None,
        "reason": None,
        "event": where.event,
    }
    return [Set(work.TRAININGS, (event.run,), values)]


def _completed(event: Event, where: Where) -> Sequence[Change]:
    reason = past_bars.reason_of(event)
    figures = {
        "job": past_bars.SCHEDULE,
        "run": event.run,
        "mode": event.mode,
        "state": "completed" if event.lessons else "skipped",
        "bars": event.bars,
        "trades": event.trades,
        "reason": reason,
        "components": [_lesson(lesson) for lesson in event.lessons],
    }
    values: dict[str, Value] = {
        "desk": event.desk,
        "event_type": "job",
        "event_timestamp": event.time_ms,
        "new_value": as_json(figures),
        "triggered_by": past_bars.SCHEDULE,
    }
    done = work.ended(work.TRAININGS, event.run, work.DONE, reason, where)
    return [done, Set("learning_events", (where.event,), values)]


def _failed(event: Event, where: Where) -> Sequence[Change]:
    """Return what a failed attempt changes: another follows, or the job is given up."""
    if event.retry_at_ms:
        return work.failed(event.run, event, where)
    gone = work.ended(work.TRAININGS, event.run, work.ABANDONED, event.reason, where)
    return [gone, Add(work.TRAININGS, (event.run,), {"failures": 1})]


def _cancelled(event: Event, where: Where) -> Sequence[Change]:
    why = f"{event.actor}: {event.reason}"
    return [work.ended(work.TRAININGS, event.run, work.CANCELLED, why, where)]


def is_run(job: str) -> bool:
    """Tell a run over past bars from a training: its own events tell how it ends."""
    return job.startswith("hist-")


def is_lesson(training: str) -> bool:
    """Tell whether what was trained is a component's lesson of a run: hist-0001/cvar_ppo."""
    return "/" in training


def offered(event: Event) -> Mapping[str, Value]:
    """Return what is told of a lesson that became a candidate, beside its product."""
    return {
        "slot": event.slot,
        "desk": desk_of(event.slot),
        "cause": "historical",
        "trades": event.trades,
        "until_ms": event.data_until_ms,
        "started_ms": event.time_ms,
    }


def _lesson(lesson: Event) -> dict[str, str | int | float | None]:
    names = ("component", "digest", "new_bars", "new_trades", "candidate", "reason")
    return {name: as_value(getattr(lesson, name)) for name in names}


FOLDS: Mapping[str, Fold] = {
    "HistoricalRunStarted": _started,
    "HistoricalRunCompleted": _completed,
    "HistoricalRunFailed": _failed,
    "HistoricalRunCancelled": _cancelled,
}

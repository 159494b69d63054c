"""Runs over past bars as jobs: tried three times, given up with an alert, ended by people.

What is tried again is the same run: same bars and same seeds, and the same bits where no setting of
feed or trader changed in between, since those in force when an attempt begins are played by. People
may have one tried again that was given up or that they ended, until the next run of its desk
begins: that one learns from these bars as well.
"""

from collections.abc import Sequence

from kingmaker.contracts.desks import history_of
from kingmaker.governance.orders import RefusedError, short
from kingmaker.kernel.frozen import replace
from kingmaker.learners import backoff
from kingmaker.learners.domain import JobAbandoned, State
from kingmaker.learners.history import (
    HistoricalRunCancelled,
    HistoricalRunFailed,
    HistoricalRunStarted,
    History,
)
from kingmaker.learners.people import CancelTraining, RetryTraining

PREFIX = "hist-"
RUN_MS = 10 * 60_000  # of market time, until the products are there


def is_run(job: str) -> bool:
    """Tell a run over past bars from a training."""
    return job.startswith(PREFIX)


def under_way(state: State) -> Sequence[HistoricalRunStarted]:
    """Return the runs that somebody works at, by desk."""
    held = [state.history[desk] for desk in sorted(state.history)]
    return [one.run for one in held if one.run is not None and not one.retry_at_ms]


def names(held: History) -> set[str]:
    """Return the runs of a desk that may begin again."""
    return {run.run for run in (held.run, held.ended) if run is not None}


def failed(
    state: State, run: HistoricalRunStarted, reason: str
) -> Sequence[HistoricalRunFailed | JobAbandoned]:
    """Return what a failed attempt comes to: another one, or the end and an alert."""
    attempt = max(run.attempt, 1)
    last = attempt >= state.policy.attempts_max
    retry_at_ms = 0 if last else backoff.retry_at_ms(run.due_ms, run.run, attempt)
    told = HistoricalRunFailed(run.run, run.desk, reason, run.due_ms, attempt, retry_at_ms)
    if not last:
        return [told]
    return [told, JobAbandoned(run.run, history_of(run.desk), reason, run.due_ms)]


def again(state: State, time_ms: int) -> Sequence[HistoricalRunStarted]:
    """Begin what waits for another attempt; what a person asked for is due at once again."""
    return [
        replace(
            held.run,
            attempt=max(held.run.attempt, 1) + 1,
            time_ms=time_ms,
            due_ms=time_ms if held.run.actor else time_ms + RUN_MS,
        )
        for held in (state.history[desk] for desk in sorted(state.history))
        if held.run is not None and 0 < held.retry_at_ms <= time_ms
    ]


def cancel(state: State, command: CancelTraining, now_ms: int) -> HistoricalRunCancelled:
    """End a run that is under way, or waits for its next attempt."""
    runs = [held.run for held in state.history.values() if held.run is not None]
    run = next((run for run in runs if run.run == command.training), None)
    if run is None:
        known = ", ".join(sorted(run.run for run in runs))
        raise RefusedError(
            f"{short(command.training)!r} is not under way: "
            + (f"under way: {known}" if known else "no run over past bars is")
        )
    return HistoricalRunCancelled(
        run=run.run,
        desk=run.desk,
        attempt=max(run.attempt, 1),
        actor=command.actor,
        reason=command.reason,
        command_id=command.command_id,
        time_ms=now_ms,
    )


def retry(state: State, command: RetryTraining, now_ms: int) -> HistoricalRunStarted:
    """Begin again at the first attempt a run that was given up or cancelled."""
    ended = [held.ended for held in state.history.values() if held.ended is not None]
    run = next((run for run in ended if run.run == command.training), None)
    if run is None:
        known = ", ".join(sorted(run.run for run in ended)) or "none"
        raise RefusedError(
            f"{short(command.training)!r} is no run that came to nothing and that no later one of"
            f" its desk followed; may be retried: {known}"
        )
    return replace(
        run,
        attempt=1,
        time_ms=now_ms,
        due_ms=now_ms,
        actor=command.actor,
        command_id=command.command_id,
    )

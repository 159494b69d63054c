"""The jobs that look back on outcomes: what they are told, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.learners.heads import DAY_MS, Heads, Seen

DUE, PERSON = "due", "person"  # why a job runs


@dataclass(frozen=True, slots=True)
class TriggerFired:
    """A schedule fired: what its jobs decide stands in the same step, so it is done once."""

    schedule: str
    fire_time_ms: int
    cause: str
    actor: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class LearningJobSkipped:
    """A job of one desk did nothing, and why."""

    schedule: str
    desk: str
    date: str
    reason: str
    outcomes: int
    needed: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class LearningJobCompleted:
    """A job of one desk looked at outcomes; `version` is the one that it made, 0: none."""

    schedule: str
    desk: str
    date: str
    from_ms: int
    until_ms: int
    outcomes: int
    wins: int
    version: int
    reason: str  # why it made none
    weights: tuple[float, ...]  # that it found, deployed or not
    figures: dict[str, float]
    time_ms: int


@dataclass(frozen=True, slots=True)
class Run:
    """One job of one desk at one fire time."""

    schedule: str
    desk: str
    date: str  # of the fire time: once done, it is done
    fire_time_ms: int
    time_ms: int

    def skipped(self, reason: str, outcomes: int, needed: int) -> LearningJobSkipped:
        """Return that nothing was done."""
        return LearningJobSkipped(
            self.schedule, self.desk, self.date, reason, outcomes, needed, self.time_ms
        )


def between(held: Heads, after_ms: int, until_ms: int) -> Sequence[Seen]:
    """Return the outcomes resolved after the one and not after the other, in order of decision."""
    days = range(after_ms // DAY_MS, until_ms // DAY_MS + 1)
    found = [
        seen
        for day in days
        for seen in held.days.get(day, ())
        if after_ms < seen.time_ms <= until_ms
    ]
    return sorted(found, key=lambda seen: (seen.decided_ms, seen.time_ms))

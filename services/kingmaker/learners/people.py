"""What people ask of the learners, and what is said to them; times are UTC ms of market time."""

from dataclasses import dataclass

# Heard, signed


@dataclass(frozen=True, slots=True)
class StartTraining:
    """Train a slot now. `scheduled`: held to the criteria of a retrain; `dry_run`: judged only.

    `origin`: how the product shall come about; empty: as every cause has it made.
    `trials`: of a search for its parameters, with origin autogen; 0 without one.
    """

    command_id: str
    slot: str
    scheduled: bool
    dry_run: bool
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    origin: str = ""
    trials: int = 0


@dataclass(frozen=True, slots=True)
class CancelTraining:
    """End a training that is not over."""

    command_id: str
    training: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class RetryTraining:
    """Try a training again that was abandoned or cancelled: same trades, same seed."""

    command_id: str
    training: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class RunLearningJob:
    """Run a job of the schedule now, on every desk; a date that is done changes nothing."""

    command_id: str
    schedule: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class RestoreHeadWeights:
    """Put a former version of a desk's head weights in force; `weights` are what it was."""

    command_id: str
    desk: str
    version: int
    weights: tuple[float, ...]
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


# Said


@dataclass(frozen=True, slots=True)
class TrainingCancelled:
    """A person ended a training; its process is killed, and nothing of it is kept."""

    training: str
    slot: str
    attempt: int
    actor: str
    reason: str
    command_id: str
    time_ms: int


type AboutHeads = RunLearningJob | RestoreHeadWeights
type Command = StartTraining | CancelTraining | RetryTraining | AboutHeads

"""What the trader says of models that go on learning, trade by trade."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UpdateRuleLoaded:
    """These bytes declare how they learn from a trade."""

    digest: str
    component: str
    rule: str
    parameters: dict[str, float]
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ModelRevised:
    """A model learned from a closed trade of its own: its next decision is by this revision.

    `learner` names who remembers, whoever reigns; `branch` is what the trade's decision called it.
    With `hour_ms` it is no trade that taught it, but the hour that is over: then the row is what
    decides from here on.
    """

    slot: str
    learner: str
    branch: str
    digest: str
    revision: int
    revised: str
    opportunity: str
    strategy: str
    label: float
    row: tuple[float, ...]
    time_ms: int
    hour_ms: int = 0  # the end of the hour, market time


@dataclass(frozen=True, slots=True)
class RevisionRefused:
    """A trade would have led to numbers that nobody can decide by; `revision` stays."""

    slot: str
    learner: str
    branch: str
    digest: str
    revision: int
    opportunity: str
    reason: str
    time_ms: int

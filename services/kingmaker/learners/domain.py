"""The words of the learners: what they hear, what they say, what they believe."""

from dataclasses import dataclass, field

from kingmaker.kernel.frozen import quick
from kingmaker.kernel.service import Tick
from kingmaker.learners.heads import Heads, Outcome, OutcomeJudged, WeightsLearned
from kingmaker.learners.policy import Policy

# Heard from the trader


@dataclass(frozen=True, slots=True)
class OpportunityResolved:
    """An opportunity is over. What is learned from it is read from the trader's own lane."""

    time_ms: int
    desk: str
    opportunity: str = ""
    decided_ms: int = 0
    signal_net: float = 0.0
    heads: tuple[float, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """The trader follows this reign."""

    slot: str
    model: str


# Heard from the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings, at every start."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class TrainingSucceeded:
    """A bundle was made; `metrics` are its figures on the hold-out."""

    training: str
    digest: str
    size_bytes: int
    dataset_digest: str
    data_from_ms: int
    metrics: dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainingBroke:
    """No bundle was made; `permanent` if the same data and seed would fail again."""

    training: str
    reason: str
    permanent: bool


# Said


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeCounted:
    """One more closed trade of a desk; `outcomes` so far."""

    desk: str
    outcomes: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChampionNoted:
    """A slot that learns has this champion: the parent of what is trained next."""

    slot: str
    model: str


@dataclass(frozen=True, slots=True)
class NightFell:
    """The nightly time has come; `night` in days since 1970-01-01 UTC."""

    night: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """Learn from the first `trades` outcomes of the slot's desk; none is later than `until_ms`."""

    training: str
    slot: str
    cause: str
    trades: int
    new_trades: int
    until_ms: int
    seed: int
    due_ms: int
    attempt: int
    parent: str
    time_ms: int
    parameters: dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainingCompleted:
    """A bundle was made; `reason` says why it is no candidate."""

    training: str
    slot: str
    digest: str
    size_bytes: int
    dataset_digest: str
    data_from_ms: int
    data_until_ms: int
    trades: int
    seed: int
    metrics: dict[str, float]
    candidate: bool
    reason: str
    parent: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class TrainingFailed:
    """An attempt failed; the next starts at the first tick from `retry_at_ms` on (0: none)."""

    training: str
    slot: str
    attempt: int
    reason: str
    retry_at_ms: int


@dataclass(frozen=True, slots=True)
class JobAbandoned:
    """The last attempt failed, or no other could succeed."""

    job: str
    slot: str
    reason: str
    time_ms: int


type Message = (
    Tick | OpportunityResolved | ChampionActivated | ApplyPolicy | TrainingSucceeded | TrainingBroke
)
type Event = (
    PolicyApplied
    | OutcomeCounted
    | ChampionNoted
    | NightFell
    | TrainingStarted
    | TrainingCompleted
    | TrainingFailed
    | JobAbandoned
    | OutcomeJudged
    | WeightsLearned
)

# Believed


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed trades of a desk, and when the latest of them was resolved."""

    trades: int = 0
    latest_ms: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """A training that is not over: under way, or waiting for its next attempt."""

    started: TrainingStarted
    retry_at_ms: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether its last attempt failed and the next has not begun."""
        return self.retry_at_ms > 0


@quick
@dataclass(frozen=True, slots=True)
class State:
    """All desks; `closed` by desk, `champions` and `learned` (trades at the last start) by slot."""

    policy: Policy = field(default_factory=Policy)
    policy_hash: str = ""
    closed: dict[str, Closed] = field(default_factory=dict)
    champions: dict[str, str] = field(default_factory=dict)
    learned: dict[str, int] = field(default_factory=dict)
    night: int = -1
    trainings: int = 0
    jobs: dict[str, Job] = field(default_factory=dict)
    heads: dict[str, Heads] = field(default_factory=dict)  # by desk

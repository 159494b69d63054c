"""The words of the learners: what they hear, what they say, what they believe."""

from dataclasses import dataclass, field

from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, Keys, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.frozen import quick
from kingmaker.kernel.service import Tick
from kingmaker.learners.heads import Heads, Outcome, OutcomeJudged, WeightsLearned
from kingmaker.learners.history import AboutHistory, Fact, History
from kingmaker.learners.looking_back import (
    LearningJobCompleted,
    LearningJobSkipped,
    TriggerFired,
)
from kingmaker.learners.people import (
    Command,
    TrainingCancelled,
)
from kingmaker.learners.policy import Policy
from kingmaker.learners.tuned import Tuned

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
    confluence_min: float = 0.0


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """The trader follows this reign."""

    slot: str
    model: str
    digest: str = ""
    time_ms: int = 0


@dataclass(frozen=True, slots=True)
class ParametersRestored:
    """Settings of a desk went back, and head weights that a job had changed with them."""

    slot: str
    values: dict[str, str]
    time_ms: int


# Heard from risk


@dataclass(frozen=True, slots=True)
class GuardChanged:
    """The performance guard of a desk took a step."""

    desk: str
    number: int
    level: str
    before: str
    trades: int
    win_rate: float
    drawdown: float
    losses: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class DriftDetected:
    """A feature of a symbol no longer looks like what was learned from."""

    desk: str
    number: int
    symbol: str
    feature: str
    score: float
    threshold: float
    window: int
    time_ms: int


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
    found: dict[str, float] = field(default_factory=dict)  # parameters, by a search
    teacher: str = ""  # digest of the bundle that taught it


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
    taken: bool = False  # by the champion
    net: float = 0.0  # of its signal, at full size


@dataclass(frozen=True, slots=True)
class ChampionNoted:
    """A slot that learns has this champion: the parent of what is trained next.

    `expected` is the net return a trade that it was admitted with, where `expects` says so.
    """

    slot: str
    model: str
    time_ms: int = 0
    expects: bool = False
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class NightFell:
    """The nightly time has come; `night` in days since 1970-01-01 UTC."""

    night: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class CauseNoted:
    """Risk said what makes a training due, of every slot that learns on the desk."""

    desk: str
    cause: str
    time_ms: int
    numbers: dict[str, float]


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
    numbers: dict[str, float] = field(default_factory=dict)  # that made the cause due
    actor: str = ""  # who asked, where a person did
    command_id: str = ""
    dry_run: bool = False  # judged, and never a candidate
    origin: str = ""  # of the product; empty: trained


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
    origin: str = ""  # as its `TrainingStarted` says
    found: dict[str, float] = field(default_factory=dict)  # parameters, by a search
    teacher: str = ""  # digest of the bundle that taught it


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


type FromRisk = GuardChanged | DriftDetected
type FromPeople = KeyTrusted | KeyRevoked | Signed | Command  # keys: as promotion says
type Message = (
    Tick
    | OpportunityResolved
    | ChampionActivated
    | ParametersRestored
    | FromRisk
    | ApplyPolicy
    | TrainingSucceeded
    | TrainingBroke
    | Fact
    | FromPeople
)
type AboutJobs = (
    TrainingStarted | TrainingCompleted | TrainingFailed | JobAbandoned | TrainingCancelled
)
type AboutPeople = KeyTrusted | KeyRevoked | CommandTaken | CommandRefused
type AboutHeads = (
    OutcomeJudged | WeightsLearned | TriggerFired | LearningJobCompleted | LearningJobSkipped
)
type Event = (
    PolicyApplied
    | OutcomeCounted
    | ChampionNoted
    | CauseNoted
    | NightFell
    | AboutJobs
    | AboutPeople
    | AboutHeads
    | AboutHistory
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


@dataclass(frozen=True, slots=True)
class Ended:
    """A training that came to nothing, and may be tried again for some days."""

    started: TrainingStarted
    how: str  # abandoned, cancelled
    time_ms: int


@dataclass(frozen=True, slots=True)
class Reign:
    """A slot's champion: since when, what it was admitted with, what its latest trades returned."""

    since_ms: int
    expected: float | None = None
    nets: tuple[float, ...] = ()


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
    fired: dict[str, int] = field(default_factory=dict)  # last fire time dealt with, by schedule
    ended: dict[str, Ended] = field(default_factory=dict)  # by training: who may be tried again
    started_ms: dict[str, int] = field(default_factory=dict)  # the last training, by slot
    scheduled_ms: dict[str, int] = field(default_factory=dict)  # the last scheduled one, by slot
    reigns: dict[str, Reign] = field(default_factory=dict)  # by slot
    noted: dict[str, dict[str, CauseNoted]] = field(default_factory=dict)  # by desk, then by cause
    promised: dict[str, float] = field(default_factory=dict)  # net a trade, by candidate's digest
    keys: Keys = field(default_factory=dict)
    commands: dict[str, int] = field(default_factory=dict)  # ids acted upon, and their last moment
    tuned: dict[str, Tuned] = field(default_factory=dict)  # the last search, by slot
    history: dict[str, History] = field(default_factory=dict)  # by desk
    runs: int = 0  # over past bars

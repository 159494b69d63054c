"""Learning from past bars (A4): what is said of a run, and what the learners believe of runs.

Times are UTC milliseconds of market time; by component where a mapping has no other key.
"""

from dataclasses import dataclass, field

from kingmaker.kernel.frozen import quick

INTENSIVE, LIGHT = "intensive", "light"
DUE, PERSON = "due", "person"  # why a run began
SCHEDULE = "historical_learning"  # as people call for it


@dataclass(frozen=True, slots=True)
class HistoryLesson:
    """What one component learned; without a digest nothing was made, and `reason` says why.

    `new_bars` and `new_trades` came after the last bar that it was taught in any run before.
    """

    component: str
    new_bars: int
    new_trades: int
    digest: str = ""
    size_bytes: int = 0
    dataset_digest: str = ""
    data_from_ms: int = 0
    trades: int = 0
    metrics: dict[str, float] = field(default_factory=dict)
    reason: str = ""
    judged: bool = False  # held against the rules of admission this time
    candidate: bool = False


# Heard from the runtime


@dataclass(frozen=True, slots=True)
class HistoryLearned:
    """The bars were played on a scratch log, and each component has learned or says why not."""

    run: str
    bars: int
    bars_from_ms: int
    bars_until_ms: int
    trades: int
    sources_digest: str
    lessons: tuple[HistoryLesson, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HistoryBroke:
    """A run came to nothing."""

    run: str
    reason: str


# Said


@dataclass(frozen=True, slots=True)
class HistoricalRunStarted:
    """Play a desk's latest bars, and learn from them."""

    run: str
    desk: str
    mode: str
    cause: str
    open: bool
    fire_time_ms: int
    days: int
    until_ms: int
    base_from_ms: int
    base_until_ms: int
    known: str
    taught: dict[str, int]
    seeds: dict[str, int]
    parameters: dict[str, float]  # by component.parameter
    due_ms: int
    time_ms: int
    actor: str = ""
    command_id: str = ""
    attempt: int = 1  # 0, of an earlier release: the first


@dataclass(frozen=True, slots=True)
class HistoricalRunCompleted:
    """What a run learned from, as counted; `same_as`: the run that had the same sources."""

    run: str
    desk: str
    mode: str
    bars: int
    bars_from_ms: int
    bars_until_ms: int
    trades: int
    sources_digest: str
    same_as: str
    lessons: tuple[HistoryLesson, ...]
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class HistoricalRunFailed:
    """An attempt came to nothing; the next starts at the first tick from `retry_at_ms` on.

    0: no other follows, and the next fire time learns from these bars.
    """

    run: str
    desk: str
    reason: str
    time_ms: int
    attempt: int = 1
    retry_at_ms: int = 0


@dataclass(frozen=True, slots=True)
class HistoricalRunCancelled:
    """A person ended a run; its process is killed, and nothing of it is kept."""

    run: str
    desk: str
    attempt: int
    actor: str
    reason: str
    command_id: str
    time_ms: int


type Fact = HistoryLearned | HistoryBroke
type AboutHistory = (
    HistoricalRunStarted | HistoricalRunCompleted | HistoricalRunFailed | HistoricalRunCancelled
)


# Believed


@dataclass(frozen=True, slots=True)
class Done:
    """A run that came to an end, and the bars that it had."""

    run: str
    sources_digest: str
    fire_time_ms: int
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Taught:
    """One component of a desk: how much history has taught it, each bar once.

    `fresh` trades came since its product was last held against the rules of admission: `digest`.
    """

    until_ms: int = 0
    bars: int = 0
    fresh: int = 0
    judged_ms: int = 0
    digest: str = ""


@quick
@dataclass(frozen=True, slots=True)
class History:
    """One desk."""

    fired_ms: int = -1  # the last fire time that was dealt with
    run: HistoricalRunStarted | None = None  # that is not over
    retry_at_ms: int = 0  # its last attempt failed; 0: it is under way
    ended: HistoricalRunStarted | None = None  # the last, where it came to nothing
    base: Done | None = None  # the last intensive run: light ones go on from there
    last: dict[str, Done] = field(default_factory=dict)  # by mode
    taught: dict[str, Taught] = field(default_factory=dict)

"""The words of risk: what it hears, what it says, what it believes of its desk.

Times are UTC milliseconds of market time.
"""

from dataclasses import dataclass, field

from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, Keys, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.frozen import quick
from kingmaker.kernel.service import Tick
from kingmaker.risk.guard import Guard
from kingmaker.risk.policy import Policy
from kingmaker.risk.references import Reference

NORMAL, KILLED = "normal", "killed"

# Heard from people


@dataclass(frozen=True, slots=True)
class Kill:
    """Open no position and crown nobody until Resume; `flatten`: close what is open, too."""

    command_id: str
    desk: str
    flatten: bool
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Trade again."""

    command_id: str
    desk: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


# Heard from the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings, at every start."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class KillFileFound:
    """The file KILL lies in the home; `text` is its first line."""

    text: str


@dataclass(frozen=True, slots=True)
class KillFileGone:
    """It does not, or no longer."""


# Heard from the feed


@dataclass(frozen=True, slots=True)
class BarClosed:
    """A bar that counts, known at its close."""

    symbol: str
    interval_ms: int
    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float

    @property
    def close_ms(self) -> int:
        """When it is known."""
        return self.open_ms + self.interval_ms


# Heard from the learners


@dataclass(frozen=True, slots=True)
class TrainingCompleted:
    """A training of a slot ended; it saw nothing later than `data_until_ms`."""

    training: str
    slot: str
    data_until_ms: int


# Heard from the trader


@dataclass(frozen=True, slots=True)
class PositionClosed:
    """The account left a position; `net` is a fraction of the capital base."""

    position: str
    reason: str
    net: float
    time_ms: int


@dataclass(frozen=True, slots=True)
class EntryBarred:
    """The champion took a signal, and the account did not follow it."""

    position: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a branch made of an opportunity, by simulation, at full size."""

    net: float


@dataclass(frozen=True, slots=True)
class OpportunityResolved:
    """An opportunity is over; the first outcome is the champion's."""

    opportunity: str
    outcomes: tuple[Outcome, ...]
    time_ms: int


# Said


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """The desk trades in this mode from here on; `kill` numbers the change that began the kill."""

    desk: str
    number: int
    mode: str
    flatten: bool
    kill: int
    actor: str
    reason: str
    command_id: str
    key_id: str
    key_owner: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class KillFileNoted:
    """What was seen of the file KILL; while it lies there, nobody resumes."""

    found: bool
    text: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class EntryAwaited:
    """The account left a trade alone because the guard had paused it: its simulation counts."""

    trade: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class TradeCounted:
    """One more trade of the champion, and how the latest ones went; `since` the last change."""

    desk: str
    trade: str
    number: int
    net: float
    simulated: bool
    trades: int
    win_rate: float
    drawdown: float
    losses: int
    since: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class GuardChanged:
    """The guard takes a step; `size` is the share of a position that the account takes."""

    desk: str
    number: int
    level: str
    before: str
    cause: str
    size: float
    trades: int
    win_rate: float
    drawdown: float
    losses: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class FeaturesMeasured:
    """250 more bars of a symbol are counted; see `histograms` and `references`."""

    symbol: str
    number: int
    until_ms: int
    bars: int
    counts: bytes
    reference: int
    scores: tuple[float, ...]
    drifted: tuple[str, ...]
    time_ms: int


@dataclass(frozen=True, slots=True)
class ReferenceTaken:
    """What windows of a symbol are compared with from here on."""

    symbol: str
    number: int
    training: str
    until_ms: int
    windows: int
    rule: str
    totals: tuple[int, ...]
    means: tuple[float, ...]
    sigmas: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DriftDetected:
    """A feature of a symbol no longer looks like what was learned from."""

    desk: str
    number: int
    symbol: str
    feature: str
    score: float
    threshold: float
    mean: float
    sigma: float
    rule: str
    window: int
    until_ms: int
    reference: int
    training: str
    time_ms: int


type Command = Kill | Resume
type AboutFile = KillFileFound | KillFileGone
type AboutKeys = KeyTrusted | KeyRevoked  # said by promotion, and repeated here
type AboutTrades = PositionClosed | EntryBarred | OpportunityResolved
type AboutMarket = BarClosed | TrainingCompleted
type Heard = AboutKeys | Signed | Command | AboutFile | AboutTrades | AboutMarket
type Message = Heard | ApplyPolicy | Tick
type OfGuard = EntryAwaited | TradeCounted | GuardChanged
type OfKill = ModeChanged | CommandTaken | CommandRefused | KillFileNoted
type OfDrift = FeaturesMeasured | ReferenceTaken | DriftDetected
type Event = AboutKeys | OfKill | OfGuard | OfDrift | PolicyApplied

# Believed


@quick
@dataclass(frozen=True, slots=True)
class Watched:
    """A symbol whose features are held against a reference; windows by the close of each."""

    number: int = 0  # of the last window
    until_ms: int = 0
    windows: tuple[tuple[int, bytes], ...] = ()
    reference: Reference | None = None
    drifted: tuple[str, ...] = ()  # features beyond the limit at the last window
    told_ms: int | None = None  # close of the last window of which this reference told drift
    worst: float | None = None  # score of that window; None before there is a reference


@quick
@dataclass(frozen=True, slots=True)
class State:
    """One desk."""

    desk: str
    policy: Policy = field(default_factory=Policy)
    policy_hash: str = ""
    keys: Keys = field(default_factory=dict)
    commands: dict[str, int] = field(default_factory=dict)  # ids acted upon, and their last moment
    last: ModeChanged | None = None  # the last change of mode
    kill_file: bool = False  # lies in the home
    guard: Guard = field(default_factory=Guard)
    watched: dict[str, Watched] = field(default_factory=dict)  # by symbol
    drifts: int = 0  # said so far

    @property
    def kill(self) -> ModeChanged | None:
        """The change that made the kill what it is now; None where nobody killed."""
        return self.last if self.last and self.last.mode == KILLED else None

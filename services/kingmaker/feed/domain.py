"""The words of the feed: what it hears, what it says, what it believes."""

from dataclasses import dataclass, field

from kingmaker.feed.policy import Policy
from kingmaker.kernel.frozen import quick

# Heard from the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """These settings hold from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


# Heard from a source


@dataclass(frozen=True, slots=True)
class BarRead:
    """A row of a source: prices in quote currency, volume as the vendor counts it."""

    symbol: str
    interval_ms: int
    open_ms: int  # UTC bar open
    open: float
    high: float
    low: float
    close: float
    volume: float

    @property
    def close_ms(self) -> int:
        """When the bar is known."""
        return self.open_ms + self.interval_ms


# Said


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class SymbolAdded:
    """The first bar of a symbol was seen."""

    symbol: str
    interval_ms: int


@dataclass(frozen=True, slots=True)
class BarClosed:
    """A bar that counts: known at open_ms + interval_ms."""

    symbol: str
    interval_ms: int
    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True, slots=True)
class GapRecorded:
    """Bars are missing between two that follow each other, though the market was open."""

    symbol: str
    after_open_ms: int
    before_open_ms: int
    bars_missing: int


@dataclass(frozen=True, slots=True)
class BarRefused:
    """A row that cannot be a bar, or comes late or twice."""

    symbol: str
    open_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The desk's market opened or closed, as seen when a bar closed."""

    open: bool
    time_ms: int


type Message = ApplyPolicy | BarRead
type Event = PolicyApplied | SymbolAdded | BarClosed | GapRecorded | BarRefused | CalendarChanged

# Believed


@quick
@dataclass(frozen=True, slots=True)
class Symbol:
    """One series of bars."""

    interval_ms: int
    last_open_ms: int | None = None
    bars: int = 0
    gaps: int = 0
    bars_missing: int = 0


@quick
@dataclass(frozen=True, slots=True)
class State:
    """One desk's bars."""

    policy_hash: str = ""
    policy: Policy = field(default_factory=Policy)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    refused: int = 0
    market_open: bool | None = None  # not known before the first bar

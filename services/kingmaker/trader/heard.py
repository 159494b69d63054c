"""What the trader hears: from the runtime, the feed, risk and promotion."""

from dataclasses import dataclass, field

# Heard from the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings, at every start."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """The fact that answers `ModelLoadRequested`: these bytes serve."""

    digest: str
    attempt: int = 0  # of the request; 0: whichever is open
    rule: str = ""  # by which the model learns from each trade; "": it does not
    parameters: dict[str, float] = field(default_factory=dict)
    numbers: tuple[float, ...] = ()  # that the rule begins with


@dataclass(frozen=True, slots=True)
class ModelLoadFailed:
    """These bytes do not load; with attempt 0 perhaps unasked, of bytes that served before."""

    digest: str
    reason: str
    attempt: int = 0


# Heard from the feed


@dataclass(frozen=True, slots=True)
class BarClosed:
    """A bar that counts, known at its close; prices in quote currency."""

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


# Heard from risk


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """The desk trades in this mode from here on; `flatten`: what is open is to be closed."""

    number: int
    mode: str
    flatten: bool
    time_ms: int


@dataclass(frozen=True, slots=True)
class GuardChanged:
    """The account takes this share of every position from here on; 0: it opens none."""

    number: int
    level: str
    size: float
    time_ms: int


# Heard from promotion


@dataclass(frozen=True, slots=True)
class TrialOpened:
    """A challenger is to decide in shadow."""

    trial: str
    slot: str
    champion: str
    challenger: str
    challenger_digest: str
    rule: str
    parameters: dict[str, float]
    time_ms: int


@dataclass(frozen=True, slots=True)
class TrialClosed:
    """A challenger is no longer needed; the reason "crowned" stands beside its coronation."""

    trial: str
    slot: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChampionCrowned:
    """A model reigns; `how` is bootstrap, promoted or direct."""

    slot: str
    model: str
    digest: str
    reign: int
    how: str
    time_ms: int
    trial: str = ""
    canary_rule: str = ""  # that watches the reign
    canary_parameters: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChampionRolledBack:
    """The crown went back to `to_model`."""

    slot: str
    to_model: str
    to_digest: str
    reign: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ParametersRolledBack:
    """A change of settings is to go back: `values` are those before it."""

    change: str
    values: dict[str, str]
    trigger: str
    time_ms: int


# Heard from the learners


@dataclass(frozen=True, slots=True)
class WeightsLearned:
    """The head weights of a desk from here on, in order of components; others' desks are heard."""

    desk: str
    version: int
    weights: tuple[float, ...]
    cause: str
    time_ms: int

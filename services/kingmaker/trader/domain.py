"""The words of the trader: what it says, and the unions of what it hears and says."""

from dataclasses import dataclass, field

from kingmaker.trader.heard import (
    ApplyPolicy,
    BarClosed,
    ChampionCrowned,
    ChampionRolledBack,
    ModeChanged,
    ModelLoaded,
    ModelLoadFailed,
    ParametersRolledBack,
    TrialClosed,
    TrialOpened,
)

# Said of models


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ParameterChanged:
    """Settings that touch decisions changed; the set before decides on, in the branch `canary`."""

    change: str
    desk: str
    slot: str
    number: int
    old: dict[str, str]
    new: dict[str, str]
    cause: str
    actor: str
    time_ms: int
    canary: str
    canary_rule: str
    canary_parameters: dict[str, float]
    lineup: str
    first_bucket: int


@dataclass(frozen=True, slots=True)
class ParametersRestored:
    """The set before a change is in force again, until the settings change anew."""

    change: str
    slot: str
    values: dict[str, str]
    trigger: str
    canary: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ModelLoadRequested:
    """An effect: load these bytes for serving. `how` says what for: bootstrap, rollback, trial."""

    slot: str
    model: str
    digest: str
    due_ms: int
    attempt: int
    reign: int
    how: str
    trial: str
    champion: str
    rule: str
    parameters: dict[str, float]


@dataclass(frozen=True, slots=True)
class ModelReady:
    """A model of the bootstrap is loaded; it reigns once all nine slots have theirs."""

    slot: str
    model: str
    digest: str
    reign: int


@dataclass(frozen=True, slots=True)
class ChallengerWarmed:
    """A challenger decides in shadow from here on; the trial is repeated for those who measure."""

    trial: str
    slot: str
    model: str
    digest: str
    champion: str
    time_ms: int
    rule: str
    parameters: dict[str, float]
    lineup: str
    first_bucket: int


@dataclass(frozen=True, slots=True)
class ChallengerFaulted:
    """A challenger failed and stayed out; `faults` so far, in a row."""

    trial: str
    slot: str
    digest: str
    reason: str
    faults: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChallengerDropped:
    """A challenger no longer decides."""

    trial: str
    slot: str


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """The trader follows this reign; decisions after this record are the new champion's.

    What watches the reign is repeated for those who measure; `canary` is the dethroned's branch.
    """

    slot: str
    reign: int
    model: str
    digest: str
    time_ms: int
    lineup: str
    first_bucket: int
    trial: str
    canary: str
    canary_rule: str
    canary_parameters: dict[str, float]


@dataclass(frozen=True, slots=True)
class ChampionFaulted:
    """The champion of a slot failed and the desk stayed out; `faults` so far, in a row."""

    slot: str
    reign: int
    digest: str
    reason: str
    faults: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ActivationFailed:
    """The trader could not follow: the former champion goes on."""

    slot: str
    reign: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChampionLost:
    """The reigning model no longer works: the desk enters nothing new."""

    slot: str
    reign: int
    digest: str
    reason: str


# Said of opportunities


@dataclass(frozen=True, slots=True)
class Vote:
    """One head's opinion of the candidate signal; confidence 0 abstains."""

    component: str
    agrees: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What one branch decided; distances are fractions of the entry price, 0 never acts."""

    branch: str
    taken: bool
    strategy: str
    direction: int
    size: int
    stop_distance: float
    target_distance: float
    breakeven_r: float
    trail_r: float
    time_bars: int
    p_win: float
    consensus: float
    votes: tuple[Vote, ...]
    refusal: str
    strategy_reason: str
    faulted: str
    fault: str
    price_tolerance: float  # terms of this branch: how near is near enough
    max_age_ms: int  # and when it is left in any case; 0 in records of 0.1


@dataclass(frozen=True, slots=True)
class OpportunityDecided:
    """Every branch decided on the same features; those that equal the champion are only named."""

    opportunity: str
    symbol: str
    time_ms: int
    interval_ms: int
    bucket: int
    lineup: str
    feature_hash: str
    features: tuple[float, ...]
    setup: tuple[float, ...]
    fired: tuple[str, ...]
    decisions: tuple[Decision, ...]
    same: tuple[str, ...]
    price: float
    directions: tuple[int, ...]
    bucket_ms: int
    fee: float
    impact: float
    arm: int
    desk: str
    latencies_us: dict[str, int] = field(default_factory=dict)  # of answers, by branch/component


@dataclass(frozen=True, slots=True)
class OpportunityMissed:
    """The next bar did not open at the close of the deciding one: nobody could enter."""

    opportunity: str
    symbol: str
    bucket: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class PositionOpened:
    """The account entered: the champion's decision, filled by simulation."""

    position: str
    symbol: str
    time_ms: int
    direction: int
    size: int
    entry: float
    stop: float
    target: float
    strategy: str
    lineup: str


@dataclass(frozen=True, slots=True)
class PositionClosed:
    """The account left; `net` is a fraction of the capital base, `equity` its sum so far."""

    position: str
    symbol: str
    time_ms: int
    exit: float
    reason: str
    net: float
    equity: float


@dataclass(frozen=True, slots=True)
class EntryBarred:
    """The champion took a signal, and the account did not follow it."""

    position: str
    symbol: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ModeFollowed:
    """The account follows a mode of its desk; simulated sides go on as ever."""

    number: int
    mode: str
    flatten: bool
    open_positions: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One branch's simulated outcome; `full_net` is its signal's at full size, taken or not."""

    branch: str
    taken: bool
    net: float
    reason: str
    entry: float
    exit: float
    exit_ms: int
    best_r: float
    worst_r: float
    full_net: float


@dataclass(frozen=True, slots=True)
class OpportunityResolved:
    """Every branch has left: the same bars, costs and fills for all."""

    opportunity: str
    symbol: str
    time_ms: int
    decided_ms: int
    bucket: int
    lineup: str
    strategy: str
    direction: int
    setup: tuple[float, ...]
    signal_net: float
    risk: float
    outcomes: tuple[Outcome, ...]
    same: tuple[str, ...]
    contexts: tuple[float, ...]
    arm: int
    desk: str


@dataclass(frozen=True, slots=True)
class Side:
    """Sums over one decision bucket."""

    net: float = 0.0
    taken: int = 0
    won: int = 0


@dataclass(frozen=True, slots=True)
class PairResolved:
    """One decision bucket of one trial; counted only if it is whole and of the present lineup.

    `latencies` counts the challenger's answers of the trial so far; see `evidence.latencies`.
    """

    trial: str
    slot: str
    bucket: int
    number: int
    lineup: str
    champion: Side
    challenger: Side
    counted: bool
    time_ms: int
    latencies: dict[int, int] = field(default_factory=dict)


type Message = (
    ApplyPolicy
    | ModeChanged
    | BarClosed
    | TrialOpened
    | TrialClosed
    | ChampionCrowned
    | ChampionRolledBack
    | ParametersRolledBack
    | ModelLoaded
    | ModelLoadFailed
)
type Event = (
    PolicyApplied
    | ParameterChanged
    | ParametersRestored
    | ModelLoadRequested
    | ModelReady
    | ChallengerWarmed
    | ChallengerFaulted
    | ChallengerDropped
    | ChampionActivated
    | ChampionFaulted
    | ActivationFailed
    | ChampionLost
    | OpportunityDecided
    | OpportunityMissed
    | PositionOpened
    | PositionClosed
    | EntryBarred
    | ModeFollowed
    | OpportunityResolved
    | PairResolved
)

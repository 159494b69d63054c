"""What the trader says of opportunities: who decided what, who entered, what it brought."""

from dataclasses import dataclass, field


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
    scores: tuple[float, ...] = ()  # that the champion's ensemble blended; none where it faulted
    judged: tuple[float, ...] = ()  # that its sizing saw beside the setup; none where it faulted
    weights_version: int = 0  # of the head weights that decided; 0: one ninth each
    revisions: dict[str, int] = field(default_factory=dict)  # of models that learned, as latencies
    patterns: dict[str, int] = field(default_factory=dict)  # which one the window is, by branch
    confluence_min: float = 0.0  # that the champion's signal had to reach


@dataclass(frozen=True, slots=True)
class OpportunityMissed:
    """The next bar did not open at the close of the deciding one: nobody could enter."""

    opportunity: str
    symbol: str
    bucket: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class PositionOpened:
    """The account entered: the champion's decision, filled by simulation.

    `cut` is the share of its size that the guard left out; simulated sides are at full size.
    """

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
    cut: float = 0.0


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
class GuardFollowed:
    """The account follows a step of the guard; simulated sides go on as ever, at full size."""

    number: int
    level: str
    size: float
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
    interval_ms: int = 0  # from here on, what the champion's leg was simulated with; 0.1 was silent
    target_distance: float = 0.0
    fee: float = 0.0
    impact: float = 0.0
    price_tolerance: float = 0.0
    max_age_ms: int = 0
    scores: tuple[float, ...] = ()  # as in OpportunityDecided
    judged: tuple[float, ...] = ()
    heads: tuple[float, ...] = ()  # the champion's votes, -1 to 1, in order of components
    confluence_min: float = 0.0  # as in OpportunityDecided


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
    `frozen`: the other side is the champion as it was exported, a control that is on no trial.
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
    frozen: bool = False

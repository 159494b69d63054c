"""The words of shadow: what it hears from its desk's trader, what it says, what it believes."""

from dataclasses import dataclass, field

from kingmaker.evidence.detector import Detector
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.tally import Tally
from kingmaker.kernel.frozen import quick

NO_BETS, NO_PAIRS = Ledger(), Tally()

# Heard from the trader


@dataclass(frozen=True, slots=True)
class ChallengerWarmed:
    """A challenger decides in shadow from here on; the trial's rule comes with it."""

    trial: str
    slot: str
    rule: str
    parameters: dict[str, float]
    lineup: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: net return (fraction of the capital base), trades taken and won."""

    net: float
    taken: int
    won: int


@dataclass(frozen=True, slots=True)
class PairResolved:
    """One decision bucket of one trial; `number` counts the trial's pairs from 1."""

    trial: str
    bucket: int
    number: int
    lineup: str
    champion: Side
    challenger: Side
    counted: bool
    time_ms: int
    latencies: dict[int, int] = field(default_factory=dict)  # of the trial's answers so far


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """The desk's lineup is `lineup` from here on: `slot` has another champion.

    Where it was crowned the reign is watched by a rule, with `canary` for its reference; `trial` is
    the one that ended in the crown.
    """

    slot: str
    lineup: str
    reign: int = 0
    trial: str = ""
    canary: str = ""
    canary_rule: str = ""
    canary_parameters: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChallengerDropped:
    """The challenger of a trial no longer decides."""

    trial: str


@dataclass(frozen=True, slots=True)
class ParameterChanged:
    """Settings changed: the set before decides on in the branch `canary`, watched by a rule."""

    slot: str
    number: int
    canary: str
    canary_rule: str
    canary_parameters: dict[str, float]
    lineup: str


@dataclass(frozen=True, slots=True)
class ParametersRestored:
    """The set before a change is in force again; its branch ends."""

    canary: str


# Said


@dataclass(frozen=True, slots=True)
class TrialMeasured:
    """Measuring began for a trial, by a rule that stays with it to its end."""

    trial: str
    slot: str
    rule: str
    parameters: dict[str, float]
    lineup: str


@dataclass(frozen=True, slots=True)
class TrialUnmeasurable:
    """Nothing is measured for a trial: no such rule here, or parameters that make no sense."""

    trial: str
    slot: str
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceMeasured:
    """The evidence after one more counted pair, with all that the next pair needs."""

    trial: str
    slot: str
    lineup: str
    pairs: int
    first_pair: int
    last_pair: int
    pairs_hash: str
    mean: Ledger
    sharpe: Ledger
    log_evidence: float
    log_evidence_max: float
    log_evidence_of_segment: float
    segment: int
    champion: Tally
    challenger: Tally
    time_ms: int
    difference_squares: float
    latencies: dict[int, int] = field(default_factory=dict)  # as the pair brought them


@dataclass(frozen=True, slots=True)
class PairRefused:
    """A counted pair that cannot be weighed is passed over; `trial` may name a watch."""

    trial: str
    slot: str
    number: int
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class SegmentStarted:
    """The lineup changed elsewhere: evidence goes on, descriptive sums begin anew."""

    trial: str
    slot: str
    segment: int
    lineup: str
    log_evidence: float


@dataclass(frozen=True, slots=True)
class TrialForgotten:
    """Measuring ended for a trial."""

    trial: str
    slot: str


@dataclass(frozen=True, slots=True)
class CanaryOpened:
    """A reign is watched from here on, with the scales that its trial left."""

    canary: str
    slot: str
    reign: int
    rule: str
    parameters: dict[str, float]
    lineup: str
    trial: str
    detector: Detector


@dataclass(frozen=True, slots=True)
class CanaryUnmeasurable:
    """A reign cannot be watched: no such rule here, or parameters that make no sense."""

    canary: str
    slot: str
    reign: int
    reason: str


@dataclass(frozen=True, slots=True)
class CanaryMeasured:
    """The watch after one more counted pair, with all that the next pair needs."""

    canary: str
    slot: str
    reign: int
    lineup: str
    pairs: int
    first_pair: int
    last_pair: int
    pairs_hash: str
    detector: Detector
    statistic: float
    threshold: float
    champion: Tally
    reference: Tally
    time_ms: int


@dataclass(frozen=True, slots=True)
class CanaryClosed:
    """A reign is watched no longer."""

    canary: str
    slot: str
    reign: int


type Message = (
    ChallengerWarmed
    | PairResolved
    | ChampionActivated
    | ChallengerDropped
    | ParameterChanged
    | ParametersRestored
)
type TrialEvent = (
    TrialMeasured | TrialUnmeasurable | EvidenceMeasured | SegmentStarted | TrialForgotten
)
type CanaryEvent = CanaryOpened | CanaryUnmeasurable | CanaryMeasured | CanaryClosed
type Event = TrialEvent | CanaryEvent | PairRefused

# Believed


@dataclass(frozen=True, slots=True)
class Measured:
    """One trial: its rule, its two ledgers, and the sums of its present segment."""

    slot: str
    rule: str
    parameters: dict[str, float]
    lineup: str
    pairs: int = 0
    pairs_hash: str = ""
    mean: Ledger = NO_BETS
    sharpe: Ledger = NO_BETS
    log_evidence: float = 0.0
    log_evidence_max: float = 0.0
    segment: int = 1
    champion: Tally = NO_PAIRS
    challenger: Tally = NO_PAIRS
    difference_squares: float = 0.0  # sum of (challenger - champion)^2 of the present segment


@dataclass(frozen=True, slots=True)
class Watched:
    """One reign: its rule, its detector, and what both sides returned since it began."""

    slot: str
    reign: int
    rule: str
    parameters: dict[str, float]
    detector: Detector
    pairs: int = 0
    pairs_hash: str = ""
    champion: Tally = NO_PAIRS
    reference: Tally = NO_PAIRS


@quick
@dataclass(frozen=True, slots=True)
class State:
    """The trials of one desk that are being measured, and its reigns that are watched, by id."""

    trials: dict[str, Measured]
    canaries: dict[str, Watched] = field(default_factory=dict)

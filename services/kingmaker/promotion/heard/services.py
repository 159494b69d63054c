"""What promotion hears of other services."""

from dataclasses import dataclass, field

from kingmaker.evidence.tally import Tally


@dataclass(frozen=True, slots=True)
class ModelRegistered:
    """A model version exists; `metrics` are the hold-out figures of its training."""

    slot: str
    model: str
    digest: str
    origin: str
    metrics: dict[str, float]
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChallengerWarmed:
    """The challenger of a trial is loaded and decides in shadow."""

    trial: str
    slot: str
    digest: str
    lineup: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChallengerFaulted:
    """The challenger stayed out of an opportunity; `faults` so far, in a row."""

    trial: str
    reason: str
    faults: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChallengerDropped:
    """The challenger of a trial no longer decides."""

    trial: str


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """The trader follows a reign; the desk's lineup is `lineup` from here on."""

    slot: str
    reign: int
    model: str
    lineup: str
    time_ms: int
    canary: str = ""  # the branch of the dethroned, which decides on


@dataclass(frozen=True, slots=True)
class ChampionFaulted:
    """The champion failed and the desk stayed out of an opportunity; `faults` so far, in a row."""

    slot: str
    reign: int
    reason: str
    faults: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ActivationFailed:
    """The trader could not follow a reign: the former champion goes on."""

    slot: str
    reign: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChampionLost:
    """The reigning model no longer loads: the desk enters nothing new."""

    slot: str
    reign: int
    reason: str


@dataclass(frozen=True, slots=True)
class PositionOpened:
    """The account entered."""

    position: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class PositionClosed:
    """The account left."""

    position: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class EvidenceMeasured:
    """The evidence of a trial after one more counted pair; tallies are of the present segment."""

    trial: str
    lineup: str
    pairs: int
    pairs_hash: str
    log_evidence: float
    log_evidence_max: float
    log_evidence_of_segment: float
    segment: int
    champion: Tally
    challenger: Tally
    time_ms: int
    difference_squares: float
    latencies: dict[int, int] = field(default_factory=dict)  # as said.Evidence has them


@dataclass(frozen=True, slots=True)
class TrialUnmeasurable:
    """Shadow has no such rule, or its parameters make no sense."""

    trial: str
    reason: str


@dataclass(frozen=True, slots=True)
class CanaryMeasured:
    """The watch of a reign after one more counted pair; tallies are of the whole reign."""

    canary: str
    slot: str
    reign: int
    pairs: int
    statistic: float
    threshold: float
    champion: Tally
    reference: Tally
    time_ms: int


@dataclass(frozen=True, slots=True)
class CanaryUnmeasurable:
    """Shadow has no such rule, or its parameters make no sense."""

    canary: str
    slot: str
    reign: int
    reason: str


@dataclass(frozen=True, slots=True)
class ParameterChanged:
    """Settings that touch decisions changed; the set before decides on in the branch `canary`."""

    change: str
    slot: str
    number: int
    old: dict[str, str]
    new: dict[str, str]
    actor: str
    time_ms: int
    canary: str


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """Risk: the desk trades in this mode from here on."""

    number: int
    mode: str
    time_ms: int


type FromTrader = (
    ChallengerWarmed
    | ChallengerFaulted
    | ChallengerDropped
    | ChampionActivated
    | ChampionFaulted
    | ActivationFailed
    | ChampionLost
    | ParameterChanged
    | PositionOpened
    | PositionClosed
)

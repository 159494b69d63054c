"""What promotion hears: from the registry, its desk's trader and shadow, people and the runtime."""

from dataclasses import dataclass

from kingmaker.promotion.said import Tally

# From the registry


@dataclass(frozen=True, slots=True)
class ModelRegistered:
    """A model version exists; `metrics` are the hold-out figures of its training."""

    slot: str
    model: str
    digest: str
    origin: str
    metrics: dict[str, float]
    time_ms: int


# From the trader


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


type FromTrader = (
    ChallengerWarmed
    | ChallengerFaulted
    | ChallengerDropped
    | ChampionActivated
    | ActivationFailed
    | ChampionLost
    | PositionOpened
    | PositionClosed
)

# From shadow


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


@dataclass(frozen=True, slots=True)
class TrialUnmeasurable:
    """Shadow has no such rule, or its parameters make no sense."""

    trial: str
    reason: str


# From people; times are UTC milliseconds of market time, a command acts at most once, never late


@dataclass(frozen=True, slots=True)
class Rollback:
    """Give the crown back, to the champion before or to `to_version`; never blocked."""

    command_id: str
    slot: str
    to_version: str
    expected_champion: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Freeze:
    """Crown nobody in `scope` (a slot, or "desk") until Thaw."""

    command_id: str
    scope: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Thaw:
    """Crown again in `scope`."""

    command_id: str
    scope: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class DirectPromotion:
    """Crown a warmed challenger without evidence."""

    command_id: str
    slot: str
    model: str
    expected_champion: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Approve:
    """Let a ready challenger be crowned, where promotion.auto is 0."""

    command_id: str
    trial: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


type Command = Rollback | Freeze | Thaw | DirectPromotion | Approve

# From the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]

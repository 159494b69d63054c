"""What the trader says of models: whose decisions count, and which settings they obey."""

from dataclasses import dataclass


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
    frozen: bool = False  # the champion as it was exported, beside the one that learns: no trial


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


@dataclass(frozen=True, slots=True)
class WeightsFollowed:
    """Decisions after this record go by these head weights, in order of components."""

    desk: str
    version: int
    weights: tuple[float, ...]
    cause: str
    time_ms: int

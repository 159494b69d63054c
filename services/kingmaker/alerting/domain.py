"""The words of alerting: what it hears, what it says, what it believes."""

from dataclasses import dataclass, field

from kingmaker.alerting.heard import DriftDetected, GuardChanged, ModeChanged
from kingmaker.kernel.frozen import quick

RESOLVED = "resolved"

# Heard from promotion


@dataclass(frozen=True, slots=True)
class TrialOpened:
    """A challenger is tried against a champion; alpha is its error budget."""

    trial: str
    slot: str
    champion: str
    challenger: str
    k: int
    alpha: float
    log_threshold: float
    time_ms: int


@dataclass(frozen=True, slots=True)
class TrialClosed:
    """A trial ended; `reason` is crowned, or why not."""

    trial: str
    slot: str
    reason: str
    pairs: int
    log_evidence: float
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChallengerReady:
    """Every gate holds; a person has to approve."""

    trial: str
    slot: str
    pairs: int
    time_ms: int
    notice: str


@dataclass(frozen=True, slots=True)
class ChampionCrowned:
    """A coronation; `how` is bootstrap, promoted or direct."""

    promotion: str
    slot: str
    model: str
    expected: str
    reign: int
    how: str
    trial: str
    pairs: int
    log_evidence: float
    alpha: float
    actor: str
    reason: str
    time_ms: int
    notice: str
    key_owner: str = ""  # whose key signed it


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one limit, the limit, from how many observations, and whether it holds."""

    gate: str
    value: float
    threshold: float
    n: int
    passed: bool


@dataclass(frozen=True, slots=True)
class CanaryWarned:
    """The champion is worse than the 15 % rule allows, in the limits that are `breached` now."""

    slot: str
    reign: int
    canary: str
    breached: tuple[str, ...]
    findings: tuple[Finding, ...]
    pairs: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChampionRolledBack:
    """The crown went back; `findings` are those of its watch."""

    promotion: str
    slot: str
    from_model: str
    to_model: str
    reign: int
    trigger: str
    actor: str
    reason: str
    time_ms: int
    findings: tuple[Finding, ...] = ()
    notice: str = ""
    key_owner: str = ""  # whose key signed it


@dataclass(frozen=True, slots=True)
class ParametersRolledBack:
    """A change of settings went back."""

    change: str
    slot: str
    values: dict[str, str]
    trigger: str
    actor: str
    reason: str
    notice: str
    time_ms: int
    key_owner: str = ""  # whose key signed it


@dataclass(frozen=True, slots=True)
class RollbackImpossible:
    """A champion must go, and no earlier one is left to follow it."""

    slot: str
    reign: int
    trigger: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """Nobody is crowned in this scope: a slot, or the desk."""

    scope: str
    actor: str
    reason: str
    last_promotion: str
    time_ms: int
    key_owner: str = ""  # whose key signed it


@dataclass(frozen=True, slots=True)
class ActivationOverdue:
    """The trader has not said that it follows a reign."""

    slot: str
    reign: int
    time_ms: int


# Heard from the trader


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """The trader follows a reign."""

    slot: str
    reign: int
    model: str
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
    digest: str
    reason: str


# Heard from registry and learners


@dataclass(frozen=True, slots=True)
class ModelRefused:
    """A bundle broke a rule."""

    slot: str
    digest: str
    origin: str
    source: str
    reason: str
    detail: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class JobAbandoned:
    """A job failed for the last time."""

    job: str
    slot: str
    reason: str
    time_ms: int


# Heard from the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings, at every start; alerting has none yet."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class AlertDelivered:
    """Every channel took it."""

    key: str


@dataclass(frozen=True, slots=True)
class AlertNotDelivered:
    """A channel did not take it."""

    key: str
    reason: str


# Said


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class AlertFired:
    """Something a person should know; `key` is unique, `undo` the command that takes it back."""

    key: str
    type: str
    severity: str
    slot: str
    message: str
    cause: str  # id of what is behind it: promotion, trial, training, digest
    occurred_at_ms: int
    version: str = ""
    value: float = 0.0
    threshold: float = 0.0
    n: int = 0
    undo: str = ""
    state: str = ""  # RESOLVED; "": firing


@dataclass(frozen=True, slots=True)
class AlertSent:
    """Every channel took it."""

    key: str


@dataclass(frozen=True, slots=True)
class AlertDelayed:
    """An attempt to send it failed; another follows."""

    key: str
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlertUndelivered:
    """The last attempt failed: it stands in the log only."""

    key: str
    reason: str


type Cause = (
    TrialOpened
    | TrialClosed
    | ChallengerReady
    | ChampionCrowned
    | ChampionRolledBack
    | CanaryWarned
    | ParametersRolledBack
    | ChampionActivated
    | RollbackImpossible
    | Frozen
    | ModeChanged
    | GuardChanged
    | DriftDetected
    | ActivationOverdue
    | ActivationFailed
    | ChampionLost
    | ModelRefused
    | JobAbandoned
)
type Message = Cause | ApplyPolicy | AlertDelivered | AlertNotDelivered
type Event = PolicyApplied | AlertFired | AlertSent | AlertDelayed | AlertUndelivered

# Believed


@quick
@dataclass(frozen=True, slots=True)
class Sending:
    """An alert that not every channel has taken; `attempt` counts from 1."""

    alert: AlertFired
    attempt: int = 1


@quick
@dataclass(frozen=True, slots=True)
class Tried:
    """What is told again when a trial ends."""

    slot: str
    challenger: str
    log_threshold: float


@dataclass(frozen=True, slots=True)
class Swap:
    """A rollback that the trader has not said it follows."""

    reign: int
    since_ms: int


UNKNOWN = Tried("", "", 0.0)


@quick
@dataclass(frozen=True, slots=True)
class State:
    """All desks; `fired` are the latest keys, `latest_ms` the time of the latest alert."""

    policy_hash: str = ""
    fired: tuple[str, ...] = ()
    sending: dict[str, Sending] = field(default_factory=dict)
    trials: dict[str, Tried] = field(default_factory=dict)
    swaps: dict[str, Swap] = field(default_factory=dict)  # rollbacks not followed yet, by slot
    latest_ms: int = 0

"""What promotion says. Every event holds all that its state needs to learn it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """Descriptive sums of one side over the present segment; equity is the sum of returns."""

    pairs: int = 0
    sum: float = 0.0
    squares: float = 0.0
    taken: int = 0
    won: int = 0
    peak: float = 0.0
    drawdown_max: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict stands on, as shadow measured it; evidence is a natural logarithm."""

    lineup: str
    pairs: int
    pairs_hash: str
    log_evidence: float
    log_evidence_max: float
    log_evidence_of_segment: float
    segment: int
    champion: Tally
    challenger: Tally


@dataclass(frozen=True, slots=True)
class Finding:
    """What one gate saw, what it asks for, from how many observations, and whether it holds."""

    gate: str
    value: float
    threshold: float
    n: int
    passed: bool


# Admission


@dataclass(frozen=True, slots=True)
class CandidateQueued:
    """A candidate waits; the newest of an origin supersedes the older."""

    slot: str
    model: str
    digest: str
    origin: str
    supersedes: str
    holdout: float


@dataclass(frozen=True, slots=True)
class CandidateRefused:
    """A candidate will get no trial."""

    slot: str
    model: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class TrialOpened:
    """One challenger against one champion; rule, budget and threshold are fixed here."""

    trial: str
    slot: str
    champion: str
    champion_digest: str
    challenger: str
    challenger_digest: str
    origin: str
    k: int
    window_start_ms: int
    crowned_before: int
    gamma: float
    alpha: float
    log_threshold: float
    rule: str
    parameters: dict[str, float]
    max_pairs: int
    time_ms: int
    mode: str
    notice: str
    p_max: float


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """The challenger decides in shadow."""

    trial: str
    slot: str
    lineup: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class FaultNoted:
    """The challenger stayed out of an opportunity; `faults` of the trial so far."""

    trial: str
    slot: str
    faults: int
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class TrialClosed:
    """A trial ended; figures are those of the last verdict recorded here."""

    trial: str
    slot: str
    reason: str
    pairs: int
    log_evidence: float
    time_ms: int


# Verdicts


@dataclass(frozen=True, slots=True)
class ChallengerHeld:
    """A verdict that does not crown; `standing`: only gates of the desk hold it back."""

    trial: str
    slot: str
    pairs: int
    held_by: tuple[str, ...]
    findings: tuple[Finding, ...]
    time_ms: int
    evidence: Evidence
    standing: bool


@dataclass(frozen=True, slots=True)
class ChallengerReady:
    """All gates hold; a person must approve."""

    trial: str
    slot: str
    pairs: int
    findings: tuple[Finding, ...]
    time_ms: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Approved:
    """A person approved a trial."""

    trial: str
    actor: str
    reason: str
    command_id: str
    time_ms: int


# Coronation


@dataclass(frozen=True, slots=True)
class ChampionCrowned:
    """`model` reigns in `slot` after `expected`; how: bootstrap, promoted, direct."""

    promotion: str
    slot: str
    model: str
    digest: str
    expected: str
    reign: int
    how: str
    trial: str
    policy_hash: str
    findings: tuple[Finding, ...]
    pairs: int
    log_evidence: float
    k: int
    alpha: float
    pairs_hash: str
    actor: str
    reason: str
    time_ms: int
    lineup: str
    segment: int
    log_evidence_of_segment: float
    expected_digest: str
    notice: str


@dataclass(frozen=True, slots=True)
class ReignAcknowledged:
    """The trader follows this reign, with this lineup from here on."""

    slot: str
    reign: int
    time_ms: int
    lineup: str
    model: str


@dataclass(frozen=True, slots=True)
class ActivationOverdue:
    """The trader did not answer a reign in time."""

    slot: str
    reign: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChampionRolledBack:
    """The crown went back; trigger: person, activation_failed, champion_lost."""

    promotion: str
    slot: str
    from_model: str
    to_model: str
    to_digest: str
    reign: int
    trigger: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    from_digest: str


@dataclass(frozen=True, slots=True)
class RollbackImpossible:
    """A champion must go and no earlier one is left: a person is needed."""

    slot: str
    reign: int
    trigger: str
    reason: str
    time_ms: int


# People and the desk


@dataclass(frozen=True, slots=True)
class CommandTaken:
    """A command is acted upon, once."""

    command_id: str
    command: str
    actor: str
    not_after_ms: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command that decodes but may not act."""

    command_id: str
    command: str
    reason: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """Nobody is crowned in this scope; `last_promotion` is the last coronation in it."""

    scope: str
    actor: str
    reason: str
    last_promotion: str
    command_id: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Thawed:
    """Coronations may come again."""

    scope: str
    actor: str
    reason: str
    command_id: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ExposureChanged:
    """Positions of the desk that are open now."""

    open_positions: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]

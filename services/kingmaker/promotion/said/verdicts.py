"""What promotion says of judging: what it stood on, what each gate found, what came of it."""

from dataclasses import dataclass, field

from kingmaker.evidence.tally import Tally


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict stands on, as shadow measured it; evidence is a natural logarithm.

    `latencies` counts the answers of the whole trial; nothing is measured under a scheduler.
    """

    lineup: str
    pairs: int
    pairs_hash: str
    log_evidence: float
    log_evidence_max: float
    log_evidence_of_segment: float
    segment: int
    champion: Tally
    challenger: Tally
    difference_squares: float
    latencies: dict[int, int] = field(default_factory=dict)  # see `evidence.latencies`


@dataclass(frozen=True, slots=True)
class Finding:
    """What one gate saw, what it asks for, from how many observations, and whether it passed.

    `advisory`: under the settings in force it is shown, and holds nobody back.
    """

    gate: str
    value: float
    threshold: float
    n: int
    passed: bool
    advisory: bool

    @property
    def holds(self) -> bool:
        """Whether it holds the challenger back."""
        return not (self.passed or self.advisory)


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
    notice: str


@dataclass(frozen=True, slots=True)
class ChallengerReady:
    """All gates hold; a person must approve."""

    trial: str
    slot: str
    pairs: int
    findings: tuple[Finding, ...]
    time_ms: int
    evidence: Evidence
    notice: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A person approved a trial, until a moment (0: for as long as it runs)."""

    trial: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    key_id: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class Vetoed:
    """A person holds a trial until a moment; a later one replaces it."""

    trial: str
    until_ms: int
    actor: str
    reason: str
    command_id: str
    time_ms: int
    key_id: str

"""What promotion says of crowns: who reigns, whether the trader follows, how it goes back."""

from dataclasses import dataclass, field

from kingmaker.evidence.tally import NO_PAIRS, Tally
from kingmaker.promotion.said.verdicts import Finding


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
    canary_rule: str = ""  # that watches the reign
    canary_parameters: dict[str, float] = field(default_factory=dict)
    record: Tally = NO_PAIRS  # its own figures on the pairs that crowned it
    key_id: str = ""
    key_owner: str = ""


@dataclass(frozen=True, slots=True)
class ReignAcknowledged:
    """The trader follows this reign, with this lineup from here on."""

    slot: str
    reign: int
    time_ms: int
    lineup: str
    model: str
    canary: str = ""  # the branch that is the reference of the watch


@dataclass(frozen=True, slots=True)
class ActivationOverdue:
    """The trader did not answer a reign in time."""

    slot: str
    reign: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class ChampionRolledBack:
    """The crown went back; `trigger` is person, or what happened.

    By itself: activation_failed, champion_lost, champion_faults, canary, hard_limit.
    """

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
    findings: tuple[Finding, ...] = ()  # of the watch
    notice: str = ""
    canary: str = ""
    key_id: str = ""
    key_owner: str = ""


@dataclass(frozen=True, slots=True)
class RollbackImpossible:
    """A champion must go and no earlier one is left: a person is needed."""

    slot: str
    reign: int
    trigger: str
    reason: str
    time_ms: int


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
class CanaryEnded:
    """A reign is watched no longer; why: minutes, reference_dropped, unmeasurable."""

    slot: str
    reign: int
    canary: str
    reason: str
    time_ms: int

"""What promotion says of candidates and trials: who waits, who is tried, how it ended."""

from dataclasses import dataclass


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
class CandidateWaits:
    """Why a candidate has no trial yet: `count` against `target`; `until` says what admits it."""

    slot: str
    model: str
    reason: str
    count: int
    target: int
    until: str
    time_ms: int


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
    window_tests: int
    window_alpha: float


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

"""What happens to an open trial besides being judged: it starts, faults, and ends."""

from collections.abc import Sequence
from typing import Literal

from kingmaker.promotion.domain import Event, State, Trial
from kingmaker.promotion.heard import ChallengerFaulted, ChallengerWarmed
from kingmaker.promotion.said import Evidence, FaultNoted, TrialClosed, TrialStarted

type Reason = Literal[
    "crowned",  # by evidence or by command
    "other_crowned",  # of the same slot
    "champion_changed",  # its slot was rolled back
    "veto",
    "replaced",  # by a person
    "fault",
    "max_pairs",
    "unmeasurable",  # shadow has no such rule
    "dropped",  # the trader no longer asks it
]


def start(state: State, warmed: ChallengerWarmed) -> Sequence[Event]:
    """Note that the challenger decides."""
    trial = state.trials.get(warmed.trial)
    if trial is None or trial.warmed or trial.challenger.digest != warmed.digest:
        return ()
    return (TrialStarted(trial.id, trial.slot, warmed.lineup, warmed.time_ms),)


def note_fault(state: State, faulted: ChallengerFaulted, now_ms: int) -> Sequence[Event]:
    """Count a fault; close the trial after too many in a row, or if it never came to decide."""
    trial = state.trials.get(faulted.trial)
    if trial is None:
        return ()
    noted = FaultNoted(trial.id, trial.slot, trial.faults + 1, faulted.reason, now_ms)
    if trial.warmed and faulted.faults < state.policy.trial_faults_max:
        return (noted,)
    return noted, close(trial, "fault", now_ms)


def end(state: State, trial_id: str, reason: Reason, now_ms: int) -> Sequence[Event]:
    """Close a trial that others can no longer go on with, if it is open."""
    trial = state.trials.get(trial_id)
    return (close(trial, reason, now_ms),) if trial else ()


def close(
    trial: Trial, reason: Reason, now_ms: int, evidence: Evidence | None = None
) -> TrialClosed:
    """Return the end of a trial, with `evidence` or what its last recorded verdict stood on."""
    seen = evidence or trial.evidence
    pairs, log_evidence = (seen.pairs, seen.log_evidence) if seen else (0, 0.0)
    return TrialClosed(trial.id, trial.slot, reason, pairs, log_evidence, now_ms)

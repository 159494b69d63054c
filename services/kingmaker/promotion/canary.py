"""The champion under watch, for its whole reign: the crown is taken back by itself.

Nothing blocks it: not a freeze, not a reign that the trader has not answered.
"""

from collections.abc import Sequence

from kingmaker.promotion import coronation, limits
from kingmaker.promotion.coronation import Cause
from kingmaker.promotion.domain import Event, State, Watch
from kingmaker.promotion.heard import (
    CanaryMeasured,
    CanaryUnmeasurable,
    ChallengerDropped,
    ChallengerFaulted,
    ChampionFaulted,
)
from kingmaker.promotion.said import CanaryEnded, CanaryWarned, Finding

CANARY, HARD_LIMIT, FAULTS = "canary", "hard_limit", "champion_faults"
BOTH, DETECTOR_ALONE, CLASSIC = "edetector_and_15pct", "edetector", "classic_15pct"
MINUTE_MS = 60_000
NOTICES = {
    BOTH: "",
    DETECTOR_ALONE: "",
    CLASSIC: (
        "not valid under peeking: the 15 % rule alone removes a still better champion in 89 % of"
        " cases within 500 trades, and in 72 % where the dethroned is the reference"
    ),
}
NO_TEST = "a risk limit, no test: it does not tell whether the one before would have lost less"


def hear(state: State, measured: CanaryMeasured, now_ms: int) -> Sequence[Event]:
    """Judge the present reign on one more pair: warn, take the crown back, or end the watch."""
    slot = state.slots.get(measured.slot)
    if slot is None or slot.watch is None or measured.reign != slot.reign:
        return ()
    if is_over(state, slot.changed_ms, measured):
        return (CanaryEnded(measured.slot, slot.reign, measured.canary, "minutes", now_ms),)
    findings = limits.judge(state.policy, measured, slot.watch.record)
    warned = warn(slot.watch, measured, findings, now_ms)
    cause = cause_of(state.policy.canary_rule, measured, findings)
    if cause is None:
        return warned
    return [*warned, *coronation.take_back(state, measured.slot, cause, now_ms)]


def note_fault(state: State, faulted: ChampionFaulted, now_ms: int) -> Sequence[Event]:
    """Take the crown back from a champion that failed too often in a row, watched or not."""
    slot = state.slots.get(faulted.slot)
    limit = state.policy.champion_faults_max
    if slot is None or faulted.reign != slot.reign or faulted.faults < limit:
        return ()
    found = limits.found(FAULTS, float(faulted.faults), float(limit), faulted.faults, passed=False)
    reason = f"it failed {faulted.faults} times in a row: {faulted.reason}"
    return coronation.take_back(
        state, faulted.slot, Cause(FAULTS, reason, findings=(found,)), now_ms
    )


def lose_reference(
    state: State, lost: ChallengerDropped | ChallengerFaulted, now_ms: int
) -> Sequence[Event]:
    """End the watch whose reference is gone, or failed too often in a row to be one."""
    if isinstance(lost, ChallengerFaulted) and lost.faults < state.policy.trial_faults_max:
        return ()
    return [
        CanaryEnded(name, slot.reign, slot.watch.canary, "reference_dropped", now_ms)
        for name, slot in sorted(state.slots.items())
        if slot.watch and slot.watch.canary == lost.trial
    ]


def give_up(state: State, broken: CanaryUnmeasurable, now_ms: int) -> Sequence[Event]:
    """End a watch that shadow cannot keep."""
    slot = state.slots.get(broken.slot)
    if slot is None or slot.watch is None or broken.reign != slot.reign:
        return ()
    return (CanaryEnded(broken.slot, slot.reign, broken.canary, "unmeasurable", now_ms),)


def is_over(state: State, since_ms: int, measured: CanaryMeasured) -> bool:
    """Whether the minutes are over that a watch may last, where they are limited."""
    minutes = state.policy.canary_minutes
    return minutes > 0.0 and measured.time_ms - since_ms > minutes * MINUTE_MS


def warn(
    watch: Watch, measured: CanaryMeasured, findings: tuple[Finding, ...], now_ms: int
) -> Sequence[Event]:
    """Say when other limits of the 15 % rule are breached than before, or none any more."""
    breached = limits.breached(findings, limits.RELATIVE)
    if breached == watch.breached:
        return ()
    return (
        CanaryWarned(
            measured.slot,
            measured.reign,
            measured.canary,
            breached,
            findings,
            measured.pairs,
            now_ms,
        ),
    )


def cause_of(rule: str, measured: CanaryMeasured, findings: tuple[Finding, ...]) -> Cause | None:
    """Return why the crown must go back; None while it may stay."""
    told = [_told(one) for one in findings if not one.passed]
    reason = f"after {measured.pairs} pairs: {'; '.join(told)}"
    if limits.breached(findings, limits.HARD):
        return Cause(HARD_LIMIT, reason, findings=findings, notice=NO_TEST)
    alarm = not findings[0].passed
    worse = bool(limits.breached(findings, limits.RELATIVE))
    if {BOTH: alarm and worse, DETECTOR_ALONE: alarm, CLASSIC: worse}[rule]:
        return Cause(CANARY, reason, findings=findings, notice=NOTICES[rule])
    return None


def _told(finding: Finding) -> str:
    return f"{finding.gate} {finding.value:.4g}, limit {finding.threshold:.4g}"

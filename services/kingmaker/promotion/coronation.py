"""How the crown passes: first, by evidence, directly, and back. One event says it all.

The trader follows every reign and answers; until it has, nobody else of the desk is crowned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.evidence.defaults import CANARY_PARAMETERS, CANARY_RULE
from kingmaker.evidence.tally import sharpe_ratio
from kingmaker.kernel.frozen import quick
from kingmaker.promotion import classic, trials
from kingmaker.promotion.domain import (
    BOOTSTRAP,
    DIRECT,
    PROMOTED,
    Candidate,
    Event,
    Slot,
    State,
    Trial,
    Version,
)
from kingmaker.promotion.heard import ActivationFailed, ChampionActivated, ChampionLost
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import (
    ActivationOverdue,
    ChampionCrowned,
    ChampionRolledBack,
    Evidence,
    Finding,
    ReignAcknowledged,
    RollbackImpossible,
)

ACTIVATION_MS_MAX = 10_000
SHARPE_MAX = 1.0  # a pair: more is an accident of few pairs, and would excuse everything
NO_EVIDENCE = "no evidence: crowned by command"


@quick
@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what moves a crown; `trigger` is PERSON or what happened."""

    trigger: str
    reason: str
    actor: str = ""
    command_id: str = ""
    findings: tuple[Finding, ...] = ()
    notice: str = ""
    key_id: str = ""
    key_owner: str = ""


def bootstrap(state: State, now_ms: int) -> Sequence[Event]:
    """Crown the shipped models in all empty slots, in one step, once every slot has its own."""
    shipped = {one.slot: one for one in state.waiting if one.origin == BOOTSTRAP}
    nine = [slot_of(component, state.desk) for component in COMPONENTS]
    if not shipped or not all(slot in shipped or slot in state.slots for slot in nine):
        return ()
    empty = [shipped[slot] for slot in nine if slot in shipped]
    return [_first(state, one, number, now_ms) for number, one in enumerate(empty, start=1)]


def promote(
    state: State, trial: Trial, evidence: Evidence, findings: tuple[Finding, ...], now_ms: int
) -> Sequence[Event]:
    """Crown a challenger that passed every gate, and end the trials of its slot."""
    before = state.slots[trial.slot]
    crowned = ChampionCrowned(
        promotion=_next_id(state),
        slot=trial.slot,
        model=trial.challenger.model,
        digest=trial.challenger.digest,
        expected=before.champion.model,
        reign=before.reign + 1,
        how=PROMOTED,
        trial=trial.id,
        policy_hash=state.policy_hash,
        findings=findings,
        pairs=evidence.pairs,
        log_evidence=evidence.log_evidence,
        k=trial.k,
        alpha=trial.alpha,
        pairs_hash=evidence.pairs_hash,
        actor="",
        reason="",
        time_ms=now_ms,
        lineup=evidence.lineup,
        segment=evidence.segment,
        log_evidence_of_segment=evidence.log_evidence_of_segment,
        expected_digest=before.champion.digest,
        notice=classic.notice(state.policy, trial.mode),
        canary_rule=CANARY_RULE,
        canary_parameters=watched_by(state.policy, evidence),
        record=evidence.challenger,
        key_id="",
    )
    return [crowned, *_end_trials(state, trial, evidence, now_ms)]


def crown_directly(state: State, trial: Trial, cause: Cause, now_ms: int) -> Sequence[Event]:
    """Crown a warmed challenger because a person says so, and say that there is no evidence."""
    before = state.slots[trial.slot]
    crowned = ChampionCrowned(
        promotion=_next_id(state),
        slot=trial.slot,
        model=trial.challenger.model,
        digest=trial.challenger.digest,
        expected=before.champion.model,
        reign=before.reign + 1,
        how=DIRECT,
        trial=trial.id,
        policy_hash=state.policy_hash,
        findings=(),
        pairs=0,
        log_evidence=0.0,
        k=0,
        alpha=0.0,
        pairs_hash="",
        actor=cause.actor,
        reason=cause.reason,
        time_ms=now_ms,
        lineup=state.lineup,
        segment=0,
        log_evidence_of_segment=0.0,
        expected_digest=before.champion.digest,
        notice=NO_EVIDENCE,
        canary_rule=CANARY_RULE,
        canary_parameters=watched_by(state.policy, trial.evidence),
        key_id=cause.key_id,
        key_owner=cause.key_owner,
    )
    return [crowned, *_end_trials(state, trial, trial.evidence, now_ms)]


def roll_back(
    state: State, slot: str, target: Version, cause: Cause, now_ms: int
) -> Sequence[Event]:
    """Give the crown to an earlier champion; the slot's trials were against another."""
    before = state.slots[slot]
    rolled_back = ChampionRolledBack(
        promotion=_next_id(state),
        slot=slot,
        from_model=before.champion.model,
        to_model=target.model,
        to_digest=target.digest,
        reign=before.reign + 1,
        trigger=cause.trigger,
        actor=cause.actor,
        reason=cause.reason,
        command_id=cause.command_id,
        time_ms=now_ms,
        from_digest=before.champion.digest,
        findings=cause.findings,
        notice=cause.notice,
        canary=before.watch.canary if before.watch else "",
        key_id=cause.key_id,
        key_owner=cause.key_owner,
    )
    closed = [trials.close(one, "champion_changed", now_ms) for one in state.trials_of(slot)]
    return [rolled_back, *closed]


def acknowledge(state: State, activated: ChampionActivated) -> Sequence[Event]:
    """Note that the trader follows: the next coronation may come."""
    slot = state.slots.get(activated.slot)
    if slot is None or not slot.acknowledged < activated.reign <= slot.reign:
        return ()
    return (
        ReignAcknowledged(
            activated.slot,
            activated.reign,
            activated.time_ms,
            activated.lineup,
            activated.model,
            activated.canary,
        ),
    )


def undo(state: State, broken: ActivationFailed | ChampionLost, now_ms: int) -> Sequence[Event]:
    """Roll back by itself from a champion that does not load; say so if nobody is left."""
    slot = state.slots.get(broken.slot)
    failed = isinstance(broken, ActivationFailed)
    if slot is None or broken.reign != slot.reign or (failed and slot.settled):
        return ()
    trigger = "activation_failed" if failed else "champion_lost"
    return take_back(state, broken.slot, Cause(trigger, broken.reason), now_ms)


def take_back(state: State, name: str, cause: Cause, now_ms: int) -> Sequence[Event]:
    """Give the crown back to the last champion that works; say once if nobody is left."""
    slot = state.slots[name]
    target = _valid_target(slot)
    if target is not None:
        return roll_back(state, name, target, cause, now_ms)
    if slot.stuck:
        return ()
    return (RollbackImpossible(name, slot.reign, cause.trigger, cause.reason, now_ms),)


def overdue(state: State, now_ms: int) -> Sequence[Event]:
    """Say once of each reign that the trader has not answered it in time."""
    return [
        ActivationOverdue(name, slot.reign, now_ms)
        for name, slot in sorted(state.slots.items())  # a snapshot keeps no order of insertion
        if not (slot.settled or slot.overdue) and now_ms - slot.changed_ms >= ACTIVATION_MS_MAX
    ]


def _first(state: State, shipped: Candidate, number: int, now_ms: int) -> ChampionCrowned:
    return ChampionCrowned(
        promotion=_next_id(state, number),
        slot=shipped.slot,
        model=shipped.model,
        digest=shipped.digest,
        expected="",
        reign=1,
        how=BOOTSTRAP,
        trial="",
        policy_hash=state.policy_hash,
        findings=(),
        pairs=0,
        log_evidence=0.0,
        k=0,
        alpha=0.0,
        pairs_hash="",
        actor="",
        reason="the slot was empty",
        time_ms=now_ms,
        lineup="",
        segment=0,
        log_evidence_of_segment=0.0,
        expected_digest="",
        notice="no evidence: first champion",
        key_id="",
    )


def _end_trials(
    state: State, crowned: Trial, evidence: Evidence | None, now_ms: int
) -> Sequence[Event]:
    others = [one for one in state.trials_of(crowned.slot) if one.id != crowned.id]
    return [
        trials.close(crowned, "crowned", now_ms, evidence),
        *(trials.close(one, "other_crowned", now_ms) for one in others),
    ]


def watched_by(policy: Policy, evidence: Evidence | None) -> dict[str, float]:
    """Return the numbers of the watch: slack is a share of the dethroned's Sharpe ratio."""
    before = sharpe_ratio(evidence.champion) if evidence else 0.0
    slack = policy.canary_slack * min(SHARPE_MAX, max(0.0, before))
    return {**CANARY_PARAMETERS, "slack": slack}


def _valid_target(slot: Slot) -> Version | None:
    """Return the champion before, or else the last that reigned and did load.

    Whom a person removed does not return by itself; but where the trader cannot follow that very
    rollback, the removed one still decides.
    """
    before = (slot.predecessor,) if slot.predecessor else ()
    candidates = (*before, *reversed(slot.history))
    still = frozenset() if slot.settled else frozenset(one.model for one in before)
    bad = slot.failed | {slot.champion.model} | (slot.removed - still)
    return next((one for one in candidates if one.model not in bad), None)


def _next_id(state: State, number: int = 1) -> str:
    return f"p-{state.promotions + number:04}@{state.desk}"

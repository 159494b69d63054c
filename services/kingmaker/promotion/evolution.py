"""How promotion learns its own events. It sees nothing but the event."""

from collections.abc import Sequence
from functools import reduce
from typing import assert_never

from kingmaker.kernel.frozen import replace
from kingmaker.promotion import budget, trust
from kingmaker.promotion.domain import (
    KILL,
    PERSON,
    PROMOTED,
    Candidate,
    Change,
    CrownEvent,
    DeskEvent,
    Event,
    Slot,
    State,
    Trial,
    TrialEvent,
    Version,
    Wait,
    Watch,
    WatchEvent,
)
from kingmaker.promotion.policy import from_values
from kingmaker.promotion.said import (
    ActivationOverdue,
    Approved,
    CanaryEnded,
    CanaryWarned,
    CandidateQueued,
    CandidateRefused,
    CandidateWaits,
    ChallengerHeld,
    ChallengerReady,
    ChampionCrowned,
    ChampionRolledBack,
    CommandPending,
    CommandRefused,
    CommandTaken,
    ExposureChanged,
    FaultNoted,
    Frozen,
    KeyRevoked,
    KeyTrusted,
    ModeFollowed,
    ParametersRolledBack,
    ParametersWatched,
    PolicyApplied,
    ReignAcknowledged,
    RollbackImpossible,
    SkipAllowed,
    Thawed,
    TrialClosed,
    TrialOpened,
    TrialStarted,
    Vetoed,
)

KILLED = "killed"  # as risk calls it


def fold(state: State, events: Sequence[Event]) -> State:
    """Learn events in order."""
    return reduce(evolve, events, state)


def evolve(state: State, event: Event) -> State:
    """Learn one event."""
    match event:
        case CandidateRefused() | CommandRefused():
            return state
        case (
            TrialStarted()
            | FaultNoted()
            | ChallengerHeld()
            | ChallengerReady()
            | Approved()
            | Vetoed()
        ):
            trial = _learn_of_trial(state.trials[event.trial], event)
            return replace(state, trials={**state.trials, trial.id: trial})
        case ChampionCrowned() | ChampionRolledBack() | ReignAcknowledged() | ActivationOverdue():
            return _learn_of_crown(state, event)
        case RollbackImpossible():
            return _learn_of_crown(state, event)
        case KeyTrusted() | KeyRevoked() | CommandPending() | SkipAllowed():
            return trust.learn(state, event)
        case CanaryWarned() | CanaryEnded() | ParametersWatched() | ParametersRolledBack():
            return _learn_of_watch(state, event)
        case _:
            return _learn_of_desk(state, event)


def _learn_of_trial(trial: Trial, event: TrialEvent) -> Trial:
    match event:
        case TrialStarted():
            return replace(trial, warmed=True)
        case FaultNoted():
            return replace(trial, faults=event.faults)
        case ChallengerHeld():
            since = (
                trial.standing_since_ms if trial.standing_since_ms is not None else event.time_ms
            )
            return replace(
                trial,
                evidence=event.evidence,
                held_by=event.held_by,
                standing_since_ms=since if event.standing else None,
                ready=False,
            )
        case ChallengerReady():
            return replace(trial, evidence=event.evidence, held_by=(), ready=True)
        case Approved():
            return replace(trial, approved_until_ms=event.until_ms)
        case Vetoed():
            return replace(trial, vetoed_until_ms=event.until_ms)
        case _:
            assert_never(event)


def _learn_of_crown(state: State, event: CrownEvent) -> State:
    match event:
        case ChampionCrowned():
            return _crown(state, event)
        case ChampionRolledBack():
            slot = _roll_back(state.slots[event.slot], event)
            state = replace(state, promotions=state.promotions + 1)
        case ReignAcknowledged():
            slot = state.slots[event.slot]
            loaded = slot.failed - {event.model}
            slot = replace(slot, acknowledged=event.reign, failed=loaded)
            slot = replace(slot, watch=_followed(slot, event))
            state = _follow_lineup(state, event.lineup)
        case ActivationOverdue():
            slot = replace(state.slots[event.slot], overdue=True)
        case RollbackImpossible():
            slot = replace(state.slots[event.slot], stuck=True)
        case _:
            assert_never(event)
    return replace(state, slots={**state.slots, event.slot: slot})


def _learn_of_watch(state: State, event: WatchEvent) -> State:
    match event:
        case ParametersWatched(change, _, number, canary, old):
            changed = Change(change, number, old, event.time_ms, Watch(canary))
            return replace(state, change=changed)
        case ParametersRolledBack():
            return replace(state, change=None)
        case CanaryWarned():
            return _with_breached(state, event)
        case CanaryEnded():
            return _with_watch(state, event.slot, None)
        case _:
            assert_never(event)


def _with_breached(state: State, event: CanaryWarned) -> State:
    slot = state.slots.get(event.slot)
    watch = slot.watch if slot else state.change and state.change.watch
    if not watch:
        return state
    return _with_watch(state, event.slot, replace(watch, breached=event.breached))


def _with_watch(state: State, name: str, watch: Watch | None) -> State:
    """Return the state with another watch of a slot, or of the settings."""
    slot = state.slots.get(name)
    if slot is not None:
        return replace(state, slots={**state.slots, name: replace(slot, watch=watch)})
    return replace(state, change=replace(state.change, watch=watch) if state.change else None)


def _followed(slot: Slot, event: ReignAcknowledged) -> Watch | None:
    """Return the watch with its reference; none where nobody was dethroned."""
    if slot.watch is None or event.reign != slot.reign:
        return slot.watch
    return replace(slot.watch, canary=event.canary) if event.canary else None


def _follow_lineup(state: State, lineup: str) -> State:
    """Let nobody stand on what was measured in another segment, even of a lineup that came back.

    Segments are counted as shadow counts them, from the same records of the trader.
    """
    if lineup == state.lineup:
        return state
    trials = {name: _in_next_segment(trial) for name, trial in state.trials.items()}
    return replace(state, lineup=lineup, trials=trials)


def _in_next_segment(trial: Trial) -> Trial:
    return replace(
        trial,
        standing_since_ms=None,
        ready=False,
        approved_until_ms=None,
        segment=trial.segment + trial.warmed,
    )


def _crown(state: State, event: ChampionCrowned) -> State:
    before = state.slots.get(event.slot)
    version = Version(event.model, event.digest)
    slot = Slot(
        champion=version,
        reign=event.reign,
        acknowledged=before.acknowledged if before else 0,
        predecessor=before.champion if before else None,
        history=_with_last(before.history if before else (), version),
        failed=before.failed if before else frozenset(),
        changed_ms=event.time_ms,
        overdue=False,
        rolled_back_ms=before.rolled_back_ms if before else None,
        last_promotion=event.promotion,
        watch=Watch(record=event.record) if event.canary_rule else None,
        removed=before.removed - {event.model} if before else frozenset(),
    )
    spent = state.budget
    if event.how == PROMOTED:
        spent = budget.count_crown(spent, state.trials[event.trial], event.log_evidence)
    return replace(
        state,
        slots={**state.slots, event.slot: slot},
        waiting=_without(state.waiting, event.slot, event.model),
        budget=spent,
        promotions=state.promotions + 1,
        last_promotion=event.promotion,
    )


def _roll_back(slot: Slot, event: ChampionRolledBack) -> Slot:
    by_itself = event.trigger != PERSON
    target = Version(event.to_model, event.to_digest)
    return replace(
        slot,
        champion=target,
        reign=event.reign,
        predecessor=slot.champion,
        history=_with_last(slot.history, target),
        failed=slot.failed | {event.from_model} if by_itself else slot.failed,
        changed_ms=event.time_ms,
        overdue=False,
        rolled_back_ms=event.time_ms if by_itself else slot.rolled_back_ms,
        watch=None,
        stuck=False,
        removed=(slot.removed if by_itself else slot.removed | {event.from_model})
        - {event.to_model},
    )


def _learn_of_desk(state: State, event: DeskEvent) -> State:
    match event:
        case CandidateQueued(slot, model, digest, origin, supersedes, holdout):
            others = _without(state.waiting, slot, supersedes)
            candidate = Candidate(slot, model, digest, origin, holdout)
            return replace(state, waiting=(*others, candidate))
        case CandidateWaits():
            return replace(state, waiting=_with_wait(state.waiting, event))
        case TrialOpened():
            return _open(state, event)
        case TrialClosed():
            others_open = {k: v for k, v in state.trials.items() if k != event.trial}
            return replace(state, trials=others_open)
        case CommandTaken():
            return trust.take(state, event)
        case Frozen() | Thawed() | ModeFollowed():
            return replace(state, frozen=_frozen_after(state.frozen, event))
        case ExposureChanged():
            now_open, closed = event.open_positions, event.trades_closed
            return replace(state, open_positions=now_open, trades_closed=closed)
        case PolicyApplied():
            return replace(state, policy=from_values(event.values), policy_hash=event.hash)
        case _:
            assert_never(event)


def _frozen_after(frozen: frozenset[str], event: Frozen | Thawed | ModeFollowed) -> frozenset[str]:
    match event:
        case Frozen():
            return frozen | {event.scope}
        case Thawed():
            return frozen - {event.scope}
        case ModeFollowed():
            return frozen | {KILL} if event.mode == KILLED else frozen - {KILL}
        case _:
            assert_never(event)


def _open(state: State, event: TrialOpened) -> State:
    trial = Trial(
        id=event.trial,
        slot=event.slot,
        challenger=Version(event.challenger, event.challenger_digest),
        origin=event.origin,
        k=event.k,
        alpha=event.alpha,
        log_threshold=event.log_threshold,
        p_max=event.p_max,
        max_pairs=event.max_pairs,
        window_start_ms=event.window_start_ms,
        mode=event.mode,
    )
    return replace(
        state,
        trials={**state.trials, trial.id: trial},
        waiting=_without(state.waiting, event.slot, event.challenger),
        budget=budget.open_trial(state.budget, event),
        trials_opened=state.trials_opened + 1,
    )


def _without(waiting: tuple[Candidate, ...], slot: str, model: str) -> tuple[Candidate, ...]:
    return tuple(one for one in waiting if (one.slot, one.model) != (slot, model))


def _with_wait(waiting: tuple[Candidate, ...], said: CandidateWaits) -> tuple[Candidate, ...]:
    wait = Wait(said.reason, said.count, said.target, said.until)
    return tuple(
        replace(one, wait=wait) if (one.slot, one.model) == (said.slot, said.model) else one
        for one in waiting
    )


def _with_last(history: tuple[Version, ...], version: Version) -> tuple[Version, ...]:
    return (*(one for one in history if one != version), version)

"""Which candidates get a trial, and when: every trial costs budget, so few run at once."""

from collections.abc import Sequence
from math import isfinite

from kingmaker.contracts.desks import desk_of
from kingmaker.evidence.defaults import PARAMETERS, RULE
from kingmaker.promotion import budget, classic
from kingmaker.promotion.domain import BOOTSTRAP, DESK, Candidate, Event, State, Wait
from kingmaker.promotion.evolution import evolve
from kingmaker.promotion.heard import ModelRegistered
from kingmaker.promotion.said import CandidateQueued, CandidateRefused, CandidateWaits, TrialOpened

RANKED_BY = "holdout_gain"  # the hold-out figure that candidates of different origins are ranked by


def queue(state: State, registered: ModelRegistered, now_ms: int) -> Sequence[Event]:
    """Let a new model wait; it takes the place of an older one of its origin."""
    slot, model, digest = registered.slot, registered.model, registered.digest
    if desk_of(slot) != state.desk:
        return ()
    waiting = [one for one in state.waiting if one.slot == slot]
    shipped = slot in state.slots or any(one.origin == BOOTSTRAP for one in waiting)
    if registered.origin == BOOTSTRAP and shipped:
        return ()
    same = _same_bytes(state, slot, digest)
    if same:
        return (CandidateRefused(slot, model, f"its bytes are those of {same}", now_ms),)
    older = [one.model for one in waiting if one.origin == registered.origin]
    holdout = registered.metrics.get(RANKED_BY, 0.0)
    holdout = holdout if isfinite(holdout) else 0.0  # as if there were none
    supersedes = older[0] if older else ""
    return (CandidateQueued(slot, model, digest, registered.origin, supersedes, holdout),)


def admit(state: State, now_ms: int) -> Sequence[Event]:
    """Open a trial for everyone there is room for, the best on hold-out first."""
    opened: list[Event] = []
    while candidates := [one for one in state.waiting if _wait(state, one) is None]:
        best = min(candidates, key=lambda one: (-one.holdout, one.slot, one.model))
        opened.append(_open(state, best, now_ms))
        state = evolve(state, opened[-1])
    return opened


def tell_waiting(state: State, now_ms: int) -> Sequence[Event]:
    """Say of everyone who waits for a trial what for, when that has changed."""
    told = [
        (one, wait)
        for one in state.waiting
        if one.origin != BOOTSTRAP and (wait := _wait(state, one)) and wait != one.wait
    ]
    return [
        CandidateWaits(
            one.slot, one.model, wait.reason, wait.count, wait.target, wait.until, now_ms
        )
        for one, wait in told
    ]


def _same_bytes(state: State, slot: str, digest: str) -> str:
    """Return who in the slot has these bytes already: a trial of equals would waste budget."""
    if slot in state.slots and state.slots[slot].champion.digest == digest:
        return "the champion"
    tried = [one.id for one in state.trials_of(slot) if one.challenger.digest == digest]
    waiting = [one.model for one in state.waiting if (one.slot, one.digest) == (slot, digest)]
    return next(iter((*tried, *waiting)), "")


def _wait(state: State, candidate: Candidate) -> Wait | None:
    """Return what a candidate waits for; None if there is room for it."""
    frozen = state.frozen & {DESK, candidate.slot}
    if frozen:
        return Wait("frozen", len(frozen), 0, f"a thaw of {' and '.join(sorted(frozen))}")
    slot = state.slots.get(candidate.slot)
    if slot is None:
        return Wait("no_champion", 0, 1, "the first coronation of the slot")
    if not slot.settled:
        return Wait("reign_in_flight", 1, 0, f"the trader follows reign {slot.reign}")
    if slot.champion.digest == candidate.digest:
        return Wait("is_champion", 1, 0, "another champion: its bytes are those of the present")
    return _wait_for_trades(state) or _wait_for_trials(state, candidate)


def _wait_for_trades(state: State) -> Wait | None:
    closed, least = state.trades_closed, state.policy.start_after_trades
    if closed >= least:
        return None
    return Wait("closed_trades", closed, least, "the desk closes trades: trial.start_after_trades")


def _wait_for_trials(state: State, candidate: Candidate) -> Wait | None:
    """Few run at once in a slot, and fewer of an origin; who runs is not replaced."""
    live = state.trials_of(candidate.slot)
    of_origin = [one.id for one in live if one.origin == candidate.origin]
    per_origin = state.policy.trials_per_origin_max
    if len(of_origin) >= per_origin:
        until = f"{' or '.join(of_origin)} ends: promotion.max_trials_per_origin"
        return Wait("trials_of_origin", len(of_origin), per_origin, until)
    per_slot = state.policy.trials_per_slot_max
    if len(live) >= per_slot:
        until = f"{' or '.join(one.id for one in live)} ends: promotion.max_trials_per_slot"
        return Wait("trials_of_slot", len(live), per_slot, until)
    return None


def _open(state: State, candidate: Candidate, now_ms: int) -> TrialOpened:
    """Fix everything the trial will be judged by."""
    champion = state.slots[candidate.slot].champion
    share = budget.next_share(state.budget, state.policy, now_ms)
    return TrialOpened(
        trial=f"t-{state.trials_opened + 1:04}@{state.desk}",
        slot=candidate.slot,
        champion=champion.model,
        champion_digest=champion.digest,
        challenger=candidate.model,
        challenger_digest=candidate.digest,
        origin=candidate.origin,
        k=share.k,
        window_start_ms=share.window_start_ms,
        crowned_before=share.crowned_before,
        gamma=share.gamma,
        alpha=share.alpha,
        log_threshold=share.log_threshold,
        rule=RULE,
        parameters=PARAMETERS,
        max_pairs=state.policy.trial_pairs_max,
        time_ms=now_ms,
        mode=state.policy.budget_mode,
        notice=classic.notice(state.policy, state.policy.budget_mode),
        p_max=share.p_max,
        window_tests=share.tests,
        window_alpha=share.window_alpha,
    )

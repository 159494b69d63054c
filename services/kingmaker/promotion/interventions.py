"""What people may do to a trial: approve it, hold or end it, give its place to another."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.governance.orders import RefusedError
from kingmaker.promotion import admission, trials
from kingmaker.promotion.domain import Event, State, Trial
from kingmaker.promotion.evolution import fold
from kingmaker.promotion.heard import AboutTrial, Approve, ReplaceTrial, Veto
from kingmaker.promotion.said import Approved, TrialOpened, Vetoed

MINUTE_MS = 60_000


def act(state: State, command: AboutTrial, key_id: str, now_ms: int) -> Sequence[Event]:
    """Do what is asked; RefusedError if it cannot be."""
    trial = state.trials.get(command.trial)
    if trial is None:
        raise RefusedError(f"{command.trial} is not an open trial")
    match command:
        case Approve():
            return _approve(state, trial, command, key_id, now_ms)
        case Veto():
            return _veto(trial, command, key_id, now_ms)
        case ReplaceTrial():
            return _replace(state, trial, now_ms)
        case _:
            assert_never(command)


def _approve(
    state: State, trial: Trial, command: Approve, key_id: str, now_ms: int
) -> Sequence[Event]:
    """Let it be crowned once no gate of the desk is closed; those on its evidence all hold."""
    if state.policy.auto:
        raise RefusedError("promotion.auto is 1: nobody is asked")
    if not trial.ready and trial.standing_since_ms is None:
        raise RefusedError(f"{trial.id} is not ready: gates on its evidence hold it back")
    until_ms = now_ms + int(state.policy.approval_minutes * MINUTE_MS)
    actor, reason = command.actor, command.reason
    return (Approved(trial.id, actor, reason, command.command_id, now_ms, key_id, until_ms),)


def _veto(trial: Trial, command: Veto, key_id: str, now_ms: int) -> Sequence[Event]:
    if not command.until_ms:
        return (trials.close(trial, "veto", now_ms),)
    if command.until_ms <= now_ms:
        raise RefusedError(f"until_ms is {command.until_ms}, it is {now_ms}")
    actor, reason = command.actor, command.reason
    until_ms, command_id = command.until_ms, command.command_id
    return (Vetoed(trial.id, until_ms, actor, reason, command_id, now_ms, key_id),)


def _replace(state: State, trial: Trial, now_ms: int) -> Sequence[Event]:
    """End a trial if somebody waits who gets its place; admission opens the other in this step."""
    closed = trials.close(trial, "replaced", now_ms)
    opened = admission.admit(fold(state, [closed]), now_ms)
    if not any(isinstance(one, TrialOpened) and one.slot == trial.slot for one in opened):
        raise RefusedError(f"nobody waits who could take the place of {trial.id}")
    return (closed,)

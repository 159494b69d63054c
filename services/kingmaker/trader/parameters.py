"""Settings that a person changed while the desk trades: what was before decides on beside them.

The branch of the set before has the champion's nine models and asks no question of its own: where
both sets say the same it is the same decision. Whether the change goes back is for promotion.
"""

from collections.abc import Mapping, Sequence
from typing import assert_never

from kingmaker.contracts import head_weights
from kingmaker.contracts.desks import COMPONENTS, parameters_of
from kingmaker.evidence.defaults import CANARY_PARAMETERS, CANARY_RULE
from kingmaker.kernel.frozen import replace
from kingmaker.trader import buckets
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import ApplyPolicy, ParametersRolledBack
from kingmaker.trader.policy import Policy
from kingmaker.trader.said import ParameterChanged, ParametersRestored, PolicyApplied
from kingmaker.trader.state import Branch, State

SETTINGS = "settings"  # the cause of a change


def apply(state: State, apply: ApplyPolicy, now_ms: int) -> Sequence[Event]:
    """Take new settings. Raise ValueError for a value out of its range: nothing starts with it."""
    if apply.hash == state.policy_hash:
        return ()
    changed = _changed(state, Policy.from_values(apply.values), apply.actor, now_ms)
    return [*changed, PolicyApplied(apply.hash, apply.values, apply.actor)]


def roll_back(state: State, back: ParametersRolledBack, now_ms: int) -> Sequence[Event]:
    """Go back to the set before; a change that another one followed is over already."""
    canary = _canary(state.changes)
    if back.change != _change(state) or canary not in state.branches:
        return ()
    time_ms = max(back.time_ms, now_ms)
    slot = parameters_of(state.desk)
    return (ParametersRestored(back.change, slot, back.values, back.trigger, canary, time_ms),)


def learn(state: State, event: ParameterChanged | ParametersRestored) -> State:
    """Keep the set before a change, or go back to it."""
    match event:
        case ParameterChanged():
            return _keep(state, event)
        case ParametersRestored():
            return _restore(state, event)
        case _:
            assert_never(event)


def _keep(state: State, changed: ParameterChanged) -> State:
    """Let the set before decide on, in place of the one that a former change kept."""
    state = buckets.forget(state, [name for name, one in state.branches.items() if one.steps])
    before = Branch(
        changed.canary,
        changed.slot,
        "",
        "",
        "",
        changed.first_bucket,
        is_canary=True,
        steps=state.policy.with_steps(changed.old).steps,
        weights=_weights(changed.old),
    )
    branches = {**state.branches, changed.canary: before}
    return replace(state, branches=branches, changes=changed.number)


def _restore(state: State, restored: ParametersRestored) -> State:
    """Decide with the set before again, by its version; what was tried beside it ends."""
    policy = state.policy.with_steps(restored.values)
    weights = _weights(restored.values) or state.weights
    version = head_weights.version_in(restored.values)
    back = replace(
        state,
        policy=policy,
        weights=weights,
        weights_version=state.weights_version if version is None else version,
    )
    return buckets.forget(back, [restored.canary])


def _weights(values: Mapping[str, str]) -> dict[str, float] | None:
    """Return the head weights among settings; None where the change was not of them."""
    found = head_weights.from_texts(values)
    return None if found is None else dict(zip(COMPONENTS, found, strict=True))


def _changed(state: State, policy: Policy, actor: str, now_ms: int) -> Sequence[Event]:
    """Say what a desk that trades would decide otherwise by these settings."""
    before, after = state.policy.steps.texts(), policy.steps.texts()
    keys = [key for key in before if before[key] != after[key]]
    return watched(state, _only(before, keys), _only(after, keys), (SETTINGS, actor), now_ms)


def watched(
    state: State,
    old: Mapping[str, str],
    new: Mapping[str, str],
    why: tuple[str, str],
    now_ms: int,
) -> Sequence[ParameterChanged]:
    """Return a change that is watched, by keys with their texts; `why`: its cause, and its actor.

    None where nothing changes, or where the desk does not trade yet.
    """
    if not new or not state.bucket_ms or not state.lineup:
        return ()
    number = state.changes + 1
    return (
        ParameterChanged(
            f"c-{number:04}@{state.desk}",
            state.desk,
            parameters_of(state.desk),
            number,
            dict(old),
            dict(new),
            *why,
            now_ms,
            _canary(number),
            CANARY_RULE,
            dict(CANARY_PARAMETERS),
            state.lineup_digest,
            buckets.next_whole(state.bucket_ms, now_ms),
        ),
    )


def _only(values: Mapping[str, str], keys: Sequence[str]) -> dict[str, str]:
    return {key: values[key] for key in keys}


def _change(state: State) -> str:
    return f"c-{state.changes:04}@{state.desk}"


def _canary(number: int) -> str:
    return f"canary-parameters-c{number:04}"

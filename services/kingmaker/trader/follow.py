"""How the trader follows promotion: it loads, warms, exchanges and drops; it never judges.

A crown or a rollback of a model that is warm is answered in the same step and loads nothing.
"""

from collections.abc import Mapping

from kingmaker.contracts.desks import COMPONENTS, component_of, slot_of
from kingmaker.kernel.frozen import replace
from kingmaker.trader import buckets, revisions
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import (
    ChampionCrowned,
    ChampionRolledBack,
    ModelLoaded,
    ModelLoadFailed,
    TrialClosed,
    TrialOpened,
)
from kingmaker.trader.said import (
    ActivationFailed,
    ChallengerDropped,
    ChallengerFaulted,
    ChallengerWarmed,
    ChampionActivated,
    ChampionLost,
    ModelLoadRequested,
    ModelReady,
)
from kingmaker.trader.state import Branch, Reign, State, digest_of

ATTEMPTS_MAX = 3
BOOTSTRAP, ROLLBACK, TRIAL = "bootstrap", "rollback", "trial"
CROWNED = "crowned"  # why a trial closed whose challenger now reigns


def trial_opened(state: State, opened: TrialOpened, now_ms: int) -> list[Event]:
    """Load the challenger, or let it decide at once if its bytes are warm already."""
    request = ModelLoadRequested(
        opened.slot,
        opened.challenger,
        opened.challenger_digest,
        max(opened.time_ms, now_ms),
        1,
        0,
        TRIAL,
        opened.trial,
        opened.champion,
        opened.rule,
        opened.parameters,
    )
    if _is_warm(state, component_of(opened.slot), request.digest):
        return [_warmed(state, request, request.due_ms)]
    return [request]


def trial_closed(state: State, closed: TrialClosed) -> list[Event]:
    """Drop the challenger; one that was crowned is dropped by its activation."""
    known = closed.trial in state.branches or closed.trial in state.loads
    if not known or closed.reason == CROWNED:
        return []
    return [ChallengerDropped(closed.trial, closed.slot)]


def crowned(state: State, crown: ChampionCrowned, now_ms: int) -> list[Event]:
    """Exchange the reference; the models of a bootstrap are loaded first."""
    time_ms = max(crown.time_ms, now_ms)
    reign = Reign(crown.model, crown.digest, crown.reign)
    component = component_of(crown.slot)
    if crown.how == BOOTSTRAP:
        return [_load(crown.slot, reign, time_ms, BOOTSTRAP)]
    if not _is_warm(state, component, crown.digest):
        return [ActivationFailed(crown.slot, crown.reign, f"{crown.model} is not warm")]
    return _activated(state, {component: reign}, time_ms, crown)


def rolled_back(state: State, back: ChampionRolledBack, now_ms: int) -> list[Event]:
    """Exchange the reference back; a model of an older reign is loaded first."""
    time_ms = max(back.time_ms, now_ms)
    reign = Reign(back.to_model, back.to_digest, back.reign)
    component = component_of(back.slot)
    if not _is_warm(state, component, back.to_digest):
        return [_load(back.slot, reign, time_ms, ROLLBACK)]
    return _activated(state, {component: reign}, time_ms)


def loaded(state: State, fact: ModelLoaded, now_ms: int) -> list[Event]:
    """Go on with everything that waited for these bytes."""
    events = revisions.declared(state, fact)
    ready = dict(state.ready)
    due_ms = now_ms
    for request in _waiting(state, fact):
        due_ms = max(due_ms, request.due_ms)
        component = component_of(request.slot)
        reign = Reign(request.model, request.digest, request.reign)
        if request.how == TRIAL:
            events.append(_warmed(state, request, due_ms))
        elif request.how == ROLLBACK:
            events += _activated(state, {component: reign}, due_ms)
        else:
            ready[component] = reign
            events.append(ModelReady(request.slot, request.model, request.digest, reign.number))
    if len(ready) > len(state.ready) and len({**state.lineup, **ready}) == len(COMPONENTS):
        events += _activated(state, ready, due_ms)
    return events


def load_failed(state: State, fact: ModelLoadFailed, now_ms: int) -> list[Event]:
    """Try again, and after the last attempt say so; unasked, say who is lost."""
    events: list[Event] = []
    requests = _waiting(state, fact)
    if not requests and not fact.attempt:
        return _lost(state, fact, now_ms)
    for request in requests:
        if request.attempt < ATTEMPTS_MAX:
            due_ms = max(request.due_ms, now_ms)
            events.append(replace(request, attempt=request.attempt + 1, due_ms=due_ms))
        elif request.how == TRIAL:
            time_ms = max(request.due_ms, now_ms)
            events.append(
                ChallengerFaulted(
                    request.trial, request.slot, request.digest, fact.reason, ATTEMPTS_MAX, time_ms
                )
            )
        else:
            events.append(ActivationFailed(request.slot, request.reign, fact.reason))
    return events


def request_load(state: State, request: ModelLoadRequested) -> State:
    """Note an open effect."""
    return replace(state, loads={**state.loads, _key(request): request})


def be_ready(state: State, ready: ModelReady) -> State:
    """Note a model that waits for the rest of its lineup."""
    component = component_of(ready.slot)
    reign = Reign(ready.model, ready.digest, ready.reign)
    loads = _without(state.loads, ready.slot)
    return replace(state, ready={**state.ready, component: reign}, loads=loads)


def warm(state: State, warmed: ChallengerWarmed) -> State:
    """Let a challenger decide from here on."""
    component = component_of(warmed.slot)
    if not warmed.frozen:
        state = revisions.admit(state, warmed.trial, component, warmed.digest)
    branch = Branch(
        warmed.trial,
        warmed.slot,
        component,
        warmed.model,
        warmed.digest,
        warmed.first_bucket,
        learner=warmed.trial if warmed.trial in state.learners else "",
        frozen=warmed.frozen,
    )
    branches = {**state.branches, warmed.trial: branch}
    return replace(state, branches=branches, loads=_without(state.loads, warmed.trial))


def fault(state: State, faulted: ChallengerFaulted) -> State:
    """Count a challenger's fault; one that never loaded is no longer waited for."""
    state = replace(state, loads=_without(state.loads, faulted.trial))
    branch = state.branches.get(faulted.trial)
    if branch is None:
        return state
    branch = replace(branch, faults=faulted.faults)
    return replace(state, branches={**state.branches, faulted.trial: branch})


def drop(state: State, dropped: ChallengerDropped) -> State:
    """Forget a challenger."""
    state = replace(state, loads=_without(state.loads, dropped.trial))
    return revisions.settle(buckets.forget(state, [dropped.trial]))


def activate(state: State, activated: ChampionActivated) -> State:
    """Exchange the reference; the dethroned champion goes on deciding beside the new one."""
    component = component_of(activated.slot)
    reign = Reign(activated.model, activated.digest, activated.reign)
    learner = revisions.of_reign(state, component, activated)
    name = activated.canary or _canary_of(state, component, reign)  # records of 0.1 do not name it
    if name:
        canaries = [b.trial for b in state.branches.values() if b.is_canary]
        gone = [trial for trial in canaries if state.branches[trial].component == component]
        state = buckets.forget(state, gone)
        before = state.learning.get(component, "")
        canary = _dethroned(name, activated, state.lineup[component], before)
        state = replace(state, branches={**state.branches, canary.trial: canary})
    state = revisions.admit(state, learner, component, reign.digest) if learner else state
    learning = _without(state.learning, component)
    if learner in state.learners:
        learning = {**learning, component: learner}
    state = replace(
        state,
        learning=learning,
        lineup={**state.lineup, component: reign},
        ready=_without(state.ready, component),
        loads=_without(state.loads, activated.slot),
        faults=_without(state.faults, component),
        lost=state.lost - {component},
        lineup_digest=activated.lineup,
        lineup_bucket=activated.first_bucket,
    )
    return revisions.settle(state)


def give_up(state: State, failed: ActivationFailed) -> State:
    """Stop waiting for a model that does not load."""
    ready = _without(state.ready, component_of(failed.slot))
    return replace(state, loads=_without(state.loads, failed.slot), ready=ready)


def lose(state: State, lost: ChampionLost) -> State:
    """Enter nothing until this slot has another champion."""
    return replace(state, lost=state.lost | {component_of(lost.slot)})


def _activated(
    state: State, reigns: Mapping[str, Reign], time_ms: int, crown: ChampionCrowned | None = None
) -> list[Event]:
    """Activate these reigns, stamped with the lineup that all of them make together."""
    lineup = {**state.lineup, **reigns}
    digest = digest_of(lineup)
    first = state.lineup_bucket
    if state.lineup and digest != state.lineup_digest:
        first = buckets.next_whole(state.bucket_ms, time_ms)
    events: list[Event] = []
    for component in [name for name in COMPONENTS if name in reigns]:
        reign = reigns[component]
        slot = slot_of(component, state.desk)
        canary = _canary_of(state, component, reign)
        watched = crown if canary else None
        events.append(
            ChampionActivated(
                slot,
                reign.number,
                reign.model,
                reign.digest,
                time_ms,
                digest,
                first,
                crown.trial if crown else "",
                canary,
                watched.canary_rule if watched else "",
                watched.canary_parameters if watched else {},
            )
        )
        events += [
            ChallengerDropped(branch.trial, slot)
            for branch in state.branches.values()
            if branch.component == component
            and branch.digest == reign.digest
            and not branch.is_canary
        ]
    return events


def _canary_of(state: State, component: str, reign: Reign) -> str:
    """Name the branch of whoever is dethroned by this reign; "" where the model stays."""
    before = state.lineup.get(component)
    if before is None or before.digest == reign.digest:
        return ""
    return f"canary-{component}-r{reign.number}"


def _dethroned(name: str, activated: ChampionActivated, before: Reign, learner: str) -> Branch:
    return Branch(
        name,
        activated.slot,
        component_of(activated.slot),
        before.model,
        before.digest,
        activated.first_bucket,
        is_canary=True,
        learner=learner,
    )


def _is_warm(state: State, component: str, digest: str) -> bool:
    """Tell whether these bytes serve this component now."""
    reign = state.lineup.get(component)
    if reign is not None and reign.digest == digest:
        return True
    branches = state.branches.values()
    return any(b.component == component and b.digest == digest for b in branches)


def _warmed(state: State, request: ModelLoadRequested, time_ms: int) -> ChallengerWarmed:
    return ChallengerWarmed(
        request.trial,
        request.slot,
        request.model,
        request.digest,
        request.champion,
        time_ms,
        request.rule,
        request.parameters,
        state.lineup_digest,
        buckets.next_whole(state.bucket_ms, time_ms),
    )


def _load(slot: str, reign: Reign, time_ms: int, how: str) -> ModelLoadRequested:
    return ModelLoadRequested(
        slot, reign.model, reign.digest, time_ms, 1, reign.number, how, "", "", "", {}
    )


def _key(request: ModelLoadRequested) -> str:
    return request.trial or request.slot


def _waiting(state: State, fact: ModelLoaded | ModelLoadFailed) -> list[ModelLoadRequested]:
    """Return the open requests that a fact answers."""
    requests = [request for _, request in sorted(state.loads.items())]
    return [r for r in requests if r.digest == fact.digest and fact.attempt in (0, r.attempt)]


def _lost(state: State, fact: ModelLoadFailed, now_ms: int) -> list[Event]:
    """Tell of models that served before a restart and no longer load."""
    events: list[Event] = [
        ChampionLost(slot_of(component, state.desk), reign.number, reign.digest, fact.reason)
        for component, reign in sorted(state.lineup.items())
        if reign.digest == fact.digest and component not in state.lost
    ]
    events += [
        ActivationFailed(slot_of(component, state.desk), reign.number, fact.reason)
        for component, reign in sorted(state.ready.items())
        if reign.digest == fact.digest
    ]
    for _, branch in sorted(state.branches.items()):
        if branch.digest != fact.digest:
            continue
        dropped = ChallengerDropped(branch.trial, branch.slot)
        if branch.is_canary:
            events.append(dropped)
            continue
        events.append(
            ChallengerFaulted(
                branch.trial, branch.slot, branch.digest, fact.reason, ATTEMPTS_MAX, now_ms
            )
        )
        events.append(dropped)  # nobody may follow a crown to it: it is not warm
    return events


def _without[T](items: dict[str, T], key: str) -> dict[str, T]:
    return {name: item for name, item in items.items() if name != key} if key in items else items

"""Models that learn from every closed trade of their own; what they remember is state.

Where a rule rebalances, trades only add to what is remembered, and every hour of market time makes
of it what decides.

A trade teaches whoever decided it, in the step that resolves it for that side: a branch that stays
in longer delays nobody else's lesson. Who remembers is called a learner; it goes with its model
when that is crowned or dethroned. What reigns and learns has a twin that does not: the branch of
the same bytes as they were exported, whose pairs tell whether learning helps.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from kingmaker.contracts.desks import component_of, slot_of, twin_of
from kingmaker.evidence.defaults import PARAMETERS, RULE
from kingmaker.kernel.frozen import replace
from kingmaker.market.exits import Result
from kingmaker.revisions import (
    Declaration,
    Numbers,
    UnusableDeclarationError,
    fault_of,
    fingerprint,
)
from kingmaker.revisions.rules import Rule, discover, rule_of
from kingmaker.trader import buckets, lessons
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import BarClosed, ModelLoaded
from kingmaker.trader.lessons import PATTERNS, Trade
from kingmaker.trader.pipeline import CHAMPION
from kingmaker.trader.said import (
    ChallengerDropped,
    ChallengerWarmed,
    ChampionActivated,
    ModelRevised,
    OpportunityDecided,
    RevisionRefused,
    UpdateRuleLoaded,
)
from kingmaker.trader.state import Learner, Open, State

HOUR_MS = 3_600_000


def declared(state: State, fact: ModelLoaded) -> list[Event]:
    """Keep what loaded bytes say of how they learn, if this release knows their rule."""
    waiting = [request for request in state.loads.values() if request.digest == fact.digest]
    if not fact.rule or not waiting or fact.digest in state.declared:
        return []
    component = component_of(waiting[0].slot)
    try:
        rule_of(Declaration(fact.rule, fact.parameters, fact.numbers), component)
    except UnusableDeclarationError:
        return []  # it decides as it was exported
    return [UpdateRuleLoaded(fact.digest, component, fact.rule, fact.parameters, fact.numbers)]


def pupils(state: State, decided: OpportunityDecided) -> tuple[tuple[str, str], ...]:
    """Return who is to learn from this opportunity: learners whose model answered."""
    if not state.learners:
        return ()
    faulted = {one.branch for one in decided.decisions if one.faulted}
    faulted |= set(decided.same) if CHAMPION in faulted else set()
    found = []
    for branch, name in _deciding(state):
        component = state.learners[name].component
        if branch in faulted or component not in state.policy.revisions:
            continue
        if lessons.is_one(component, decided, branch):
            found.append((name, branch))
    return tuple(found)


def teach(state: State, item: Open, results: Sequence[Result | None], now_ms: int) -> list[Event]:
    """Return what a bar teaches whom: everyone whose own trade of this opportunity is over."""
    events: list[Event] = []
    places = {one.branch: place for place, one in enumerate(item.decided.decisions)}
    for name, branch in item.pupils:
        place = places.get(branch, 0)  # who is not named decided like the champion
        result, learner = results[place], state.learners.get(name)
        if result is None or learner is None or learner.component not in state.policy.revisions:
            continue
        trade = Trade(item.decided, item.decided.decisions[place], result, now_ms, branch)
        events.append(_taught(state, name, branch, trade))
    return events


def rebalance(state: State, bar: BarClosed, now_ms: int) -> list[Event]:
    """Return what an hour of market time that is over makes of what was learned, by learner.

    A learner's first hour is the first that a bar ends or passes; of hours without a bar the last
    counts. What comes of it decides from the next step on, like every revision.
    """
    if not state.learners:
        return []
    events: list[Event] = []
    hour_ms, began_ms = now_ms - now_ms % HOUR_MS, bar.open_ms - bar.open_ms % HOUR_MS
    for branch, name in _deciding(state):
        learner = state.learners[name]
        due = _rule(state, learner).rebalance and learner.component in state.policy.revisions
        if due and hour_ms > (learner.hour_ms or began_ms):
            events.append(_rebalanced(state, name, branch, hour_ms, now_ms))
    return events


def learn(state: State, event: UpdateRuleLoaded | ModelRevised | RevisionRefused) -> State:
    """Remember what was declared, or what a trade taught; nobody learns twice of one trade."""
    match event:
        case UpdateRuleLoaded():
            declaration = Declaration(event.rule, event.parameters, event.numbers)
            return replace(state, declared={**state.declared, event.digest: declaration})
        case ModelRevised():
            learner = _followed(state, state.learners[event.learner], event)
            assert learner.fingerprint == event.revised, (
                f"revision {event.revision} of {event.learner} is {learner.fingerprint}, and was"
                f" {event.revised}: its update rule was edited. Start the release that wrote it."
            )
            state = replace(state, learners={**state.learners, event.learner: learner})
            return _dismissed(state, event)
        case RevisionRefused():
            return _dismissed(state, event)
        case _:
            assert_never(event)


def admit(state: State, name: str, component: str, digest: str) -> State:
    """Let a model learn from here on, beginning as it was exported, if it declares how."""
    declaration = state.declared.get(digest)
    if declaration is None or name in state.learners:
        return state
    rule = discover()[declaration.rule]
    memory = rule.begin(declaration)
    first = fingerprint(digest, declaration.rule, 0, memory)
    learner = Learner(component, digest, 0, memory, first)
    return replace(state, learners={**state.learners, name: learner})


def of_reign(state: State, component: str, activated: ChampionActivated) -> str:
    """Name who remembers for a model that begins to reign: whoever did, wherever it decided."""
    named = state.branches.get(activated.trial)
    if named is not None:
        return named.learner
    before = state.lineup.get(component)
    if before is not None and before.digest == activated.digest:
        return state.learning.get(component, "")
    own = [
        branch
        for branch in state.branches.values()
        if (branch.component, branch.digest) == (component, activated.digest) and not branch.frozen
    ]
    own.sort(key=lambda branch: (not branch.is_canary, branch.trial))
    return own[0].learner if own else f"{component}-r{activated.reign}"


def settle(state: State) -> State:
    """Forget what was learned and declared by models that decide no longer."""
    if not state.learners and not state.declared:
        return state
    branches, loads = state.branches.values(), state.loads.values()
    names = {*state.learning.values(), *[branch.learner for branch in branches]}
    kept = {one.digest for one in (*state.lineup.values(), *state.ready.values())}
    kept |= {branch.digest for branch in branches} | {request.digest for request in loads}
    return replace(
        state,
        learners={name: one for name, one in state.learners.items() if name in names},
        declared={digest: one for digest, one in state.declared.items() if digest in kept},
    )


def twins(state: State, time_ms: int) -> list[Event]:
    """Give every champion that learns its control, and take away those of others."""
    wanted: dict[str, str] = {}
    for component, name in sorted(state.learning.items()):
        if name in state.learners and component in state.policy.revisions:
            wanted[twin_of(component, state.lineup[component].number)] = component
    events: list[Event] = [
        ChallengerDropped(name, branch.slot)
        for name, branch in sorted(state.branches.items())
        if branch.frozen and name not in wanted
    ]
    return events + [
        _twin(state, name, component, time_ms)
        for name, component in wanted.items()
        if name not in state.branches
    ]


def vectors(state: State) -> Mapping[str, Numbers]:
    """Return what the champions' graphs take, by component; nothing where nothing was learned."""
    found = {}
    for component, name in state.learning.items():
        vector = vector_of(state, name)
        if vector:
            found[component] = vector
    return found


def vector_of(state: State, name: str) -> Numbers:
    """Return what a learner's graph takes; nothing before its first revision, or switched off."""
    learner = state.learners.get(name)
    if learner is None or not learner.revision or learner.component not in state.policy.revisions:
        return ()
    return _vector(state, learner)


def numbers(state: State) -> dict[str, int]:
    """Return by which revision each model decides that has learned, by branch/component."""
    learners = [(branch, state.learners[name]) for branch, name in _deciding(state)]
    return {
        f"{branch}/{learner.component}": learner.revision
        for branch, learner in learners
        if learner.revision and learner.component in state.policy.revisions
    }


def alike(state: State) -> dict[str, float]:
    """Return how alike a window must be to be a known pattern, by branch that learns of them."""
    if PATTERNS not in state.policy.revisions:
        return {}
    learners = [(branch, state.learners[name]) for branch, name in _deciding(state)]
    return {
        branch: state.declared[learner.digest].parameters["alike"]
        for branch, learner in learners
        if learner.component == PATTERNS
    }


def _deciding(state: State) -> Iterator[tuple[str, str]]:
    """Yield branch and learner of every model that learns, the champions' first."""
    for _, name in sorted(state.learning.items()):
        if name in state.learners:
            yield CHAMPION, name
    for trial, branch in sorted(state.branches.items()):
        if branch.learner in state.learners:
            yield trial, branch.learner


def _taught(state: State, name: str, branch: str, trade: Trade) -> Event:
    """Return the next revision, or why there is none."""
    learner = state.learners[name]
    head = (slot_of(learner.component, state.desk), name, branch, learner.digest)
    opportunity = trade.decided.opportunity
    try:
        row, label = lessons.of(learner.component, trade)
        memory = _rule(state, learner).step(
            state.declared[learner.digest], learner.memory, row, label
        )
        after = _advanced(state, learner, memory)
        fault = fault_of(after.memory) or fault_of(_vector(state, after))
    except (ArithmeticError, ValueError) as error:
        fault = f"the arithmetic fails: {error}"
    if fault:
        return RevisionRefused(*head, learner.revision, opportunity, fault, trade.time_ms)
    return ModelRevised(
        *head,
        after.revision,
        after.fingerprint,
        opportunity,
        trade.decision.strategy,
        label,
        row,
        trade.time_ms,
    )


def _rebalanced(state: State, name: str, branch: str, hour_ms: int, now_ms: int) -> Event:
    """Return the revision of an hour: its row is what decides from here on."""
    learner = state.learners[name]
    after = _advanced(state, learner, _of_hour(state, learner))
    return ModelRevised(
        slot_of(learner.component, state.desk),
        name,
        branch,
        learner.digest,
        after.revision,
        after.fingerprint,
        opportunity="",
        strategy="",
        label=0.0,
        row=_vector(state, after),
        time_ms=now_ms,
        hour_ms=hour_ms,
    )


def _followed(state: State, learner: Learner, event: ModelRevised) -> Learner:
    """Return a learner as an event has left it."""
    if event.hour_ms:
        after = _advanced(state, learner, _of_hour(state, learner))
        return replace(after, hour_ms=event.hour_ms)
    step = _rule(state, learner).step
    memory = step(state.declared[learner.digest], learner.memory, event.row, event.label)
    return _advanced(state, learner, memory)


def _of_hour(state: State, learner: Learner) -> Numbers:
    declaration, weigh = state.declared[learner.digest], _rule(state, learner).rebalance
    assert weigh, f"{declaration.rule} has no hours: start the release that wrote them"
    return weigh(declaration, learner.memory)


def _advanced(state: State, learner: Learner, memory: Numbers) -> Learner:
    declaration = state.declared[learner.digest]
    revision = learner.revision + 1
    revised = fingerprint(learner.digest, declaration.rule, revision, memory)
    return replace(learner, revision=revision, memory=memory, fingerprint=revised)


def _rule(state: State, learner: Learner) -> Rule:
    return discover()[state.declared[learner.digest].rule]


def _vector(state: State, learner: Learner) -> Numbers:
    return _rule(state, learner).vector(state.declared[learner.digest], learner.memory)


def _dismissed(state: State, event: ModelRevised | RevisionRefused) -> State:
    """Note that one side of an opportunity has taught its learner."""
    pupil = (event.learner, event.branch)
    items = [
        replace(item, pupils=tuple([one for one in item.pupils if one != pupil]))
        if item.decided.opportunity == event.opportunity
        else item
        for item in state.open
    ]
    return replace(state, open=tuple(items))


def _twin(state: State, name: str, component: str, time_ms: int) -> ChallengerWarmed:
    """Let the champion's bytes decide as they were exported, measured like any challenger."""
    reign = state.lineup[component]
    return ChallengerWarmed(
        name,
        slot_of(component, state.desk),
        reign.model,
        reign.digest,
        reign.model,
        time_ms,
        RULE,
        dict(PARAMETERS),
        state.lineup_digest,
        buckets.next_whole(state.bucket_ms, time_ms),
        frozen=True,
    )

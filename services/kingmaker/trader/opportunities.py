"""An opportunity is decided: by the champion, and by every branch that would decide otherwise."""

from collections.abc import Sequence

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.evidence import latencies
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Answer, Answers, Question
from kingmaker.trader import buckets, judgement, pipeline, revisions
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.lessons import PATTERNS
from kingmaker.trader.pipeline import CHAMPION
from kingmaker.trader.said import (
    ChallengerFaulted,
    ChampionFaulted,
    ChampionLost,
    Decision,
    OpportunityDecided,
)
from kingmaker.trader.scene import Scene
from kingmaker.trader.state import State
from kingmaker.trader.thought import Side, Thought
from kingmaker.trader.window import ARMS, Window


def find(state: State, window: Window, bar: BarClosed) -> Scene | None:
    """Return the opportunity of a bar, if the desk may enter and its bars are of one interval."""
    if not state.may_enter:
        return None
    if state.interval_ms not in (0, bar.interval_ms):
        return None
    return window.opening(state.policy, bar)


def ask(state: State, scene: Scene, answers: Answers) -> Sequence[Question]:
    """Return the questions of the next round, the champion's first."""
    return [question for thought in _think(state, scene, answers) for question in thought.questions]


def decide(state: State, scene: Scene, answers: Answers) -> list[Event]:
    """Return the opportunity with every branch's decision, and who failed on the way."""
    champion, *others = _think(state, scene, answers)
    pipeline.fallback(scene, champion)
    reference = judgement.judge(state, scene, champion, CHAMPION)
    decisions, same, faulted = [reference], [], []
    for thought in others:
        pipeline.fallback(scene, thought)
        own = state.branches[thought.side.branch]
        decision = judgement.judge(state, scene, thought, CHAMPION, own)
        if decision == reference:
            same.append(thought.side.branch)
        else:
            decisions.append(replace(decision, branch=thought.side.branch))
        if thought.faulted and thought.is_own_fault:
            faulted.append(thought)
    decided = _decided(state, scene, champion, decisions, same)
    decided = replace(
        decided,
        latencies_us=_latencies(answers),
        revisions=revisions.numbers(state),
        patterns=_patterns(state, [champion, *others]),
    )
    events: list[Event] = [decided]
    events += [_challenger_faulted(state, thought, decided.time_ms) for thought in faulted]
    return events + _champion_faulted(state, champion, decided.time_ms)


def count_faults(state: State, decided: OpportunityDecided) -> State:
    """Count failures in a row: the champion's by component, and forgive branches that answered."""
    component = decided.decisions[0].faulted
    faults = {component: state.faults.get(component, 0) + 1} if component else {}
    answered = {*decided.same, *[d.branch for d in decided.decisions if not d.faulted]}
    branches = state.branches
    if any(branch.faults and trial in answered for trial, branch in branches.items()):
        branches = {
            trial: replace(branch, faults=0) if trial in answered else branch
            for trial, branch in branches.items()
        }
    return replace(state, faults=faults, branches=branches)


def count_latencies(state: State, decided: OpportunityDecided) -> State:
    """Count how long each challenger's own model took, where that was measured."""
    if not decided.latencies_us:
        return state
    branches = dict(state.branches)
    for trial, branch in state.branches.items():
        latency_us = decided.latencies_us.get(f"{trial}/{branch.component}")
        if latency_us and not branch.is_canary:
            counts = latencies.add(branch.latencies, latency_us)
            branches[trial] = replace(branch, latencies=counts)
    return replace(state, branches=branches)


def _latencies(answers: Answers) -> dict[str, int]:
    """Return what was measured, by key of the question; nothing under a scheduler."""
    return {
        key: answer.latency_us
        for key, answer in answers.items()
        if isinstance(answer, Answer) and answer.latency_us
    }


def _patterns(state: State, thoughts: Sequence[Thought]) -> dict[str, int]:
    """Return which pattern of its library the window is, for every branch that learns of it."""
    found = {}
    alike = revisions.alike(state)
    for thought in thoughts if alike else ():
        branch, answer = thought.side.branch or CHAMPION, thought.answers.get(PATTERNS)
        if branch in alike and isinstance(answer, Answer):
            nearest, index = answer.outputs["similarity"][0], answer.outputs["index"][0]
            if nearest > alike[branch]:
                found[branch] = int(index)
    return found


def _think(state: State, scene: Scene, answers: Answers) -> list[Thought]:
    """Return the champion's thought, then every branch's, in order of their ids."""
    champion_side, *others = _sides(state, scene)
    champion = pipeline.think(scene, champion_side, answers)
    return [champion, *[pipeline.think(scene, side, answers, champion) for side in others]]


def _sides(state: State, scene: Scene) -> list[Side]:
    """Return who decides; in every round of questions of a scene they are the same."""
    if scene.sides and scene.sides[0][0] is state:
        return scene.sides[0][1]
    models = {component: state.lineup[component].digest for component in COMPONENTS}
    learned = revisions.vectors(state)
    sides = [Side("", models, revisions=learned)]
    for trial in sorted(state.branches):
        branch = state.branches[trial]
        own = {branch.component: branch.digest} if branch.component else {}
        vector = {branch.component: revisions.vector_of(state, branch.learner)} if own else {}
        side = Side(trial, {**models, **own}, branch.component, {**learned, **vector})
        sides.append(side)
    scene.sides[:] = [(state, sides)]
    return sides


def _decided(
    state: State, scene: Scene, champion: Thought, decisions: list[Decision], same: list[str]
) -> OpportunityDecided:
    bar, policy = scene.bar, state.policy
    bucket_ms = state.bucket_ms or buckets.length_ms(policy, bar.interval_ms)
    wanted = zip(ARMS, champion.directions, strict=True)
    return OpportunityDecided(
        opportunity=f"{bar.symbol}-{bar.close_ms}",
        symbol=bar.symbol,
        time_ms=bar.close_ms,
        interval_ms=bar.interval_ms,
        bucket=bar.close_ms // bucket_ms,
        lineup=state.lineup_digest,
        feature_hash=judgement.feature_hash(scene.features),
        features=scene.features,
        setup=champion.setup,
        fired=tuple([arm.name for arm, direction in wanted if direction]),
        decisions=tuple(decisions),
        same=tuple(same),
        price=bar.close,
        directions=champion.directions,
        bucket_ms=bucket_ms,
        fee=policy.fee,
        impact=policy.impact,
        arm=champion.arm,
        desk=state.desk,
        scores=champion.scores,
        judged=champion.judged,
        weights_version=state.weights_version,
        confluence_min=policy.confluence_min,
    )


def _challenger_faulted(state: State, thought: Thought, time_ms: int) -> ChallengerFaulted:
    branch = state.branches[thought.side.branch]
    reason = f"{thought.faulted}: {thought.fault}"
    return ChallengerFaulted(
        branch.trial, branch.slot, branch.digest, reason, branch.faults + 1, time_ms
    )


def _champion_faulted(state: State, champion: Thought, time_ms: int) -> list[Event]:
    """Say that a champion failed, and after too many in a row that it is lost."""
    component = champion.faulted
    if not component:
        return []
    reign = state.lineup[component]
    slot = slot_of(component, state.desk)
    faults = state.faults.get(component, 0) + 1
    said: list[Event] = [
        ChampionFaulted(slot, reign.number, reign.digest, champion.fault, faults, time_ms)
    ]
    if faults >= state.policy.champion_faults_max:
        said.append(ChampionLost(slot, reign.number, reign.digest, champion.fault))
    return said

"""How the trader decides. Pure: models are asked by the runtime, their answers are inputs."""

from collections.abc import Sequence
from functools import reduce
from typing import assert_never

from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Answers, Question
from kingmaker.trader import (
    buckets,
    follow,
    modes,
    opportunities,
    outcomes,
    parameters,
    quality,
    revisions,
    weights,
)
from kingmaker.trader.domain import Event, Message
from kingmaker.trader.heard import (
    ApplyPolicy,
    BarClosed,
    ChampionCrowned,
    ChampionRolledBack,
    GuardChanged,
    ModeChanged,
    ModelLoaded,
    ModelLoadFailed,
    ParametersRolledBack,
    TrialClosed,
    TrialOpened,
    WeightsLearned,
)
from kingmaker.trader.policy import Policy
from kingmaker.trader.said import (
    ActivationFailed,
    ChallengerDropped,
    ChallengerFaulted,
    ChallengerWarmed,
    ChampionActivated,
    ChampionFaulted,
    ChampionLost,
    EntryBarred,
    GuardFollowed,
    ModeFollowed,
    ModelLoadRequested,
    ModelReady,
    ModelRevised,
    OpportunityDecided,
    OpportunityMissed,
    OpportunityResolved,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    PolicyApplied,
    PositionClosed,
    PositionOpened,
    RevisionRefused,
    UpdateRuleLoaded,
    WeightsFollowed,
)
from kingmaker.trader.state import Open, State
from kingmaker.trader.window import Window


def ask(state: State, window: Window, message: Message, answers: Answers) -> Sequence[Question]:
    """Ask models about opportunities, and about nothing else."""
    if not isinstance(message, BarClosed):
        return ()
    scene = opportunities.find(state, window, message)
    return () if scene is None else opportunities.ask(state, scene, answers)


def decide(  # noqa: C901, PLR0912 - a table, one line a message
    state: State, window: Window, message: Message, answers: Answers
) -> Sequence[Event]:
    """Trade in simulation, and follow risk and promotion without asking why."""
    match message:
        case BarClosed():
            return _on_bar(state, window, message, answers)
        case ModeChanged():
            return modes.follow(state, message, window.now_ms)
        case GuardChanged():
            return modes.follow_guard(state, message, window.now_ms)
        case ApplyPolicy():
            return _controlled(state, parameters.apply(state, message, window.now_ms), window)
        case ParametersRolledBack():
            return parameters.roll_back(state, message, window.now_ms)
        case TrialOpened():
            return follow.trial_opened(state, message, window.now_ms)
        case TrialClosed():
            return follow.trial_closed(state, message)
        case ChampionCrowned():
            return _controlled(state, follow.crowned(state, message, window.now_ms), window)
        case ChampionRolledBack():
            return _controlled(state, follow.rolled_back(state, message, window.now_ms), window)
        case ModelLoaded():
            return _controlled(state, follow.loaded(state, message, window.now_ms), window)
        case ModelLoadFailed():
            return follow.load_failed(state, message, window.now_ms)
        case WeightsLearned():
            return weights.follow(state, message, window.now_ms)
        case _:
            assert_never(message)


def _on_bar(state: State, window: Window, bar: BarClosed, answers: Answers) -> list[Event]:
    """Resolve what is open, pair what is over, weigh anew; then look for the next opportunity."""
    events: list[Event] = []
    after = state
    if state.open:
        events = outcomes.after(state, window, bar)
        after = reduce(evolve, events, state) if events else state
    if after.sums:
        events += buckets.pairs(after, window.now_ms)
    events += revisions.rebalance(after, bar, window.now_ms)
    scene = opportunities.find(state, window, bar)
    if scene is not None:
        events += opportunities.decide(state, scene, answers)
    return events


def _controlled(state: State, events: Sequence[Event], window: Window) -> Sequence[Event]:
    """Add what follows from other champions, or other settings: who is whose control."""
    times = [event.time_ms for event in events if isinstance(event, ChampionActivated)]
    after = reduce(evolve, events, state)
    return [*events, *revisions.twins(after, max(window.now_ms, *times, 0))]


def evolve(state: State, event: Event) -> State:  # noqa: C901, PLR0912 - a table, one line an event
    """Learn one event."""
    match event:
        case OpportunityDecided():
            return _opened(state, event)
        case OpportunityMissed() | OpportunityResolved():
            return _over(state, event)
        case PositionOpened() | PositionClosed() | EntryBarred():
            return outcomes.account(state, event)
        case ModeFollowed() | GuardFollowed() | WeightsFollowed():
            return _followed(state, event)
        case UpdateRuleLoaded() | ModelRevised() | RevisionRefused():
            return revisions.learn(state, event)
        case PairResolved():
            return buckets.close(state, event)
        case ModelLoadRequested():
            return follow.request_load(state, event)
        case ModelReady():
            return follow.be_ready(state, event)
        case ChallengerWarmed():
            return follow.warm(state, event)
        case ChallengerFaulted():
            return follow.fault(state, event)
        case ChallengerDropped():
            return follow.drop(state, event)
        case ChampionActivated():
            return follow.activate(state, event)
        case ActivationFailed():
            return follow.give_up(state, event)
        case ChampionFaulted():
            return state  # counted with its opportunity
        case ChampionLost():
            return follow.lose(state, event)
        case ParameterChanged() | ParametersRestored():
            return parameters.learn(state, event)
        case PolicyApplied(hash_, values):
            return replace(state, policy_hash=hash_, policy=Policy.from_values(values))
        case _:
            assert_never(event)


def _over(state: State, event: OpportunityMissed | OpportunityResolved) -> State:
    state = outcomes.forget(state, event.opportunity)
    if isinstance(event, OpportunityMissed):
        return state
    return buckets.add(quality.remember(state, event), event)


def _followed(state: State, event: ModeFollowed | GuardFollowed | WeightsFollowed) -> State:
    if isinstance(event, WeightsFollowed):
        return weights.learn(state, event)
    return modes.learn(state, event)


def _opened(state: State, decided: OpportunityDecided) -> State:
    state = opportunities.count_faults(state, decided)
    state = opportunities.count_latencies(state, decided)
    state = quality.remember(state, decided)
    return replace(
        state,
        interval_ms=decided.interval_ms,
        bucket_ms=decided.bucket_ms,
        open=(*state.open, Open(decided, pupils=revisions.pupils(state, decided))),
        opportunities=state.opportunities + 1,
    )

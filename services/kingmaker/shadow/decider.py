"""How shadow decides. Pure: a pair in, the evidence after it out."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import assert_never

from kingmaker.evidence import tally
from kingmaker.evidence.rules import Ledgers, Rule
from kingmaker.evidence.tally import Tally
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Answers
from kingmaker.shadow import canary, witness
from kingmaker.shadow.canary import CanaryRules
from kingmaker.shadow.domain import (
    CanaryClosed,
    CanaryMeasured,
    CanaryOpened,
    CanaryUnmeasurable,
    ChallengerDropped,
    ChallengerWarmed,
    ChampionActivated,
    Event,
    EvidenceMeasured,
    Measured,
    Message,
    PairRefused,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    SegmentStarted,
    Side,
    State,
    TrialForgotten,
    TrialMeasured,
    TrialUnmeasurable,
)

type Rules = Mapping[str, Rule]
type Decide = Callable[[State, None, Message, Answers], Sequence[Event]]
type Evolve = Callable[[State, Event], State]


def build_decide(rules: Rules, watching: CanaryRules) -> Decide:
    """Return how shadow decides when it knows these rules of evidence, and these that watch."""

    def decide(state: State, _window: None, message: Message, _answers: Answers) -> Sequence[Event]:
        match message:
            case ChallengerWarmed():
                return _begin(state, message, rules)
            case PairResolved() if infinite := _infinite(message):
                return _refuse(state, message, infinite)
            case PairResolved() if message.trial in state.canaries:
                return canary.measure(state, message, watching)
            case PairResolved():
                return _measure(state, message, rules)
            case ChampionActivated():
                return [*canary.follow(state, message, watching), *_follow(state, message)]
            case ParameterChanged():
                return canary.begin(state, message, watching)
            case ParametersRestored(branch):
                return canary.drop(state, branch)
            case ChallengerDropped(trial):
                known = state.trials.get(trial)
                forgotten = [TrialForgotten(trial, known.slot)] if known else []
                return [*forgotten, *canary.drop(state, trial)]
            case _:
                assert_never(message)

    return decide


def _begin(state: State, warmed: ChallengerWarmed, rules: Rules) -> Sequence[Event]:
    if warmed.trial in state.trials:
        return []
    rule = rules.get(warmed.rule)
    reason = rule.fault(warmed.parameters) if rule else f"no rule {warmed.rule} in this release"
    if reason:
        return [TrialUnmeasurable(warmed.trial, warmed.slot, reason)]
    return [TrialMeasured(warmed.trial, warmed.slot, warmed.rule, warmed.parameters, warmed.lineup)]


def _infinite(pair: PairResolved) -> str:
    """Return which return is no number that can be weighed; nothing if both can."""
    sides = (("champion", pair.champion.net), ("challenger", pair.challenger.net))
    return "; ".join(f"the {side}'s return is {net}" for side, net in sides if not isfinite(net))


def _refuse(state: State, pair: PairResolved, why: str) -> Sequence[Event]:
    """Pass a pair over on record: an engine of somebody's own may write what ours never would."""
    measured = state.trials.get(pair.trial) or state.canaries.get(pair.trial)
    if measured is None or not pair.counted:
        return []
    return [PairRefused(pair.trial, measured.slot, pair.number, why, pair.time_ms)]


def _measure(state: State, pair: PairResolved, rules: Rules) -> Sequence[Event]:
    """Weigh a counted pair of the present lineup; others are recorded by the trader only."""
    trial = state.trials.get(pair.trial)
    if trial is None or not pair.counted or pair.lineup != trial.lineup:
        return []
    ledgers = rules[trial.rule].weigh(
        _ledgers_of(trial), trial.parameters, pair.champion.net, pair.challenger.net
    )
    difference = pair.challenger.net - pair.champion.net
    return [
        EvidenceMeasured(
            trial=pair.trial,
            slot=trial.slot,
            lineup=trial.lineup,
            pairs=trial.pairs + 1,
            first_pair=pair.number,
            last_pair=pair.number,
            pairs_hash=witness.chain(trial.pairs_hash, pair),
            mean=ledgers.mean,
            sharpe=ledgers.sharpe,
            log_evidence=ledgers.log_evidence,
            log_evidence_max=ledgers.log_evidence_max,
            log_evidence_of_segment=ledgers.log_evidence_of_segment,
            segment=trial.segment,
            champion=_add(trial.champion, pair.champion),
            challenger=_add(trial.challenger, pair.challenger),
            time_ms=pair.time_ms,
            difference_squares=trial.difference_squares + difference * difference,
            latencies=pair.latencies,
        )
    ]


def _add(sums: Tally, side: Side) -> Tally:
    return tally.add(sums, side.net, side.taken, side.won)


def _follow(state: State, activated: ChampionActivated) -> Sequence[Event]:
    """End the trials of the slot; start a segment in the others if the lineup is another."""
    said: list[Event] = []
    for name, trial in sorted(state.trials.items()):  # a snapshot keeps no order of insertion
        if trial.slot == activated.slot:
            said.append(TrialForgotten(name, trial.slot))
        elif trial.lineup != activated.lineup:
            segment = trial.segment + 1
            said.append(
                SegmentStarted(name, trial.slot, segment, activated.lineup, trial.log_evidence)
            )
    return said


def build_evolve(rules: Rules) -> Evolve:
    """Return how shadow learns one event when it knows these rules."""

    def evolve(state: State, event: Event) -> State:
        match event:
            case TrialMeasured(trial, slot, rule, parameters, lineup):
                return _put(state, trial, Measured(slot, rule, parameters, lineup))
            case EvidenceMeasured():
                return _put(state, event.trial, _learn(state.trials[event.trial], event))
            case SegmentStarted(trial):
                return _put(state, trial, _start_segment(state.trials[trial], event, rules))
            case TrialForgotten(trial):
                others = {k: v for k, v in state.trials.items() if k != trial}
                return replace(state, trials=others)
            case TrialUnmeasurable() | CanaryUnmeasurable() | PairRefused():
                return state
            case CanaryOpened() | CanaryMeasured() | CanaryClosed():
                return canary.evolve(state, event)
            case _:
                assert_never(event)

    return evolve


def _put(state: State, name: str, trial: Measured) -> State:
    return replace(state, trials={**state.trials, name: trial})


def _learn(trial: Measured, event: EvidenceMeasured) -> Measured:
    return Measured(
        trial.slot,
        trial.rule,
        trial.parameters,
        trial.lineup,
        event.pairs,
        event.pairs_hash,
        event.mean,
        event.sharpe,
        event.log_evidence,
        event.log_evidence_max,
        trial.segment,
        event.champion,
        event.challenger,
        event.difference_squares,
    )


def _start_segment(trial: Measured, event: SegmentStarted, rules: Rules) -> Measured:
    ledgers = rules[trial.rule].start_segment(_ledgers_of(trial))
    return replace(
        trial,
        lineup=event.lineup,
        segment=event.segment,
        mean=ledgers.mean,
        sharpe=ledgers.sharpe,
        champion=Tally(),
        challenger=Tally(),
        difference_squares=0.0,
    )


def _ledgers_of(trial: Measured) -> Ledgers:
    return Ledgers(trial.mean, trial.sharpe, trial.log_evidence, trial.log_evidence_max)

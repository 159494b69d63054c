"""How a reign is watched: the champion against the one it dethroned, on the same pairs.

What the trial of the new champion learned of scales goes on. A change of another component ends
nothing: the question is whether the champion is the worse of the two, in whatever lineup.
"""

from collections.abc import Mapping, Sequence
from typing import assert_never

from kingmaker.evidence import tally
from kingmaker.evidence.canary_rules import Rule
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.tally import Tally
from kingmaker.kernel.frozen import replace
from kingmaker.shadow import witness
from kingmaker.shadow.domain import (
    CanaryClosed,
    CanaryMeasured,
    CanaryOpened,
    CanaryUnmeasurable,
    ChampionActivated,
    Event,
    PairResolved,
    ParameterChanged,
    Side,
    State,
    Watched,
)

type CanaryRules = Mapping[str, Rule]


def follow(state: State, activated: ChampionActivated, rules: CanaryRules) -> Sequence[Event]:
    """End the watch of the slot's reign before; begin that of a reign that was crowned."""
    said = _close(state, activated.slot)
    if activated.canary_rule:
        said.append(_open(state, activated, rules))
    return said


def begin(state: State, changed: ParameterChanged, rules: CanaryRules) -> Sequence[Event]:
    """Watch a change of settings as a reign: it is number so many, and no trial came before."""
    reign = ChampionActivated(
        slot=changed.slot,
        lineup=changed.lineup,
        reign=changed.number,
        canary=changed.canary,
        canary_rule=changed.canary_rule,
        canary_parameters=changed.canary_parameters,
    )
    return [*_close(state, changed.slot), _open(state, reign, rules)]


def measure(state: State, pair: PairResolved, rules: CanaryRules) -> Sequence[Event]:
    """Watch one more counted pair; others are recorded by the trader only."""
    if not pair.counted:
        return []
    watched = state.canaries[pair.trial]
    rule = rules[watched.rule]
    detector = rule.watch(
        watched.detector, watched.parameters, pair.champion.net, pair.challenger.net
    )
    return [
        CanaryMeasured(
            canary=pair.trial,
            slot=watched.slot,
            reign=watched.reign,
            lineup=pair.lineup,
            pairs=watched.pairs + 1,
            first_pair=pair.number,
            last_pair=pair.number,
            pairs_hash=witness.chain(watched.pairs_hash, pair),
            detector=detector,
            statistic=detector.statistic,
            threshold=rule.threshold(watched.parameters),
            champion=_add(watched.champion, pair.champion),
            reference=_add(watched.reference, pair.challenger),
            time_ms=pair.time_ms,
        )
    ]


def drop(state: State, branch: str) -> Sequence[Event]:
    """End the watch whose reference no longer decides."""
    watched = state.canaries.get(branch)
    return [CanaryClosed(branch, watched.slot, watched.reign)] if watched else []


def evolve(state: State, event: CanaryOpened | CanaryMeasured | CanaryClosed) -> State:
    """Learn one event of a watch."""
    match event:
        case CanaryOpened(name, slot, reign, rule, parameters):
            watched = Watched(slot, reign, rule, parameters, event.detector)
        case CanaryMeasured(name):
            watched = replace(
                state.canaries[name],
                detector=event.detector,
                pairs=event.pairs,
                pairs_hash=event.pairs_hash,
                champion=event.champion,
                reference=event.reference,
            )
        case CanaryClosed(name):
            others = {k: v for k, v in state.canaries.items() if k != name}
            return replace(state, canaries=others)
        case _:
            assert_never(event)
    return replace(state, canaries={**state.canaries, name: watched})


def _close(state: State, slot: str) -> list[Event]:
    return [
        CanaryClosed(name, watched.slot, watched.reign)
        for name, watched in sorted(state.canaries.items())
        if watched.slot == slot
    ]


def _open(state: State, activated: ChampionActivated, rules: CanaryRules) -> Event:
    rule = rules.get(activated.canary_rule)
    parameters = activated.canary_parameters
    reason = rule.fault(parameters) if rule else f"no rule {activated.canary_rule} in this release"
    if rule is None or reason:
        return CanaryUnmeasurable(activated.canary, activated.slot, activated.reign, reason)
    trial = state.trials.get(activated.trial)
    return CanaryOpened(
        canary=activated.canary,
        slot=activated.slot,
        reign=activated.reign,
        rule=activated.canary_rule,
        parameters=parameters,
        lineup=activated.lineup,
        trial=activated.trial,
        detector=rule.begin(trial.sharpe if trial else Ledger()),
    )


def _add(sums: Tally, side: Side) -> Tally:
    return tally.add(sums, side.net, side.taken, side.won)

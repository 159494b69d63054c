"""Signal quality as the trader's state sees it: what stages are asked, and what they remember.

Nothing is remembered while no stage is wanted: a desk without stages has the state it always had.
"""

from kingmaker.contracts.models import REGIMES
from kingmaker.kernel.frozen import replace
from kingmaker.trader import stages
from kingmaker.trader.said import OpportunityDecided, OpportunityResolved
from kingmaker.trader.scene import Scene
from kingmaker.trader.stages import Candidate, Record
from kingmaker.trader.state import State
from kingmaker.trader.thought import Thought


def refusal(state: State, scene: Scene, thought: Thought, wanted: str, strategy: str) -> str:
    """Return the stage that blocks a signal; "" if it may be taken."""
    if not wanted:
        return ""
    candidate = Candidate(
        symbol=scene.bar.symbol,
        strategy=strategy,
        regime=_likeliest(thought.regime),
        time_ms=scene.bar.close_ms,
        open_signals=sum(item.decided.decisions[0].taken for item in state.open),
        past=state.past,
    )
    return stages.first_that_blocks(wanted, candidate)


def remember(state: State, event: OpportunityDecided | OpportunityResolved) -> State:
    """Keep when a symbol was entered, and what a strategy did there."""
    if not state.policy.stages:
        return state
    past = state.past
    if isinstance(event, OpportunityDecided):
        if not event.decisions[0].taken:
            return state
        entered = {**past.entered_ms, event.symbol: event.time_ms}
        return replace(state, past=replace(past, entered_ms=entered))
    regime = _likeliest(event.setup[-REGIMES:])  # a setup row ends with them
    key = stages.key_of(event.strategy, event.symbol, regime)
    before, net = past.records.get(key, Record()), event.signal_net
    after = Record(before.n + 1, before.won + (net > 0.0), before.net + net)
    return replace(state, past=replace(past, records={**past.records, key: after}))


def _likeliest(regime: tuple[float, ...]) -> int:
    return max(range(REGIMES), key=lambda at: (regime[at], -at))

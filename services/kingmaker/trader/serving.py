"""What a state needs from outside: bytes that are still to be loaded, and bytes that must serve."""

from collections.abc import Mapping, Sequence

from kingmaker.kernel.service import Effect
from kingmaker.trader.said import ModelLoadRequested, OpportunityDecided
from kingmaker.trader.state import State

LOAD = "trader.load"


def effects(state: State) -> Sequence[Effect]:
    """Return the loadings that are still waited for. An unknown outcome is repeated."""
    return [_effect(request) for _, request in sorted(state.loads.items())]


def models(state: State) -> Sequence[str]:
    """Return the digests that must serve, the champions' first."""
    digests = [reign.digest for reign in state.lineup.values()]
    digests += [reign.digest for reign in state.ready.values()]
    digests += [branch.digest for branch in state.branches.values() if branch.digest]
    return tuple(dict.fromkeys(digests))


def latencies(decided: OpportunityDecided) -> Mapping[str, int]:
    """Return how long answers took, by key of the question: who decides anew measures nothing."""
    return decided.latencies_us


def _effect(request: ModelLoadRequested) -> Effect:
    purpose = request.trial or f"{request.slot}-r{request.reign}"
    return Effect(f"load-{purpose}-{request.attempt}", LOAD, request.due_ms, request)

"""Nine heads on one candidate signal: who agrees, how surely, and whether that is enough.

A head that has nothing to say abstains, with confidence 0. The regime head abstains until
strategies have a record by regime.
"""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.trader.said import Vote
from kingmaker.trader.strategies import Strategy
from kingmaker.trader.thought import Thought

BASIS_POINT = 1e-4
SIDES = 2  # a trade pays its cost twice


def cast(thought: Thought, arm: Strategy, target_distance: float) -> tuple[Vote, ...]:
    """Return the votes on a signal whose models have all answered, in order of components."""
    opinions = {
        "cvar_ppo": thought.p_size if thought.size > 0 else thought.p_size - 1.0,
        "neural_ucb": thought.margin / (1.0 + thought.margin),
        "regime_detector": 0.0,
        "model_ensemble": thought.score,
        "online_learning": 2.0 * thought.p_win - 1.0,
        "slippage_latency": _edge_over_cost(thought, target_distance),
        "s15_rl_policy": _policy(thought),
        "pattern_recognition": thought.direction * thought.pattern / target_distance,
        "pm_optimizer": thought.p_win * arm.target_atr / arm.stop_atr - (1.0 - thought.p_win),
    }
    return tuple([_vote(name, opinions[name]) for name in COMPONENTS])


def consensus(votes: Sequence[Vote], weights: Mapping[str, float]) -> float:
    """Return the weighted share of agreeing confidence; 1 if all abstain."""
    agreeing = total = 0.0
    for vote in votes:
        weight = weights[vote.component] * vote.confidence
        total += weight
        agreeing += weight if vote.agrees else 0.0
    return agreeing / total if total > 0.0 else 1.0


def signed(votes: Sequence[Vote]) -> tuple[float, ...]:
    """Return the votes as numbers from -1 to 1: positive agreed, negative not, 0 abstained."""
    return tuple([vote.confidence if vote.agrees else 0.0 - vote.confidence for vote in votes])


def _vote(component: str, opinion: float) -> Vote:
    """Read an opinion from -1 (against) to 1 (for); beyond that it is sure."""
    return Vote(component, agrees=opinion > 0.0, confidence=min(abs(opinion), 1.0))


def _edge_over_cost(thought: Thought, target_distance: float) -> float:
    """Compare what the trade aims at with what both its sides cost."""
    return 1.0 - SIDES * thought.cost_bp * BASIS_POINT / target_distance


def _policy(thought: Thought) -> float:
    wanted, probability, _ = thought.learned
    return thought.direction * wanted * probability

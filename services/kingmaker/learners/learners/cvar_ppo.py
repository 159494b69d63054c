"""Sizing: how many contracts, 0 to 3, so that the worst episodes of trades stay bearable.

PPO under a limit on the CVaR of an episode's return (Ying et al. 2022; `rl/ppo.py`). The limit is a
share of what the worst episodes lose at full size always, which is known without a model. The
policy sees the sizing row alone; what an episode has earned so far only its critic knows, since
nobody tells it when it serves (docs/decisions/0051).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax
import numpy as np

from kingmaker.contracts.models import SIZES
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.rl import network, one_processor, ppo, rewards
from kingmaker.learners.rl.network import Numbers, Scale

COMPONENT = "cvar_ppo"
FULL_SIZE = 2  # contracts
WEIGHTS = np.arange(SIZES) / FULL_SIZE  # what each size makes of a return at full size
ROWS_MIN = 100  # of each part


@dataclass(frozen=True, slots=True)
class Sizer:
    """Standardisation, policy, and the critic as it stands at the beginning of an episode."""

    scale: Scale
    policy: Numbers
    critic: Numbers


@dataclass(frozen=True, slots=True)
class CvarPpo:
    """Fits, exports and judges the size."""

    iterations: int  # of 8,192 steps each
    alpha: float  # share of the episodes that are called the worst
    tail: float  # share of the loss at full size that the worst may lose
    blur: float
    shape: Callable[[Floats], Floats] = rewards.plain  # what a trade pays, by its return

    def fit(self, batch: Experience, prior: Sizer | None, seed: int, tell: Tell = unheard) -> Sizer:
        """Return the trained policy; a retraining owes nothing to the one before."""
        del prior
        known = _known(batch)
        one_processor.start()
        rows = _rows(known)
        scale = Scale.of(rows)
        unit = float(known.net.std()) * np.sqrt(ppo.LENGTH)  # of an episode at full size
        if known.net.min() == known.net.max():
            raise UnfitDataError(f"all {len(known)} trades returned {known.net[0]:g}: no size pays")
        paid = self.shape(known.net / unit)
        table = ppo.Table.of(scale.apply(rows), paid, WEIGHTS)
        floor = self.tail * tail_of(paid, self.alpha)
        options = ppo.Options(self.iterations, self.alpha, floor, self.blur)

        def hear(iteration: int, told: ppo.Told) -> None:
            tell({"step": iteration, "of": self.iterations, "loss": float(told.loss)})

        nets = ppo.train(table, options, jax.random.key(seed), hear)
        return Sizer(scale, network.freeze(nets.policy), _at_beginning(nets.critic))

    def update(self, state: Sizer, batch: Experience) -> Sizer:
        """Return the state as it is: what decides never learns in place."""
        del batch
        return state

    def inputs(self, batch: Experience) -> Arrays:
        """Return the sizing rows; 0 where a trade's record does not tell what models said."""
        return {"features": np.nan_to_num(_rows(batch)).astype(np.float32)}

    def reference(self, state: Sizer, inputs: Arrays) -> Arrays:
        """Return logits, chances, size and value, in double precision."""
        rows = state.scale.apply(inputs["features"].astype(np.float64))
        logits = network.answer(state.policy, rows)
        return {
            "logits": logits,
            "probs": network.softmax(logits),
            "action": logits.astype(np.float32).argmax(axis=1),
            "value": network.answer(state.critic, rows),
        }

    def export(self, state: Sizer) -> bytes:
        """Return the policy as a graph, standardisation inside."""
        graph = GraphBuilder(COMPONENT)
        rows = state.scale.export(graph, "features")
        logits = network.export(graph, state.policy, rows, "logits")
        graph.add("Softmax", logits, output="probs")  # over the last axis
        graph.first_largest(logits, "action")
        network.export(graph, state.critic, rows, "value")
        return graph.finish({"alpha": repr(self.alpha), "tail": repr(self.tail)})

    def exposure(self, decide: Decide, holdout: Experience, learned: Experience) -> Floats:
        """Return the sizes in shares of full size; 0 where a trade's record does not tell its row.

        More than 1 where it takes three contracts.
        """
        del learned
        sizes: Floats = WEIGHTS[decide(self.inputs(holdout))["action"].astype(np.int64)]
        return sizes * np.isfinite(holdout.judged).all(axis=1)

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return what the sizes earn beyond the same exposure spread evenly.

        So neither abstention nor leverage passes for skill: the gain is the covariance of size and
        return.
        """
        del learned
        known = _known(holdout)
        weights = WEIGHTS[decide(self.inputs(known))["action"].astype(np.int64)]
        gain = (weights - weights.mean()) * (known.net - known.net.mean())
        return RowByRow(gain, weights * known.net, known.bucket, known.decided_ms)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return what the sizes earn beyond the same exposure spread evenly, and against full size.

        The tail is that of the decision buckets.
        """
        shown, known = self.row_by_row(decide, holdout, learned), _known(holdout)
        weights = WEIGHTS[decide(self.inputs(known))["action"].astype(np.int64)]
        exposure = float(weights.sum())
        return shown.figures() | {
            "holdout_acts": float((weights > 0.0).sum()),
            "holdout_net_all": float(known.net.mean()),
            "holdout_net_kept": float((weights * known.net).sum()) / exposure if exposure else 0.0,
            "holdout_net_with": float((weights * known.net).mean()),
            "holdout_size": float(weights.mean()) * FULL_SIZE,
            "holdout_tail_all": _bucket_tail(known.net, known.bucket, self.alpha),
            "holdout_tail_with": _bucket_tail(weights * known.net, known.bucket, self.alpha),
        }


def build(parameters: Mapping[str, float]) -> Learner[Sizer]:
    """Return the learner; parameters as in `CvarPpo`."""
    return CvarPpo(
        iterations=int(parameters["iterations"]),
        alpha=parameters["alpha"],
        tail=parameters["tail"],
        blur=parameters["blur"],
        shape=rewards.named_by(parameters),
    )


def tail_of(paid: Floats, alpha: float) -> float:
    """Return the mean of the worst episodes of what trades paid, an episode beginning at each."""
    around = np.concatenate([paid, np.resize(paid, ppo.LENGTH)]).cumsum()
    return _worst(around[ppo.LENGTH :] - around[: -ppo.LENGTH], alpha)


def _worst(returns: Floats, alpha: float) -> float:
    return float(np.sort(returns)[: max(1, int(alpha * len(returns)))].mean())


def _bucket_tail(net: Floats, bucket: np.ndarray, alpha: float) -> float:
    _, place = np.unique(bucket, return_inverse=True)
    return _worst(np.bincount(place, weights=net), alpha)


def _at_beginning(critic: network.Layers) -> Numbers:
    """Return the critic with nothing earned yet and the whole episode left: two inputs fewer."""
    (weights, biases), *later = network.freeze(critic)
    return [(weights[:-2], biases + weights[-1]), *later]


def _rows(batch: Experience) -> Floats:
    return np.hstack([batch.setup, batch.judged])


def _known(batch: Experience) -> Experience:
    """Return the trades whose records tell what sizing saw."""
    known = batch[np.isfinite(batch.judged).all(axis=1)]
    if len(known) < ROWS_MIN:
        raise UnfitDataError(
            f"{len(known)} trades are too few: {ROWS_MIN} are needed whose records tell what the"
            f" models said ({len(batch)} in all)"
        )
    return known

"""The ensemble: five scores on scales of their own, blended as rewards that they let expect.

What a training learns is the scale of each score: a line from its standardised value to the reward
in units of risk, flat where the score does not tell. Weights are inputs of the graph: they come
from Hedge (`kingmaker.revisions.hedge`), 70 % for the cloud's scores and 30 % for ours, and change
with every hour without another file (docs/decisions/0053, 0063).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import CLOUD_SCORES
from kingmaker.contracts.models import SCORES as NAMES
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import SCORES, Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.revisions import Declaration, Numbers, hedge
from kingmaker.revisions.declaration import write
from kingmaker.revisions.rules.hedge_1 import RULE

COMPONENT = "model_ensemble"
assert len(NAMES) == SCORES, "every score has a name"
ROWS_MIN = 50
HOUR_MS = 3_600_000  # weights change once in it
REWARD_MAX = 5.0  # of net over risk
FAR = 3.0  # deviations: beyond them a score says no more
CONSTANT = 1e-9
DECIMALS = 6
NOISE = 1e-5  # of an answer, by rounding


@dataclass(frozen=True, slots=True)
class Scales:
    """What each score is taken for, and the sums that a later trade adds to. All [SCORES]."""

    mean: Floats
    scale: Floats  # infinite where a score never varies
    count: float
    rewards: float  # the sum of all rewards
    level: Floats  # sums of standardised scores, of their squares, of their products with rewards
    square: Floats
    product: Floats
    earnings: Numbers = (0.0,) * SCORES  # of Hedge, as of the last trade
    present: tuple[bool, ...] = (False,) * CLOUD_SCORES + (True,) * (SCORES - CLOUD_SCORES)

    def lines(self, l2: float) -> tuple[Floats, Floats]:
        """Return intercepts and slopes of the rewards to expect.

        A slope is never below zero: a score speaks in the trade's direction, and one that is wrong
        more often than right is not turned round, it is not listened to.
        """
        reward = self.rewards / self.count
        bend = self.square - self.level * self.level / self.count
        together = self.product - self.level * reward
        slope = np.round(np.maximum(together / (bend + l2), 0.0), DECIMALS)
        return np.round(reward - slope * self.level / self.count, DECIMALS), slope


@dataclass(frozen=True, slots=True)
class ModelEnsemble:
    """Fits, updates, exports and judges the scales."""

    l2: float
    revisable: bool = False  # so that whoever serves it weighs its scores anew every hour

    def fit(
        self, batch: Experience, prior: Scales | None, seed: int, tell: Tell = unheard
    ) -> Scales:
        """Return the scales; nothing is random, and a retraining owes nothing to the one before."""
        del prior, seed
        batch = _told(batch)
        _check_rows(batch)
        mean = np.round(batch.scores.mean(axis=0), DECIMALS)
        deviation = batch.scores.std(axis=0)
        scale = np.where(deviation < CONSTANT, np.inf, np.round(deviation, DECIMALS + 3))
        zeros = np.zeros(SCORES)
        state = self.update(Scales(mean, scale, 0.0, 0.0, zeros, zeros, zeros), batch)
        rewards = _rewards(batch)
        flat = float(((rewards - rewards.mean()) ** 2).mean())
        tell({"step": 1, "of": 2, "loss": flat})
        blend = self._blend(state, self.inputs(batch))
        tell({"step": 2, "of": 2, "loss": float(((rewards - blend) ** 2).mean())})
        return state

    def update(self, state: Scales, batch: Experience) -> Scales:
        """Add trades to the sums, in any order but for last bits; earnings follow the order."""
        batch = _told(batch)
        *_, earnings = [state.earnings, *_earnings(batch, state.earnings)]
        present = zip(state.present, _present(batch), strict=True)
        scores, rewards = _standardised(state, batch.scores), _rewards(batch)
        return replace(
            state,
            count=state.count + len(batch),
            rewards=state.rewards + float(rewards.sum()),
            level=state.level + scores.sum(axis=0),
            square=state.square + (scores * scores).sum(axis=0),
            product=state.product + scores.T @ rewards,
            earnings=earnings,
            present=tuple([before or now for before, now in present]),
        )

    def inputs(self, batch: Experience) -> Arrays:
        """Return the scores, and the weights that all these trades would leave behind."""
        batch = _told(batch)
        *_, earnings = [(0.0,) * SCORES, *_earnings(batch)]
        return _inputs(batch.scores, *_weights(earnings, _present(batch)))

    def reference(self, state: Scales, inputs: Arrays) -> Arrays:
        """Return the blended expectation, in double precision."""
        return {"score": self._blend(state, inputs)[:, None]}

    def export(self, state: Scales) -> bytes:
        """Return the scales as a graph, the weights left open.

        Sums, not a product of matrices: a row must answer in a batch as it does alone.
        """
        graph = GraphBuilder(COMPONENT)
        column = graph.integers([1])
        intercept, slope = state.lines(self.l2)
        parts = []
        for group, part in (("cloud", slice(CLOUD_SCORES)), ("local", slice(CLOUD_SCORES, None))):
            centred = graph.add("Sub", group, graph.floats(state.mean[part]))
            scaled = graph.add("Mul", centred, graph.floats(1.0 / state.scale[part]))
            bounded = graph.add("Clip", scaled, graph.floats(-FAR), graph.floats(FAR))
            steep = graph.add("Mul", bounded, graph.floats(slope[part]))
            expected = graph.add("Add", steep, graph.floats(intercept[part]))
            weighed = graph.add("Mul", expected, f"w_{group}")
            parts.append(graph.add("ReduceSum", weighed, column))
        graph.add("Add", *parts, output="score")
        said = {"l2": repr(self.l2)}
        if self.revisable:
            said["revision"] = write(self.declaration(state))
        return graph.finish(said)

    def declaration(self, state: Scales) -> Declaration:
        """Return how whoever serves the graph weighs its scores, and what they earned so far."""
        parameters = {
            "rate": hedge.RATE,
            "fade": hedge.FADE,
            "floor": hedge.FLOOR,
            "cloud_share": hedge.CLOUD_SHARE,
        }
        present = tuple([1.0 if one else 0.0 for one in state.present])
        return Declaration(RULE.title, parameters, (*state.earnings, *present))

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return the gains in squared error over the mean reward, with weights of the hour."""
        learned, holdout = _told(learned), _told(holdout)
        rewards, base = _rewards(holdout), float(_rewards(learned).mean())
        blend, _ = _blended(decide, learned, holdout)
        gain = (rewards - base) ** 2 - (rewards - blend) ** 2
        return RowByRow(gain, np.empty(0), holdout.bucket, holdout.decided_ms)

    def exposure(self, decide: Decide, holdout: Experience, learned: Experience) -> Floats:
        """Return 1 for the trades of which it expects a gain, with the weights of their hour."""
        told = np.isfinite(holdout.scores).all(axis=1)
        taken = np.zeros(len(holdout))
        taken[told] = _blended(decide, _told(learned), holdout[told])[0] > 0.0
        return taken

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the gain in squared error over the mean reward, with weights of the hour."""
        shown = self.row_by_row(decide, holdout, learned)
        learned, holdout = _told(learned), _told(holdout)
        rewards, base = _rewards(holdout), float(_rewards(learned).mean())
        blend, weights = _blended(decide, learned, holdout)
        agreed = blend > 0.0
        return (
            shown.figures()
            | {
                "holdout_agreed": float(agreed.sum()),
                "holdout_reward_all": float(rewards.mean()),
                "holdout_reward_agreed": float(rewards[agreed].mean()) if agreed.any() else 0.0,
                "base_reward": base,
            }
            | {f"weight_{name}": weight for name, weight in zip(NAMES, weights, strict=True)}
        )

    def _blend(self, state: Scales, inputs: Arrays) -> Floats:
        wide = {name: array.astype(np.float64) for name, array in inputs.items()}
        intercept, slope = state.lines(self.l2)
        scores = np.concatenate([wide["cloud"], wide["local"]], axis=1)
        expected = intercept + slope * _standardised(state, scores)
        weights = np.concatenate([wide["w_cloud"], wide["w_local"]])
        blend: Floats = expected @ weights
        return blend


def build(parameters: Mapping[str, float]) -> Learner[Scales]:
    """Return the learner; `l2` is how many trades a slope must outweigh to be believed by half."""
    return ModelEnsemble(l2=parameters["l2"], revisable=parameters.get("revisions", 0.0) > 0.0)


def _blended(
    decide: Decide, learned: Experience, holdout: Experience
) -> tuple[Floats, tuple[float, ...]]:
    """Return the blends of the hold-out, each with the weights of its hour, and the last weights.

    Trades whose records tell the scores are taken for granted. UnfitDataError if they are few.
    """
    _check_rows(learned)
    _check_rows(holdout)
    base, blend = float(_rewards(learned).mean()), np.empty(len(holdout))
    weights: tuple[float, ...] = (0.0,) * SCORES
    for hour, (w_cloud, w_local) in _by_hour(learned, holdout):
        given = _inputs(holdout.scores[hour], w_cloud, w_local)
        blend[hour] = decide(given)["score"][:, 0]
        weights = (*w_cloud, *w_local)
    # What tells nothing gains nothing.
    return np.where(np.abs(blend - base) < NOISE, base, blend), weights


def _by_hour(
    learned: Experience, holdout: Experience
) -> Iterator[tuple[NDArray[np.bool_], tuple[Numbers, Numbers]]]:
    """Yield the trades of each hour, and the weights from what was over when it began."""
    present = _present(learned)
    *_, earnings = [(0.0,) * SCORES, *_earnings(learned)]
    order = np.argsort(holdout.resolved_ms, kind="stable")
    later = iter([(int(holdout.resolved_ms[i]), i) for i in order])
    waiting = next(later, None)
    hours = holdout.decided_ms // HOUR_MS
    for hour in np.unique(hours):
        while waiting and waiting[0] <= hour * HOUR_MS:
            reward = float(_rewards(holdout)[waiting[1]])
            outcome = hedge.earned(holdout.scores[waiting[1]].tolist(), reward)
            earnings, waiting = hedge.settle(earnings, outcome), next(later, None)
        yield hours == hour, _weights(earnings, present)


def _earnings(batch: Experience, earnings: Numbers = (0.0,) * SCORES) -> Iterator[Numbers]:
    """Yield what the scores have earned, trade by trade."""
    for scores, reward in zip(batch.scores.tolist(), _rewards(batch).tolist(), strict=True):
        earnings = hedge.settle(earnings, hedge.earned(scores, reward))
        yield earnings


def _weights(earnings: Numbers, present: list[bool]) -> tuple[Numbers, Numbers]:
    groups = (slice(CLOUD_SCORES), slice(CLOUD_SCORES, None))
    cloud, local = (hedge.weights(earnings[one], present[one]) for one in groups)
    return hedge.shared(cloud, local)


def _present(batch: Experience) -> list[bool]:
    """Tell which scores there are: ours always, those of the cloud if they ever spoke."""
    spoke = (batch.scores != 0.0).any(axis=0)
    return [bool(one) or place >= CLOUD_SCORES for place, one in enumerate(spoke)]


def _inputs(scores: Floats, w_cloud: Numbers, w_local: Numbers) -> Arrays:
    return {
        "cloud": scores[:, :CLOUD_SCORES].astype(np.float32),
        "local": scores[:, CLOUD_SCORES:].astype(np.float32),
        "w_cloud": np.array(w_cloud, np.float32),
        "w_local": np.array(w_local, np.float32),
    }


def _standardised(state: Scales, scores: Floats) -> Floats:
    return np.clip((scores - state.mean) / state.scale, -FAR, FAR)


def _rewards(batch: Experience) -> Floats:
    return np.clip(batch.net / batch.risk, -REWARD_MAX, REWARD_MAX)


def _told(batch: Experience) -> Experience:
    """Return the trades whose records tell the scores: where a model failed, none was blended."""
    return batch[np.isfinite(batch.scores).all(axis=1)]


def _check_rows(batch: Experience) -> None:
    if len(batch) < ROWS_MIN:
        raise UnfitDataError(f"{len(batch)} trades with scores are too few: {ROWS_MIN} are needed")

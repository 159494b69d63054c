"""LinUCB (Li et al. 2010): a ridge regression an arm, and the length of what it has not seen."""

import numpy as np

from kingmaker.contracts.models import CONTEXT, FEATURES
from kingmaker.learners.contract import Arrays, Decide, Floats
from kingmaker.learners.experience import ARMS, Experience

NAME = "LinUCB"
ALPHA, RIDGE = 0.5, 1.0
REWARD_MAX = 5.0  # of net over risk, as ours
TINY = 1e-9


def make(learned: Experience, holdout: Experience) -> Decide:
    """Learn the rewards of the picked arms; answer each arm's reward and the pick."""
    del holdout
    shown = learned.contexts[np.arange(len(learned)), learned.arm, :FEATURES]
    mean, scale = shown.mean(axis=0), shown.std(axis=0)
    scale = np.where(scale < TINY, np.inf, scale)
    rewards = np.clip(learned.net / learned.risk, -REWARD_MAX, REWARD_MAX)
    rows = _rows(shown, mean, scale)
    inverses = np.empty((ARMS, rows.shape[1], rows.shape[1]))
    weights = np.empty((ARMS, rows.shape[1]))
    for arm in range(ARMS):
        own = rows[learned.arm == arm]
        inverses[arm] = np.linalg.inv(own.T @ own + RIDGE * np.eye(rows.shape[1]))
        weights[arm] = inverses[arm] @ own.T @ rewards[learned.arm == arm]

    def decide(inputs: Arrays) -> Arrays:
        contexts = inputs["contexts"].astype(np.float64)
        asked = _rows(contexts[:, 0, :FEATURES], mean, scale)
        mu = asked @ weights.T
        doubt = np.sqrt(np.einsum("bi,aij,bj->ba", asked, inverses, asked))
        bound = np.where(contexts[:, :, CONTEXT - 1] > 0.5, mu + ALPHA * doubt, -np.inf)  # noqa: PLR2004 - a flag
        return {"mu": mu, "action": bound.argmax(axis=1)}

    return decide


def _rows(features: Floats, mean: Floats, scale: Floats) -> Floats:
    return np.column_stack([(features - mean) / scale, np.ones(len(features))])

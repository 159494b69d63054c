"""Hmmlearn: a Gaussian hidden Markov model of the same log ranges, the best of as many starts."""

import warnings

import numpy as np
from hmmlearn.hmm import GaussianHMM

from kingmaker.contracts.models import REGIMES
from kingmaker.learners.bars import Bars
from kingmaker.learners.contract import Arrays, Decide, Floats
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.regime_detector import observe
from kingmaker.learners.policy import Policy

NAME = "hmmlearn's Gaussian hidden Markov model"
ROUNDS = 100
TINY = 1e-300


def make(learned: Experience, holdout: Experience) -> Decide:
    """Learn from the bars; answer one step of the filter."""
    del holdout
    parts = [_seen(bars) for bars in learned.bars]
    rows, lengths = np.concatenate(parts), [len(part) for part in parts if len(part)]
    starts = int(Policy().parameters("regime_detector")["starts"])
    tried = [_fitted(rows, lengths, seed) for seed in range(starts)]
    model = max(tried, key=lambda one: float(one.score(rows, lengths)))
    means, deviations = model.means_[:, 0], np.sqrt(model.covars_[:, 0, 0])
    moves = model.transmat_

    def decide(inputs: Arrays) -> Arrays:
        seen = observe(inputs["features"].astype(np.float64))
        before = np.exp(inputs["log_post"].astype(np.float64))
        away = (seen - means) / deviations
        density = np.exp(-0.5 * away * away) / (deviations * np.sqrt(2.0 * np.pi))
        joint = np.maximum(before @ moves * density, TINY)
        total = joint.sum(axis=1)
        after = joint / total[:, None]
        return {
            "log_post_next": np.log(np.maximum(after, TINY)).astype(np.float32),
            "probs": after,
            "state": after.argmax(axis=1),
            "loglik": np.log(total),
        }

    return decide


def _seen(bars: Bars) -> Floats:
    """Return the log ranges of the bars that have features."""
    features = bars.features(np.arange(len(bars)))
    return observe(features[np.isfinite(features).all(axis=1)])


def _fitted(rows: Floats, lengths: list[int], seed: int) -> GaussianHMM:
    model = GaussianHMM(REGIMES, "full", n_iter=ROUNDS, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(rows, lengths)

"""Stable-baselines3: PPO on the same episodes of trades, with our schedule and networks' shape."""

import numpy as np
import torch

from bench.peers import sizing
from kingmaker.learners.contract import Arrays, Decide
from kingmaker.learners.experience import Experience
from kingmaker.learners.rl import network, ppo

NAME = "stable-baselines3's PPO"
ITERATIONS = 25  # of 8,192 steps each


def make(learned: Experience, holdout: Experience) -> Decide:
    """Learn the sizes; answer one a trade."""
    del holdout
    torch.set_num_threads(1)
    known = learned[np.isfinite(learned.judged).all(axis=1)]
    rows = np.hstack([known.setup, known.judged])
    scale = network.Scale.of(rows)
    unit = float(known.net.std()) * np.sqrt(ppo.LENGTH)  # of an episode at full size, as ours
    _, model = sizing.trained(scale.apply(rows), known.net / unit, ITERATIONS)

    def decide(inputs: Arrays) -> Arrays:
        asked = scale.apply(inputs["features"].astype(np.float64))
        beginning = np.column_stack([asked, np.zeros(len(asked)), np.ones(len(asked))])
        return {"action": model.predict(beginning.astype(np.float32), deterministic=True)[0]}

    return decide

"""LightGBM: a booster a quantile, with its own defaults and its own prediction."""

from typing import Any

import lightgbm
import numpy as np

from kingmaker.learners.contract import Arrays, Decide
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.slippage_latency import QUANTILES, costs_of
from kingmaker.learners.paths import told

NAME = "LightGBM's quantile boosting"
SAME_BITS: dict[str, Any] = {"deterministic": True, "num_threads": 1, "verbosity": -1}


def make(learned: Experience, holdout: Experience) -> Decide:
    """Learn what each entry cost; answer both quantiles in basis points."""
    del holdout
    known = told(learned)
    boosters = []
    for quantile in QUANTILES:
        asked = {**SAME_BITS, "objective": "quantile", "alpha": quantile}
        boosters.append(lightgbm.train(asked, lightgbm.Dataset(known.setup, costs_of(known))))

    def decide(inputs: Arrays) -> Arrays:
        rows = inputs["features"].astype(np.float64)
        answers = [np.asarray(booster.predict(rows), np.float64) for booster in boosters]
        return {"score": np.column_stack(answers)}

    return decide

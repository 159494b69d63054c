"""River: logistic regression by FTRL-Proximal, with its own defaults, trade by trade."""

import numpy as np
from river import linear_model, optim, preprocessing

from kingmaker.learners.contract import Arrays, Decide
from kingmaker.learners.experience import Experience

NAME = "river's logistic regression by FTRL-Proximal"


def make(learned: Experience, holdout: Experience) -> Decide:
    """Learn the trades in order; answer the probability of a win."""
    del holdout
    model = preprocessing.StandardScaler() | linear_model.LogisticRegression(optim.FTRLProximal())
    for row, won in zip(learned.setup.tolist(), learned.won.tolist(), strict=True):
        model.learn_one(dict(enumerate(row)), won > 0.0)

    def decide(inputs: Arrays) -> Arrays:
        rows = inputs["features"].astype(np.float64).tolist()
        chances = [model.predict_proba_one(dict(enumerate(row))).get(True, 0.5) for row in rows]
        return {"score": np.array(chances)[:, None]}

    return decide

"""Champions that read all they are given: whatever a challenger says moves what they decide.

Bundles that ship know nothing and take every signal; beside them a challenger whose answers nobody
reads would change no trade, and could not be crowned whatever the gates did. These throw dice by a
fixed hash of their whole row: which arm, which chance, which size. On a fair market that is worth
nothing either.
"""

from functools import cache

import numpy as np

from kingmaker.contracts.models import SIZES, STRATEGIES
from kingmaker.kernel.service import Answer, Question
from tests.simulation import models

SEED = 2026
SPREAD = 0.3  # of the chance to win, around one half
CERTAIN = 0.97  # the chance that sizing gives the size it wants

type Row = tuple[float, ...]


def answer(question: Question) -> Answer:
    """Answer as the champion of a component."""
    component, _ = models.KNOWN[question.model]
    match component:
        case "neural_ucb":
            rows = question.inputs["contexts"]
            dice = tuple([_dice(component, row) for row in rows if isinstance(row, tuple)])
            flat = (0.0,) * len(STRATEGIES)
            best = float(dice.index(max(dice)))
            return Answer({"mu": dice, "sigma": flat, "ucb": dice, "action": (best,)})
        case "online_learning":
            return Answer({"score": (0.5 + SPREAD * _dice(component, _row(question)),)})
        case "model_ensemble":
            local = question.inputs["local"]
            return Answer({"score": (float(np.tanh(sum(local))),)})  # type: ignore[arg-type] # a row
        case "cvar_ppo":
            size = 3 if _dice(component, _row(question)) > 0.0 else 1
            rest = (1.0 - CERTAIN) / (SIZES - 1)
            probs = tuple([CERTAIN if one == size else rest for one in range(SIZES)])
            fields = {"logits": probs, "probs": probs, "value": (0.0,)}
            return Answer({**fields, "action": (float(size),)})
        case _:
            found = models.answer([question])[question.key]
            assert isinstance(found, Answer)
            return found


def _row(question: Question) -> Row:
    row = question.inputs["features"]
    return tuple([float(one) for one in row])  # type: ignore[arg-type] # a row


def _dice(component: str, row: Row) -> float:
    """Return a number from -1 to 1 that every number of the row moves."""
    return float(np.sin(np.dot(_weights(component, len(row)), row)))


@cache
def _weights(component: str, width: int) -> np.ndarray:
    return np.random.default_rng((SEED, len(component))).normal(size=width)

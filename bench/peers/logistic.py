"""The win probability, learned trade by trade, and river's FTRL on the same rows in order."""

import time
from collections.abc import Iterator

import numpy as np
from river import linear_model, optim, preprocessing

from bench.figures import Figure, Goal
from bench.peers._worlds import experience
from kingmaker.contracts.models import SETUP
from kingmaker.learners.contract import Floats
from kingmaker.learners.learners.online_learning import FTRL_ALPHA, OnlineLearning

ROWS, FIRST, WORLDS = 6_000, 1_000, 3
L2 = 100.0  # as shipped
PEERS_RATE = 0.05  # river's default
CHANCE_MIN = 1e-6
SKILL, DRIFT = 0.15, 0.003  # of the true weights: their size, and their step a trade


def measure() -> Iterator[Figure]:
    """Yield the log loss of both, each probability given before its result is known.

    As shipped, then at the peer's own rate: what of a difference is the rate, and what the rest.
    """
    for where, drift in (("that stays", 0.0), ("that drifts", DRIFT)):
        yield _compared(f"in a world {where}", FTRL_ALPHA, drift=drift)
        yield _compared(f"{where}, at river's rate", PEERS_RATE, drift=drift)


def _compared(where: str, rate: float, *, drift: float) -> Figure:
    ours, theirs, bases, seconds = [], [], [], []
    for world in range(WORLDS):
        rows, won = _world(world, drift)
        later = won[FIRST:]
        began = time.process_time()
        ours.append(_loss(_ours(rows, won, rate), later))
        between = time.process_time()
        theirs.append(_loss(_peer(rows, won)[FIRST:], later))
        seconds.append((between - began, time.process_time() - between))
        bases.append(_loss(np.full(len(later), won[:FIRST].mean()), later))
    mine, other = np.median(seconds, axis=0)
    return Figure(
        f"FTRL: log loss against river's, {where}",
        float(np.mean(ours) / np.mean(theirs)),
        goal=Goal(1.0),
        notes=(
            f"{np.mean(ours):.4f} : {np.mean(theirs):.4f}; the base rate {np.mean(bases):.4f}",
            f"{FIRST} trades first, then {ROWS - FIRST} one by one; river learns from all",
            f"CPU {mine:.2f} s : {other:.2f} s",
        ),
    )


def _ours(rows: Floats, won: Floats, rate: float) -> Floats:
    """Return the chances after a fit of the first rows, each row learned once it is told."""
    learner = OnlineLearning(l2=L2, rate=rate)
    batch = experience(np.where(won > 0, 0.01, -0.01), setup=rows)
    state, chances = learner.fit(batch[:FIRST], None, 0), []
    for row in range(FIRST, len(won)):
        one = batch[row : row + 1]
        chances.append(learner.reference(state, learner.inputs(one))["score"][0, 0])
        state = learner.update(state, one)
    return np.array(chances, np.float64)


def _peer(rows: Floats, won: Floats) -> Floats:
    """Return the chances that river gives, with its own defaults."""
    model = preprocessing.StandardScaler() | linear_model.LogisticRegression(optim.FTRLProximal())
    chances = []
    for row, result in zip(rows, won, strict=True):
        numbers = dict(enumerate(row.tolist()))
        chances.append(model.predict_proba_one(numbers).get(True, 0.5))
        model.learn_one(numbers, bool(result))
    return np.array(chances)


def _world(seed: int, drift: float) -> tuple[Floats, Floats]:
    """Return rows and results; most true weights begin at 0."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((ROWS, SETUP))
    start = SKILL * random.standard_normal(SETUP) * (random.random(SETUP) < 0.3)  # noqa: PLR2004 - few matter
    weights = start + drift * random.standard_normal((ROWS, SETUP)).cumsum(axis=0)
    chance = 1.0 / (1.0 + np.exp(-(rows * weights).sum(axis=1)))
    return rows, (random.random(ROWS) < chance).astype(np.float64)


def _loss(chance: Floats, won: Floats) -> float:
    bounded = np.clip(chance, CHANCE_MIN, 1.0 - CHANCE_MIN)
    return float(-np.log(np.where(won > 0, bounded, 1.0 - bounded)).mean())

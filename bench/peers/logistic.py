"""The win probability, learned trade by trade, and river's FTRL on the same rows in order.

In made-up worlds, whose truth stays or drifts; and on trades of real bars that the product brings.
"""

import time
from collections.abc import Iterator

import numpy as np
from river import linear_model, optim, preprocessing

from bench.figures import Figure, Goal
from bench.peers._worlds import experience
from bench.stage import HOURLY
from kingmaker.contracts.models import SETUP
from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.online_learning import FTRL_ALPHA, OnlineLearning
from kingmaker.runtime.checking import OF_LEARNERS
from kingmaker.runtime.scratch import played
from kingmaker.runtime.settings import DeskSettings, Settings

ROWS, FIRST, WORLDS = 6_000, 1_000, 3
L2 = 100.0  # as shipped
PEERS_RATE = 0.05  # river's default
CHANCE_MIN = 1e-6
SKILL, DRIFT = 0.15, 0.003  # of the true weights: their size, and their step a trade
REAL = ((OF_LEARNERS, 0), (HOURLY, 12_000))  # desks, and so many bars of each; 0: all
FITTED = 0.4  # of real trades, before the others come one by one; FIRST at most


def measure() -> Iterator[Figure]:
    """Yield the log loss of both, each probability given before its result is known.

    As shipped, then at the peer's own rate: what of a difference is the rate, and what the rest.
    """
    for where, drift in (("that stays", 0.0), ("that drifts", DRIFT)):
        yield _compared(f"in a world {where}", FTRL_ALPHA, drift=drift)
        yield _compared(f"{where}, at river's rate", PEERS_RATE, drift=drift)
    for desk, bars in REAL:
        yield _on_real_trades(desk, bars)


def _compared(where: str, rate: float, *, drift: float) -> Figure:
    ours, theirs, bases, seconds = [], [], [], []
    for world in range(WORLDS):
        rows, won = _world(world, drift)
        later = won[FIRST:]
        batch = experience(np.where(won > 0, 0.01, -0.01), setup=rows)
        began = time.process_time()
        ours.append(_loss(_ours(batch, FIRST, rate), later))
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


def _on_real_trades(desk: DeskSettings, bars: int) -> Figure:
    """Return how much more the peer's rate loses than ours on the trades of a desk's bars."""
    with played(Settings(desks=(desk,)), lambda _done: None, limit=bars) as sources:
        batch = Experience.of(sources[0].trades(), ())
    first = min(FIRST, int(len(batch) * FITTED))
    later = batch.won[first:]
    learner = OnlineLearning(l2=L2)
    fitted = learner.fit(batch[:first], None, 0)
    frozen = learner.reference(fitted, learner.inputs(batch[first:]))["score"][:, 0]
    chances = {
        f"at {FTRL_ALPHA:g} as shipped": _ours(batch, first, FTRL_ALPHA),
        f"at {PEERS_RATE:g}": _ours(batch, first, PEERS_RATE),
        "frozen": frozen.astype(np.float64),
        "river": _peer(batch.setup, batch.won)[first:],
        "the base rate": np.full(len(later), batch.won[:first].mean()),
    }
    losses = {name: _losses(chance, later) for name, chance in chances.items()}
    shipped, faster, still, *_ = losses.values()
    return Figure(
        f"FTRL on trades of {desk.name}: river's rate against ours",
        float(faster.mean() / shipped.mean()),
        notes=(
            ", ".join(f"{name} {one.mean():.4f}" for name, one in losses.items()),
            f"ours less frozen's: {_apart(shipped, still)}; river's rate: {_apart(faster, still)}",
            f"river's rate less ours: {_apart(faster, shipped)}",
            f"{first} trades first, then {len(later)} one by one",
        ),
    )


def _apart(losses: Floats, others: Floats) -> str:
    """Tell a mean difference and its standard error."""
    more = losses - others
    return f"{more.mean():+.4f} +- {more.std(ddof=1) / np.sqrt(len(more)):.4f}"


def _ours(batch: Experience, first: int, rate: float) -> Floats:
    """Return the chances after a fit of the first rows, each row learned once it is told."""
    learner = OnlineLearning(l2=L2, rate=rate)
    state, chances = learner.fit(batch[:first], None, 0), []
    for row in range(first, len(batch)):
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
    return float(_losses(chance, won).mean())


def _losses(chance: Floats, won: Floats) -> Floats:
    bounded = np.clip(chance, CHANCE_MIN, 1.0 - CHANCE_MIN)
    losses: Floats = -np.log(np.where(won > 0, bounded, 1.0 - bounded))
    return losses

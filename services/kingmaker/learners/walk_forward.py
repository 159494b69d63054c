"""One component's learning from played bars: a purged walk forward, in the run's own process.

An intensive run learns afresh. A light one learns what the intensive run before it learned, then
the trades that came since, one by one. Either way the latest trades are held out, and what is
judged there is what is returned.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kingmaker.learners import learners, training, walking
from kingmaker.learners.admission import GAIN
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.contract import Learner
from kingmaker.learners.experience import Experience, UnfitDataError, split
from kingmaker.learners.training import Made, Product, Sources, Tell

AFRESH = 0  # in place of the end of an earlier run's bars


def learn(  # noqa: PLR0913, PLR0917 - a training, and what it goes on from
    component: str,
    sources: Sources,
    seed: int,
    parameters: Mapping[str, float],
    tell: Tell,
    base_until_ms: int = AFRESH,
) -> Product:
    """Learn from all trades but the latest; judge on these, and on those of an earlier step.

    `base_until_ms`: the last bar of the run to go on from. Raises what `training.train` raises.
    """
    learner = learners.load(component, parameters)
    bars = by_symbol(sources.bars()) if learners.needs_bars(component) else ()
    batch, share = Experience.of(sources.trades(), bars), parameters["holdout_share"]
    learned, holdout = split(batch, share)
    tell(f"{component}: learning from {len(learned)} trades, {len(holdout)} held out")
    if base_until_ms == AFRESH:
        state = learner.fit(learned, None, seed, training.sober(tell))
    else:
        first, rest = _since(batch, learned, share, base_until_ms)
        state = learner.fit(first, None, seed, training.sober(tell))
        state = learner.update(state, rest) if len(rest) else state
    product = training.judged(Made(component, learner, state, batch, learned, holdout), seed, tell)
    gains = [*_earlier(learner, batch, share, seed, tell), product.metrics.get(GAIN)]
    return training.with_metrics(product, _walked(gains))


def _since(
    batch: Experience, learned: Experience, share: float, base_until_ms: int
) -> tuple[Experience, Experience]:
    """Return what the run before learned, and what was over since: each trade is in one of them."""
    first, _ = split(batch.until(base_until_ms), share)
    last_ms = int(first.resolved_ms.max()) if len(first) else 0
    return first, learned[learned.resolved_ms > last_ms]


def _earlier(
    learner: Learner[Any], batch: Experience, share: float, seed: int, tell: Tell
) -> Sequence[float | None]:
    """Return the gains of the steps before the last: each ends where the next begins to judge."""
    gains: list[float | None] = []
    for step in range(1, walking.STEPS):
        end = batch.decided_ms[int(len(batch) * (1.0 - step * share))]
        known = batch.until(int(end))
        learned, holdout = split(known, share / (1.0 - step * share))
        tell(f"an earlier step: learning from {len(learned)} trades, {len(holdout)} held out")
        try:
            state = learner.fit(learned, None, seed, training.sober(tell))
            decide = training.open_session(learner.export(state))
            gains.append(learner.evaluate(decide, holdout, learned).get(GAIN))
        except UnfitDataError as error:
            tell(f"an earlier step: {error}")
            gains.append(None)
    return gains


def _walked(gains: Sequence[float | None]) -> Mapping[str, float]:
    """Return the figures of all steps; none where one of them could not be judged."""
    known = [gain for gain in gains if gain is not None]
    if len(known) < len(gains):
        return {}
    return {walking.LEAST: min(known), walking.MEAN: sum(known) / len(known)}

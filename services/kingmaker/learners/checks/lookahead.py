"""Does a learner see what came later? It is asked anew with the future missing, and another one.

Its inputs: the row of every trade is computed alone, from the bars that had closed when it was
decided and with another outcome; no bit may differ from its row among all trades. Its training: on
what was known at a time, taken from the whole, from a source that ends there and from one that goes
on otherwise; the model's bytes must be the same.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kingmaker.contracts.models import BATCH, SIGNATURES
from kingmaker.learners.bars import Bars
from kingmaker.learners.checks.subject import Subject
from kingmaker.learners.experience import Experience, UnfitDataError

CUTS = (0.5, 0.8)  # of the trades: when the learner is trained
GLANCES = 50  # trades that a glance looks at
SEED = 1
STRETCHED = 1.5  # so that a future of constant prices is another one, too
TRUNCATED, ALTERED = "truncated", "altered"

type Tell = Callable[[int], None]  # hears how many comparisons are done


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that depends on what came later."""

    symbol: str  # whose trade, or what of the learner
    open_ms: int  # of the decision, or of the training
    whole: float | str
    other: float | str
    future: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A learner: how often it was compared, and what differed; `reason` why it could not be."""

    name: str
    prefixes: int
    difference: Difference | None
    reason: str = ""


def check(subject: Subject, batch: Experience, tell: Tell) -> Checked:
    """Compare the inputs of every trade, then the training at two times."""
    compared = 0
    for difference in _inputs(subject, batch, range(len(batch))):
        compared += 1
        tell(compared)
        if difference:
            return Checked(subject.name, compared, difference)
    try:
        for difference in _trainings(subject, batch):
            compared += 1
            tell(compared)
            if difference:
                return Checked(subject.name, compared, difference)
    except UnfitDataError as error:
        return Checked(subject.name, compared, None, f"it could not be trained: {error}")
    return Checked(subject.name, compared, None)


def altered(batch: Experience, time_ms: int) -> Experience:
    """Return the same past, and another future: other results later, and other bars."""
    later = batch.resolved_ms > time_ms
    nets = np.where(later, -STRETCHED * batch.net - batch.risk, batch.net)
    resolved = np.where(later, batch.resolved_ms + 1, batch.resolved_ms)
    bars = tuple([_other_bars(one, time_ms) for one in batch.bars])
    return replace(batch, net=nets, resolved_ms=resolved, bars=bars)


def truncated(batch: Experience, time_ms: int) -> Experience:
    """Return what a source holds that ends at a time: in memory of its own, nothing behind it."""
    known = batch.until(time_ms)
    bars = tuple([_alone(one) for one in known.bars])
    return replace(known, bars=bars)


def glance(subject: Subject, batch: Experience, most: int = GLANCES) -> Difference | None:
    """Compare the inputs of so many trades, spread evenly: what a longer check would begin with."""
    places = np.unique(np.linspace(0, len(batch) - 1, min(most, len(batch))).astype(int))
    return next(filter(None, _inputs(subject, batch, places.tolist())), None)


def _inputs(
    subject: Subject, batch: Experience, places: Sequence[int]
) -> Iterator[Difference | None]:
    """Yield, for every such trade and future, where its row differs from the one among all."""
    whole = subject.learner.inputs(batch)
    ports = SIGNATURES[subject.component].inputs
    by_trade = {port.name for port in ports if port.shape[0] == BATCH}  # others are weights of all
    for place in places:
        decided_ms = int(batch.decided_ms[place])
        one = batch[place : place + 1]
        alone = replace(altered(one, decided_ms), bars=())
        futures = {
            TRUNCATED: replace(alone, bars=truncated(one, decided_ms).bars),
            ALTERED: replace(alone, bars=altered(one, decided_ms).bars),
        }
        for future, other in futures.items():
            rows = subject.learner.inputs(other)
            found = []
            for name, all_rows in whole.items():
                mine, its = all_rows, rows[name]
                if name in by_trade:
                    mine, its = all_rows[place], its[0]
                found.append(_row(name, mine, its, decided_ms, future))
            yield next(filter(None, found), None)


def _row(
    name: str, whole: object, other: object, decided_ms: int, future: str
) -> Difference | None:
    mine, its = (np.atleast_1d(np.asarray(row)).ravel() for row in (whole, other))
    nan = (mine != mine) & (its != its)  # noqa: PLR0124 - NaN, of any dtype
    differ = ~((mine == its) | nan)
    if not differ.any():
        return None
    at = int(np.argmax(differ))
    return Difference(f"{name}[{at}]", decided_ms, float(mine[at]), float(its[at]), future)


def _trainings(subject: Subject, batch: Experience) -> Iterator[Difference | None]:
    """Yield, for every time and future, whether another model is learned."""
    for share in CUTS:
        until_ms = int(np.sort(batch.resolved_ms)[int(share * (len(batch) - 1))])
        whole = _digest(subject, batch.until(until_ms))
        futures = {
            TRUNCATED: truncated(batch, until_ms),
            ALTERED: altered(batch, until_ms).until(until_ms),
        }
        for future, known in futures.items():
            other = _digest(subject, known)
            different = Difference("model", until_ms, whole, other, future)
            yield different if other != whole else None


def _digest(subject: Subject, batch: Experience) -> str:
    if len(batch) == 0:
        raise UnfitDataError("there are no closed trades")
    model = subject.learner.export(subject.learner.fit(batch, None, SEED))
    return hashlib.sha256(model).hexdigest()


def _alone(bars: Bars) -> Bars:
    return replace(
        bars,
        open_ms=bars.open_ms.copy(),
        open=bars.open.copy(),
        high=bars.high.copy(),
        low=bars.low.copy(),
        close=bars.close.copy(),
        volume=bars.volume.copy(),
    )


def _other_bars(bars: Bars, time_ms: int) -> Bars:
    """Return the bars, those that close later mirrored about the last close that is known."""
    known = len(bars.until(time_ms))
    base = STRETCHED * float(bars.close[max(known - 1, 0)]) ** 2

    def mirrored(prices: np.ndarray, source: np.ndarray) -> np.ndarray:
        return np.concatenate([prices[:known], base / source[known:]])

    return replace(
        bars,
        open=mirrored(bars.open, bars.open),
        high=mirrored(bars.high, bars.low),
        low=mirrored(bars.low, bars.high),
        close=mirrored(bars.close, bars.close),
        volume=np.concatenate([bars.volume[:known], bars.volume[known:][::-1]]),
    )

"""Does a learner learn from what it should not know? Its labels are made meaningless, many times.

Half of the times the outcomes are dealt out anew among the trades, half of the times moved on by a
large step, which keeps their order; bars, where it learns from them, are dealt out anew too, so
that nothing in them tells of what follows. A learner that still beats knowing nothing, on trades
that were held out, sees the outcome among its inputs. By chance a gain of 2.33 standard errors
comes once in a hundred times, so three in twenty come once in a thousand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.admission import GAIN, GAIN_SE, why_not
from kingmaker.learners.bars import Bars
from kingmaker.learners.checks.subject import Subject
from kingmaker.learners.experience import Experience, UnfitDataError, split
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import open_session

ROUNDS = 20
STRIKING = 2.33  # standard errors; one per cent of a normal distribution lies above
STRIKING_MAX = 0.10  # of the rounds: more are no chance
SHIFT_MIN = 8  # an eighth of the trades, at least
SEED = 1

type Tell = Callable[[int], None]  # hears how many trainings are done
type Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leakage:
    """A learner with its own labels, and without meaning.

    `gain` and `error` are of the hold-out, in the loss of its component; the scores are gains in
    standard errors. `admission` says why it is not worth a trial; "" if it is. `reason` says why
    it could not be judged.
    """

    name: str
    gain: float
    error: float
    admission: str
    shuffled: Sequence[float]
    shifted: Sequence[float]
    uses_outcomes: bool
    reason: str = ""

    @property
    def striking(self) -> int:
        """Count the times that something was learned from nothing."""
        return sum(score > STRIKING for score in (*self.shuffled, *self.shifted))

    @property
    def ok(self) -> bool:
        """Tell whether nothing is learned from nothing."""
        rounds = len(self.shuffled) + len(self.shifted)
        return not self.reason and self.striking <= STRIKING_MAX * rounds


def check(subject: Subject, batch: Experience, tell: Tell, rounds: int = ROUNDS) -> Leakage:
    """Train with the labels as they are, then `rounds` times with meaningless ones."""
    try:
        model, metrics = _trained(subject, batch)
        gain, error = metrics[GAIN], metrics[GAIN_SE]
    except UnfitDataError as fault:
        return _unjudged(subject, f"it could not be trained: {fault}")
    except KeyError as fault:
        return _unjudged(subject, f"it measures no {fault.args[0]} on the hold-out")
    tell(1)
    scores: dict[str, list[float]] = {"shuffled": [], "shifted": []}
    models = set()
    for number, (kind, other) in enumerate(_meaningless(batch, rounds), start=2):
        other_model, score = _score(subject, other)
        models.add(other_model)
        scores[kind].append(score)
        tell(number)
    admission = why_not(subject.component, metrics, Policy())
    uses_outcomes = models - {model, b""} != set()
    meaningless = (scores["shuffled"], scores["shifted"])
    return Leakage(subject.name, gain, error, admission, *meaningless, uses_outcomes=uses_outcomes)


def shuffled(batch: Experience, places: Places, chance: np.random.Generator) -> Experience:
    """Return the trades with the outcomes of others: net return with the distances it came from."""
    bars = tuple([dealt(one, chance) for one in batch.bars])
    outcomes = {name: getattr(batch, name)[places] for name in ("net", "risk", "target")}
    return replace(batch, **outcomes, bars=bars)


def dealt(bars: Bars, chance: np.random.Generator) -> Bars:
    """Return bars of the same shapes, in another order: a market that nobody can foretell."""
    if len(bars) == 0:
        return bars
    before = np.concatenate([bars.open[:1], bars.close[:-1]])
    order = chance.permutation(len(bars))
    prices = [(column / before)[order] for column in (bars.open, bars.high, bars.low, bars.close)]
    opens, highs, lows, closes = prices
    ends = bars.open[0] * np.cumprod(closes)
    begins = np.concatenate([bars.open[:1], ends[:-1]])
    return replace(
        bars,
        open=begins * opens,
        high=begins * highs,
        low=begins * lows,
        close=ends,
        volume=bars.volume[order],
    )


def _meaningless(batch: Experience, rounds: int) -> Iterator[tuple[str, Experience]]:
    count = len(batch)
    for number in range(rounds):
        chance = np.random.default_rng([SEED, number])
        if number % 2 == 0:
            yield "shuffled", shuffled(batch, chance.permutation(count), chance)
        else:
            step = int(chance.integers(count // SHIFT_MIN, count - count // SHIFT_MIN + 1))
            yield "shifted", shuffled(batch, np.roll(np.arange(count), step), chance)


def _score(subject: Subject, batch: Experience) -> tuple[bytes, float]:
    """Return the model and its gain in standard errors; 0 where there was nothing to learn."""
    try:
        model, metrics = _trained(subject, batch)
    except UnfitDataError:
        return b"", 0.0
    error = metrics[GAIN_SE]
    return model, metrics[GAIN] / error if error > 0.0 else 0.0


def _trained(subject: Subject, batch: Experience) -> tuple[bytes, Mapping[str, float]]:
    learned, holdout = split(batch, subject.holdout_share)
    model = subject.learner.export(subject.learner.fit(learned, None, SEED))
    return model, subject.learner.evaluate(open_session(model), holdout, learned)


def _unjudged(subject: Subject, reason: str) -> Leakage:
    return Leakage(subject.name, 0.0, 0.0, "", (), (), uses_outcomes=True, reason=reason)

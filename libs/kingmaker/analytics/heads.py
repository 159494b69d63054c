"""What heads and signals were worth, from resolved opportunities: pure, the same for every reader.

A head's accuracy flatters whoever agrees in a rising market. Its *lift* does not: how much more
often signals won that it agreed with than signals that it disagreed with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, sqrt

from kingmaker.analytics import equity, intervals
from kingmaker.analytics.intervals import Estimate
from kingmaker.contracts.head_weights import CEILING, FLOOR

WEEK_MS = 7 * 86_400_000
BASELINE_WEEKS = 2
VOTES_MIN = 50  # on each side, before anything is recommended
STEP = 0.2  # of a weight, relative: as much as one update may move it
CHANCE = "not distinguishable from chance"
# What earlier systems promised from a week on: signals, won, profit. Shown beside, never asserted.
CLASSIC = (
    (1, "30-35, 62-65 %, 1.8-2.0 %"),
    (2, "35-40, 65-68 %, 2.0-2.4 %"),
    (4, "40-45, 68-71 %, 2.4-2.8 %"),
    (12, "45-50, 73-76 %, 3.0-3.5 %"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A resolved opportunity: what the account made of it, what the signal returned, who voted."""

    time_ms: int
    taken: bool
    net: float  # of the account; 0 if it stayed out
    signal_net: float  # of the signal at full size, taken or not
    reason: str
    heads: Mapping[str, float] = field(default_factory=dict)  # -1..1, those that voted


@dataclass(frozen=True, slots=True)
class Overall:
    """The account's signals."""

    signals: int
    wins: int
    losses: int
    expired: int
    win_rate: Estimate
    profit: Estimate  # net of a signal, fraction of the capital base
    profit_factor: float | None  # gains over losses
    sharpe: float | None  # a signal
    drawdown: float  # of the sum of returns, fraction of the capital base


@dataclass(frozen=True, slots=True)
class Head:
    """One head: how often it was right, and whether its agreement told anything."""

    head: str
    weight: float
    accuracy: Estimate
    lift: Estimate
    agreed: int
    disagreed: int


@dataclass(frozen=True, slots=True)
class Week:
    """A week since the first outcome, against the first two."""

    week: int
    from_ms: int
    overall: Overall
    gain: Estimate  # of the win rate over the baseline's
    reading: str
    classic: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a rule would do with one weight."""

    head: str
    current: float
    suggested: float
    change: float
    reason: str
    n: int
    confidence: str


def overall(outcomes: Sequence[Outcome]) -> Overall:
    """Return the figures of what was taken; EXPIRED is neither won nor lost."""
    taken = [one for one in outcomes if one.taken]
    judged = [one for one in taken if one.reason != "EXPIRED"]
    wins = sum(one.net > 0.0 for one in judged)
    nets = [one.net for one in taken]
    lost = fsum(net for net in nets if net < 0.0)
    return Overall(
        signals=len(taken),
        wins=wins,
        losses=len(judged) - wins,
        expired=len(taken) - len(judged),
        win_rate=intervals.rate(wins, len(judged)),
        profit=intervals.mean(nets),
        profit_factor=fsum(net for net in nets if net > 0.0) / -lost if lost else None,
        sharpe=_sharpe(nets),
        drawdown=equity.deepest(nets),
    )


def heads(outcomes: Sequence[Outcome], weights: Mapping[str, float]) -> list[Head]:
    """Return every head in order of `weights`, over all signals it voted on, taken or not."""
    judged = [one for one in outcomes if one.reason != "EXPIRED"]
    return [_head(name, weight, judged) for name, weight in weights.items()]


def weeks(outcomes: Sequence[Outcome]) -> list[Week]:
    """Return every week since the first outcome, in order; the first two are the baseline."""
    ordered = sorted(outcomes, key=lambda one: one.time_ms)
    if not ordered:
        return []
    first_ms = ordered[0].time_ms
    by_week: dict[int, list[Outcome]] = {}
    for one in ordered:
        by_week.setdefault((one.time_ms - first_ms) // WEEK_MS, []).append(one)
    begin = [one for week in range(BASELINE_WEEKS) for one in by_week.get(week, ())]
    baseline = overall(begin).win_rate
    # A week without an outcome is no row: nothing can be said of it.
    return [_week(number, first_ms, mine, baseline) for number, mine in by_week.items()]


def recommendations(measured: Sequence[Head]) -> list[Recommendation]:
    """Return what each head's lift says of its weight; deterministic, and nothing acts on it."""
    return [_recommendation(one) for one in measured]


def _head(name: str, weight: float, judged: Sequence[Outcome]) -> Head:
    votes = [(one.heads[name] > 0.0, one.signal_net > 0.0) for one in judged if one.heads.get(name)]
    agreed = [won for agrees, won in votes if agrees]
    disagreed = [won for agrees, won in votes if not agrees]
    right = sum(agrees == won for agrees, won in votes)
    lift = intervals.difference(
        intervals.rate(sum(agreed), len(agreed)), intervals.rate(sum(disagreed), len(disagreed))
    )
    accuracy = intervals.rate(right, len(votes))
    return Head(name, weight, accuracy, lift, len(agreed), len(disagreed))


def _week(number: int, first_ms: int, mine: Sequence[Outcome], baseline: Estimate) -> Week:
    figures = overall(mine)
    is_baseline = number < BASELINE_WEEKS
    gain = intervals.NOTHING if is_baseline else intervals.difference(figures.win_rate, baseline)
    reading = "baseline" if is_baseline else _reading(gain)
    promised = [text for week, text in CLASSIC if week <= number + 1]
    return Week(number + 1, first_ms + number * WEEK_MS, figures, gain, reading, promised[-1])


def _reading(gain: Estimate) -> str:
    if gain.value is None:
        return "too little to say"
    if gain.is_above_zero:
        return "better"
    return "worse" if gain.is_below_zero else CHANCE


def _recommendation(one: Head) -> Recommendation:
    n = min(one.agreed, one.disagreed)
    factor, reason, confidence = 1.0, CHANCE, "low"
    if n < VOTES_MIN:
        reason = f"{n} votes on its rarer side; {VOTES_MIN} are needed"
        confidence = "none"
    elif one.lift.is_above_zero:
        factor, reason, confidence = 1.0 + STEP, "signals it agrees with win more often", "95 %"
    elif one.lift.is_below_zero:
        factor, reason, confidence = 1.0 - STEP, "signals it agrees with win less often", "95 %"
    suggested = min(max(one.weight * factor, FLOOR), CEILING)
    if factor != 1.0 and suggested == one.weight:
        reason += "; its weight is at its bound"
    change = suggested - one.weight
    return Recommendation(one.head, one.weight, suggested, change, reason, n, confidence)


def _sharpe(nets: Sequence[float]) -> float | None:
    if len(nets) < 2:  # noqa: PLR2004 - a deviation needs two
        return None
    mean = fsum(nets) / len(nets)
    spread = fsum((net - mean) ** 2 for net in nets) / (len(nets) - 1)
    return mean / sqrt(spread) if spread > 0.0 else None

"""The weekly job (C6): which weights would have accepted better signals, and whether that holds.

Weights are fitted to some weeks of outcomes and judged on others: five blocks in order of time,
each judged by weights fitted to the rest, without trades that were open at the same time. They are
deployed where the signals they accept return more, by 3 % and by two standard errors: with the 3 %
alone a third of all weeks of pure noise would deploy something.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, sqrt

from kingmaker.learners import looking_back, weights
from kingmaker.learners.heads import DAY_MS, Heads, Seen, WeightsLearned, changed
from kingmaker.learners.heads_policy import PURGED, HeadPolicy
from kingmaker.learners.looking_back import LearningJobCompleted, LearningJobSkipped, Run
from kingmaker.learners.weights import Rule, Weights

CAUSE = "weekly"
MIN_OUTCOMES = 50
DAYS = 7
FOLDS = 5
STEP = 0.05  # along the heads' skills, as far as one sure outcome moves a weight
GAIN = 0.03  # relative, of the mean net return of an accepted signal
ERRORS = 2.0  # standard errors that the gain must exceed

type Said = LearningJobCompleted | LearningJobSkipped | WeightsLearned


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the signals some weights accept, and what those return on average."""

    accepted: tuple[bool, ...]
    mean: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Other weights against the present ones, on signals that they were not fitted to."""

    present: Choice
    other: Choice
    error: float  # standard error of the difference, whole days being one draw

    @property
    def gain(self) -> float:
        """Difference of the mean net return of an accepted signal."""
        return self.other.mean - self.present.mean

    def why_not(self, errors: float) -> str:
        """Return why the other weights are not deployed; "" if they are."""
        if not self.gain > GAIN * abs(self.present.mean):
            return f"gain {self.gain:.3g} is not over {GAIN:.0%} of {abs(self.present.mean):.3g}"
        if not self.gain > errors * self.error:
            return (
                f"gain {self.gain:.3g} is not over {errors:g} standard errors of {self.error:.3g}"
            )
        return ""


def run(held: Heads, policy: HeadPolicy, job: Run) -> Sequence[Said]:
    """Look for better weights; a date that was looked at already changes nothing."""
    begin_ms, seen = _window(held, policy, job.fire_time_ms)
    if held.done.get(job.schedule, "") >= job.date:
        return (job.skipped("this date was learned from already", len(seen), MIN_OUTCOMES),)
    if len(seen) < MIN_OUTCOMES:
        days = (job.fire_time_ms - begin_ms) // DAY_MS
        return (job.skipped(f"too few outcomes in {days} days", len(seen), MIN_OUTCOMES),)
    found = fitted(seen, held.weights, policy)
    purged = policy.weekly_validation == PURGED
    verdict = (validated if purged else in_sample)(seen, held.weights, policy)
    reason = verdict.why_not(ERRORS if purged else 0.0)
    completed = LearningJobCompleted(
        schedule=job.schedule,
        desk=job.desk,
        date=job.date,
        from_ms=begin_ms,
        until_ms=job.fire_time_ms,
        outcomes=len(seen),
        wins=sum(one.won for one in seen),
        version=0 if reason else held.version + 1,
        reason=reason,
        weights=found,
        figures=_figures(verdict),
        time_ms=job.time_ms,
    )
    if reason:
        return (completed,)
    return (completed, changed(held, job.desk, found, CAUSE, job.time_ms))


def fitted(seen: Sequence[Seen], held: Weights, policy: HeadPolicy) -> Weights:
    """Return the weights v within their bounds that maximise skill.v - |v - held|^2 / (2 STEP).

    One candidate, not the best of several: choosing by what they accept would fit noise.
    """
    by = [STEP * skill for skill in _skills(seen)]
    return weights.moved(held, by, Rule(policy.max_weight_change))


def validated(seen: Sequence[Seen], held: Weights, policy: HeadPolicy) -> Verdict:
    """Judge every block of signals by weights fitted to those that do not overlap with it."""
    chosen: list[Weights] = []
    edges = [len(seen) * fold // FOLDS for fold in range(FOLDS + 1)]
    for begin, end in pairwise(edges):
        block = seen[begin:end]
        first_ms, last_ms = block[0].decided_ms, max(one.time_ms for one in block)
        rest = [one for one in seen if one.time_ms < first_ms or one.decided_ms > last_ms]
        own = fitted(rest, held, policy) if rest else held
        chosen += [own] * len(block)
    return _compare(seen, _choose(seen, [held] * len(seen)), _choose(seen, chosen))


def in_sample(seen: Sequence[Seen], held: Weights, policy: HeadPolicy) -> Verdict:
    """Judge weights by the signals that they were fitted to: the classic rule, and unsound."""
    own = fitted(seen, held, policy)
    return _compare(seen, _choose(seen, [held] * len(seen)), _choose(seen, [own] * len(seen)))


def _window(held: Heads, policy: HeadPolicy, until_ms: int) -> tuple[int, Sequence[Seen]]:
    """Return the outcomes of a week; of more days, one by one, while they are too few."""
    seen: Sequence[Seen] = ()
    begin_ms = until_ms
    for days in range(DAYS, policy.weekly_lookback_days + 1):
        begin_ms = until_ms - days * DAY_MS
        seen = looking_back.between(held, begin_ms, until_ms)
        if len(seen) >= MIN_OUTCOMES:
            break
    return begin_ms, seen


def _skills(seen: Sequence[Seen]) -> Weights:
    """Return how each head's votes went with returns above the average: a rising market pays none.

    The correlation about zero of votes and centred returns, -1 to 1; 0 where a head never voted.
    """
    mean = fsum(one.net for one in seen) / len(seen)
    away = [one.net - mean for one in seen]
    spread = fsum(x * x for x in away)
    skills = []
    for votes in zip(*[one.heads for one in seen], strict=True):
        size = sqrt(spread * fsum(vote * vote for vote in votes))
        shared = fsum(vote * x for vote, x in zip(votes, away, strict=True))
        skills.append(shared / size if size > 0.0 else 0.0)
    return tuple(skills)


def _choose(seen: Sequence[Seen], by: Sequence[Weights]) -> Choice:
    """Return which signals would have been accepted, each by its own weights and its own bar.

    Records that are silent about the bar accept by any weights: they speak for no change.
    """
    accepted = [
        one.heads[0] > 0.0 and _consensus(one.heads, own) >= one.confluence_min
        for one, own in zip(seen, by, strict=True)
    ]
    return Choice(tuple(accepted), _mean(seen, accepted))


def _consensus(heads: Sequence[float], held: Weights) -> float:
    """Return the weighted share of agreeing confidence, as the trader reckons it."""
    agreeing = total = 0.0
    for head, weight in zip(heads, held, strict=True):
        total += weight * abs(head)
        agreeing += weight * head if head > 0.0 else 0.0
    return agreeing / total if total > 0.0 else 1.0


def _mean(seen: Sequence[Seen], accepted: Sequence[bool]) -> float:
    nets = [one.net for one, taken in zip(seen, accepted, strict=True) if taken]
    return fsum(nets) / len(nets) if nets else 0.0


def _compare(seen: Sequence[Seen], present: Choice, other: Choice) -> Verdict:
    """Return both and the standard error of their difference: a day's signals are one draw."""
    taken, others = max(1, sum(present.accepted)), max(1, sum(other.accepted))
    by_day: dict[int, list[float]] = {}
    for one, now, then in zip(seen, present.accepted, other.accepted, strict=True):
        share = (one.net - other.mean) / others if then else 0.0
        share -= (one.net - present.mean) / taken if now else 0.0
        by_day.setdefault(one.decided_ms // DAY_MS, []).append(share)
    return Verdict(present, other, sqrt(fsum(fsum(day) * fsum(day) for day in by_day.values())))


def _figures(verdict: Verdict) -> dict[str, float]:
    return {
        "net_present": verdict.present.mean,
        "net_other": verdict.other.mean,
        "accepted_present": float(sum(verdict.present.accepted)),
        "accepted_other": float(sum(verdict.other.accepted)),
        "gain": verdict.gain,
        "gain_error": verdict.error,
    }

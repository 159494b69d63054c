"""The daily job (C5): one update from the outcomes of 24 hours, or a skip that says why not."""

from collections.abc import Sequence
from math import fsum

from kingmaker.kernel.frozen import replace
from kingmaker.learners import looking_back, weights
from kingmaker.learners.heads import DAY_MS, Heads, Seen, WeightsLearned, changed
from kingmaker.learners.heads_policy import HeadPolicy
from kingmaker.learners.looking_back import LearningJobCompleted, LearningJobSkipped, Run
from kingmaker.learners.weights import Weights

CAUSE = "daily"
MIN_OUTCOMES = 10

type Said = LearningJobCompleted | LearningJobSkipped | WeightsLearned


def run(held: Heads, policy: HeadPolicy, job: Run) -> Sequence[Said]:
    """Learn from a day at once. A date that was learned from already changes nothing."""
    begin_ms = job.fire_time_ms - DAY_MS
    seen = looking_back.between(held, begin_ms, job.fire_time_ms)
    if held.done.get(job.schedule, "") >= job.date:
        return (job.skipped("this date was learned from already", len(seen), MIN_OUTCOMES),)
    if len(seen) < MIN_OUTCOMES:
        return (job.skipped("too few outcomes in 24 hours", len(seen), MIN_OUTCOMES),)
    rate = policy.daily_learning_rate
    new = weights.moved(held.weights, _mean(seen, rate), policy.rule)
    is_news = new != held.weights
    wins = sum(one.won for one in seen)
    completed = LearningJobCompleted(
        schedule=job.schedule,
        desk=job.desk,
        date=job.date,
        from_ms=begin_ms,
        until_ms=job.fire_time_ms,
        outcomes=len(seen),
        wins=wins,
        version=held.version + 1 if is_news else 0,
        reason="" if is_news else "the weights stay the same",
        weights=new,
        figures={"win_rate": wins / len(seen), "net_mean": fsum(s.net for s in seen) / len(seen)},
        time_ms=job.time_ms,
    )
    if not is_news:
        return (completed,)
    learned = changed(held, job.desk, new, CAUSE, job.time_ms)
    return (completed, replace(learned, rate=rate, normalise=policy.normalise))


def _mean(seen: Sequence[Seen], rate: float) -> Weights:
    """Return the mean adjustment: a day of many outcomes moves no further than one of few."""
    each = [weights.adjustment(one.heads, won=one.won, rate=rate) for one in seen]
    return tuple([fsum(column) / len(seen) for column in zip(*each, strict=True)])

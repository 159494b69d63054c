"""Head weights, outcome by outcome: what the learners say of one, and what they believe after it.

One writer decides the weights and their versions; the trader follows at a record of its own lane
(docs/decisions/0055).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kingmaker.kernel.frozen import quick, replace
from kingmaker.learners import weights
from kingmaker.learners.heads_policy import HeadPolicy
from kingmaker.learners.weights import EVEN, Weights

if TYPE_CHECKING:
    from kingmaker.learners.domain import OpportunityResolved

EXPIRED = "EXPIRED"
OUTCOME = "outcome"  # the cause of an update
DAY_MS = 24 * 3_600_000
KEPT_DAYS = 28  # of outcomes, for the jobs that look back


@dataclass(frozen=True, slots=True)
class Outcome:
    """One branch's outcome, the champion's first: whether it traded, and how the signal ended."""

    taken: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeJudged:
    """An outcome that counts, and how each head had voted: what weights are learned from."""

    desk: str
    opportunity: str
    outcomes: int  # that counted, so far
    heads: tuple[float, ...]  # -1..1 in order of components: positive agreed, 0 abstained
    net: float  # of the champion's signal at full size, taken or not
    taken: bool
    reason: str
    decided_ms: int
    time_ms: int
    confluence_min: float = 0.0  # that the signal had to reach when it was decided


@dataclass(frozen=True, slots=True)
class WeightsLearned:
    """The weights of a desk from here on, and those before; in order of components."""

    desk: str
    version: int
    weights: tuple[float, ...]
    old: tuple[float, ...]
    cause: str
    outcome: str  # the opportunity, where one outcome moved them
    outcomes: int
    max_change: float
    rate: float
    normalise: str
    time_ms: int
    restored: int = 0  # the version that a person put in force again


@quick
@dataclass(frozen=True, slots=True)
class Seen:
    """An outcome as the jobs look back on it."""

    heads: tuple[float, ...]
    net: float
    taken: bool
    decided_ms: int
    time_ms: int
    confluence_min: float = 0.0

    @property
    def won(self) -> bool:
        """Whether the signal made money after costs."""
        return self.net > 0.0


@quick
@dataclass(frozen=True, slots=True)
class Heads:
    """One desk. `days` are the outcomes of the last `KEPT_DAYS`, by UTC day of resolution."""

    version: int = 0
    weights: Weights = EVEN
    outcomes: int = 0
    days: dict[int, tuple[Seen, ...]] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)  # by schedule, the last date it learned


def judge(
    held: Heads, policy: HeadPolicy, resolved: "OpportunityResolved"
) -> Sequence[OutcomeJudged | WeightsLearned]:
    """Return what one outcome teaches: nothing if all abstained, or it says not who was right."""
    if not policy.head_weights or not any(resolved.heads) or not resolved.outcomes:
        return ()
    champion = resolved.outcomes[0]
    if champion.reason == EXPIRED and not policy.count_expired:
        return ()
    judged = OutcomeJudged(
        desk=resolved.desk,
        opportunity=resolved.opportunity,
        outcomes=held.outcomes + 1,
        heads=resolved.heads,
        net=resolved.signal_net,
        taken=champion.taken,
        reason=champion.reason,
        decided_ms=resolved.decided_ms,
        time_ms=resolved.time_ms,
        confluence_min=resolved.confluence_min,
    )
    if judged.outcomes < policy.min_outcomes_for_update:
        return (judged,)
    learned = _learned(held, policy, judged)
    return (judged, learned) if learned.weights != held.weights else (judged,)


def _learned(held: Heads, policy: HeadPolicy, judged: OutcomeJudged) -> WeightsLearned:
    by = weights.adjustment(judged.heads, won=judged.net > 0.0, rate=policy.learning_rate)
    new = weights.moved(held.weights, by, policy.rule)
    learned = changed(held, judged.desk, new, OUTCOME, judged.time_ms)
    return replace(
        learned,
        outcome=judged.opportunity,
        outcomes=judged.outcomes,
        rate=policy.learning_rate,
        normalise=policy.normalise,
    )


def changed(held: Heads, desk: str, new: Weights, cause: str, time_ms: int) -> WeightsLearned:
    """Return the next version of a desk's weights."""
    return WeightsLearned(
        desk=desk,
        version=held.version + 1,
        weights=new,
        old=held.weights,
        cause=cause,
        outcome="",
        outcomes=held.outcomes,
        max_change=weights.largest_change(held.weights, new),
        rate=0.0,
        normalise="",
        time_ms=time_ms,
    )


def learn(held: Heads, event: OutcomeJudged | WeightsLearned) -> Heads:
    """Learn one event of this desk."""
    if isinstance(event, WeightsLearned):
        return replace(held, version=event.version, weights=event.weights)
    day = event.time_ms // DAY_MS
    seen = Seen(
        event.heads, event.net, event.taken, event.decided_ms, event.time_ms, event.confluence_min
    )
    days = {one: held.days[one] for one in held.days if one > day - KEPT_DAYS}
    days[day] = (*days.get(day, ()), seen)
    return replace(held, outcomes=event.outcomes, days=days)

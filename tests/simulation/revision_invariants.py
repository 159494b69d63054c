"""What must hold of revisions by the hour and by pattern, as the textbook has it.

R1 every hour of market time weighs once and none is left out; R2 weights sum to their group's
share, and none is below its floor; R3 they are what Hedge makes of the trades before; R4 a trade
teaches a learner once, and what it teaches is what came of it; R5 revisions are numbered without a
hole; R6 a twin that is frozen learns nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, isclose
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Consumed
from tests.simulation.invariants import Step

PACKAGE = "kingmaker.trader.v1"
KINDS = {
    f"{PACKAGE}.{name}": message_class(PACKAGE, name)
    for name in ("ModelRevised", "OpportunityDecided", "OpportunityResolved")
}
HOUR_MS = 3_600_000
FADE, RATE, FLOOR = 0.998, 0.07, 0.05
LOCAL = slice(2, None)  # in the simulation no score of the cloud ever speaks


@dataclass
class RevisionWatch:
    """R1 to R6, one step after the other; what was decided and taught, by lane."""

    decided: dict[tuple[Lane, str], Any] = field(default_factory=dict)
    lessons: dict[tuple[Lane, str, str], Any] = field(default_factory=dict)
    revisions: dict[tuple[Lane, str], int] = field(default_factory=dict)
    hours: dict[tuple[Lane, str], int] = field(default_factory=dict)
    earned: dict[tuple[Lane, str], list[float]] = field(default_factory=dict)

    def see(self, lane: Lane, step: Step, _consumed: Sequence[Consumed]) -> None:
        """Look at what a trader says; others say nothing of it."""
        for record in step:
            kind = KINDS.get(record.kind)
            if kind is None:
                continue
            event: Any = kind.FromString(record.value)
            if record.kind.endswith("ModelRevised"):
                self._revised(lane, event)
            elif record.kind.endswith("OpportunityDecided"):
                self.decided[lane, event.opportunity] = event
            else:
                self._resolved(lane, event)

    def _revised(self, lane: Lane, event: Any) -> None:  # noqa: ANN401 - a ModelRevised
        learner = (lane, event.learner)
        before = self.revisions.get(learner, 0)
        assert event.revision == before + 1, f"R5 {event.learner}: {event.revision} after {before}"
        assert not event.branch.startswith("twin"), f"R6 {event.branch} learned"
        self.revisions[learner] = event.revision
        if event.hour_ms:
            self._weighed(learner, event)
            return
        lesson = (lane, event.learner, event.opportunity)
        assert lesson not in self.lessons, f"R4 {event.opportunity} taught {event.learner} twice"
        self.lessons[lesson] = event
        if event.slot.startswith("model_ensemble"):
            sums = self.earned.setdefault(learner, [0.0] * len(event.row))
            gain = min(max(event.label, -1.0), 1.0)
            for at, score in enumerate(event.row):
                sums[at] = FADE * sums[at] + gain * ((score > 0.0) - (score < 0.0))

    def _weighed(self, learner: tuple[Lane, str], event: Any) -> None:  # noqa: ANN401 - as above
        name, row = event.learner, list(event.row)
        assert event.hour_ms % HOUR_MS == 0, f"R1 {name}: {event.hour_ms} is no hour"
        before = self.hours.get(learner, event.hour_ms - HOUR_MS)
        told = f"R1 {name}: hour {event.hour_ms} after {before}"
        assert event.hour_ms == before + HOUR_MS, told
        assert 0 <= event.time_ms - event.hour_ms < HOUR_MS, f"R1 {name} weighed late"
        self.hours[learner] = event.hour_ms
        assert row[:2] == [0.0, 0.0], f"R2 {name}: an empty group has weight"
        assert isclose(sum(row), 1.0, abs_tol=1e-12), f"R2 {name}: weights sum to {sum(row)}"
        assert min(row[LOCAL]) >= FLOOR, f"R2 {name}: a weight is below its floor"
        sums = self.earned.get(learner, [0.0] * 5)[LOCAL]
        grown = [exp(RATE * (one - max(sums))) for one in sums]
        rest = 1.0 - len(grown) * FLOOR
        for found, one in zip(row[LOCAL], grown, strict=True):
            wanted = FLOOR + rest * one / sum(grown)
            assert isclose(found, wanted, rel_tol=1e-9), f"R3 {name}: {found}, not {wanted}"

    def _resolved(self, lane: Lane, event: Any) -> None:  # noqa: ANN401 - an OpportunityResolved
        """Hold the champion's lessons to what came of the trade."""
        decided = self.decided[lane, event.opportunity]
        reward = min(max(event.signal_net / event.risk, -5.0), 5.0)
        moved = event.direction * (event.signal_net + 2.0 * (event.fee + event.impact))
        followed = min(max(moved / event.risk, -5.0), 5.0)
        for (where, learner, opportunity), lesson in self.lessons.items():
            if (where, opportunity, lesson.branch) != (lane, event.opportunity, "champion"):
                continue
            if lesson.slot.startswith("model_ensemble"):
                expected, row = reward, list(decided.scores)
            elif lesson.slot.startswith("pattern_recognition"):
                expected, row = followed, [float(decided.patterns["champion"])]
            else:
                continue
            told = f"R4 {opportunity} taught {learner}"
            assert isclose(lesson.label, expected, abs_tol=1e-9), f"{told} {lesson.label}"
            assert list(lesson.row) == row, f"{told} another row"

    def end(self, now_ms: int) -> None:
        """At the end everybody who weighs at all has weighed until now, and patterns moved."""
        assert self.hours, "R1 nobody ever weighed"
        for (_, learner), hour_ms in self.hours.items():
            assert now_ms - hour_ms < HOUR_MS, f"R1 {learner}: no hour after {hour_ms}"
        taught = {lesson.slot.partition("@")[0] for lesson in self.lessons.values()}
        assert taught >= {"model_ensemble", "pattern_recognition"}, f"R4 only {taught} learned"

"""The student: S15's double DQN on the desk's bars, taught by an LSTM over its closed hours.

The teacher learns from longer ago than the student: a week of hours costs what half a day of 5 m
bars does. It teaches only if it earns more than staying out on hours that it never saw. The same
student without a teacher is trained beside it, equal in bars, steps and seed: so the record says
what the teacher was worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax
import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.contract import Arrays, Decide, Floats, RowByRow, Tell, unheard
from kingmaker.learners.distillation import teacher as teaching
from kingmaker.learners.distillation.curve import Curve
from kingmaker.learners.distillation.parameters import Distillation
from kingmaker.learners.distillation.teacher import Teacher
from kingmaker.learners.experience import Experience, UnfitDataError, split
from kingmaker.learners.learners.s15_rl_policy import SHARPNESS, Lived, S15RlPolicy, Values
from kingmaker.learners.rl import ladder, one_processor
from kingmaker.learners.rl.lesson import Lesson

# Figures of the hold-out: what each earns a bar, in risks, where the teacher says something.
TEACHER, STUDENT, ALONE = "distillation_teacher", "distillation_student", "distillation_alone"
AGREEMENT, BARS = "distillation_agreement", "distillation_bars"


@dataclass(frozen=True, slots=True)
class Taught:
    """What student and teacher have learned, and the student who had none."""

    values: Values
    teacher: Teacher
    alone: Values


@dataclass(frozen=True, slots=True)
class Distilled:
    """Fits, exports and judges a taught policy."""

    student: S15RlPolicy
    told: Distillation
    holdout_share: float  # of what the teacher may learn from: there it must earn something

    def fit(
        self, batch: Experience, prior: Taught | None, seed: int, tell: Tell = unheard
    ) -> Taught:
        """Train the teacher, then the student it tells, then the same student alone.

        Raises UnfitDataError where a teacher earns no more than staying out: it is not taught from.
        """
        del prior
        one_processor.start()
        curve = Curve(tell, self.told.teacher_steps + 2 * self.student.steps)
        teacher = self._teacher(batch, seed, curve)
        lived = self.student.lived(batch)
        curve.begin("student", self.told.teacher_steps)
        values = self.student.learn(lived, seed, curve.of_student, self.lesson(teacher, lived))
        curve.begin("alone", self.told.teacher_steps + self.student.steps)
        alone = self.student.learn(lived, seed, curve.of_student)
        return Taught(values, teacher, alone)

    def update(self, state: Taught, batch: Experience) -> Taught:
        """Return the state as it is: what decides never learns in place."""
        del batch
        return state

    def inputs(self, batch: Experience) -> Arrays:
        """Return the student's: nobody who serves it knows of hours."""
        return self.student.inputs(batch)

    def reference(self, state: Taught, inputs: Arrays) -> Arrays:
        """Return what the student answers."""
        return self.student.reference(state.values, inputs)

    def export(self, state: Taught) -> bytes:
        """Return the student's graph."""
        return self.student.export(state.values)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return what is asked of every S15."""
        return self.student.evaluate(decide, holdout, learned)

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return what is shown of every S15: also a scheduled retrain is judged by it."""
        return self.student.row_by_row(decide, holdout, learned)

    def teacher_of(self, state: Taught) -> Teacher:
        """Return who taught it: a bundle of its own."""
        return state.teacher

    def compare(self, state: Taught, holdout: Experience) -> Mapping[str, float]:
        """Return what teacher, student and the student alone earn, in risks a bar held out."""
        lived = self._longest(holdout).lived(holdout, int(holdout.decided_ms[0]))
        lesson = state.teacher.values(lived)
        told = np.isfinite(lesson).all(axis=1)
        if not told.any():
            raise UnfitDataError("no bar of the hold-out has enough closed hours before it")
        rows = {"features": lived.states[told].astype(np.float32)}
        rewards = lived.rewards[told]
        actions = {
            TEACHER: lesson[told].argmax(axis=1),
            STUDENT: self.student.reference(state.values, rows)["action"].astype(np.int64),
            ALONE: self.student.reference(state.alone, rows)["action"].astype(np.int64),
        }
        earned = {who: _earned(rewards, chosen) for who, chosen in actions.items()}
        agreed = float((actions[TEACHER] == actions[STUDENT]).mean())
        return earned | {AGREEMENT: agreed, BARS: float(told.sum())}

    def lesson(self, teacher: Teacher, lived: Lived) -> Lesson:
        """Return what the teacher says of these bars; nothing where too few hours were over."""
        values = teacher.values(lived)
        told = np.isfinite(values).all(axis=1)
        logits: Floats = np.where(told[:, None], SHARPNESS * values, 0.0)
        return Lesson(
            ladder.filled_up(logits),
            ladder.filled_up(told),
            self.told.share,
            self.told.temperature,
            SHARPNESS,
        )

    def _teacher(self, batch: Experience, seed: int, curve: Curve) -> Teacher:
        """Train it on the earlier part, and hold it to the later."""
        longer = replace(
            self.student, bars_max=max(self.told.teacher_bars_max, self.student.bars_max)
        )
        early, late = split(batch, self.holdout_share)
        options = teaching.Options(self.told.teacher_steps, self.student.discount)
        key = jax.random.key(seed)
        curve.begin("teacher", 0)
        lived = longer.lived(early)
        teacher = teaching.train(lived, self.told.hours, options, key, curve.of_teacher)
        unseen = self._longest(late).lived(late, int(late.decided_ms[0]))
        worth = teaching.worth(teacher, unseen)
        if not worth > 0.0:
            raise UnfitDataError(
                f"the teacher earns {worth:.3g} risks a bar on hours that it never saw, and staying"
                " out earns 0: it has nothing to teach. Train this slot without distillation"
            )
        return teacher

    def _longest(self, batch: Experience) -> S15RlPolicy:
        """Return the student that looks at every bar there is."""
        return replace(self.student, bars_max=max([len(bars) for bars in batch.bars], default=0))


def _earned(rewards: Floats, actions: NDArray[np.int64]) -> float:
    return float(rewards[np.arange(len(rewards)), actions].mean())

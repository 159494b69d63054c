"""What a learner is: pure functions of data, prior state and seed; an ONNX file is the product."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NotRequired, Protocol, TypedDict, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.experience import Experience, clustered_error

type Floats = NDArray[np.float64]
type Arrays = Mapping[str, NDArray[np.generic]]  # by graph name, first axis B
type Decide = Callable[[Arrays], Arrays]  # what serving knows of a model
type Tell = Callable[["Progress"], None]


class Progress(TypedDict):
    """One point of a loss curve; it goes out as one line of JSON."""

    step: int  # from 1
    of: int
    loss: float  # finite: a training that diverges ends instead
    whose: NotRequired[str]  # where several are trained: teacher, student, alone
    td: NotRequired[float]  # parts of the loss: of time differences,
    kl: NotRequired[float]  # and of what a teacher says


def unheard(_progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class RowByRow:
    """What a model did on each of K rows that it never saw; which rows, no model decides."""

    gain: Floats  # [K] of loss, over knowing nothing, in the loss of its component
    net: Floats  # [K] net return an opportunity at its word; [0] where it decides no trade
    bucket: NDArray[np.int64]  # [K] rows of one bucket are no separate evidence
    time_ms: NDArray[np.int64]  # [K] when each was decided

    def figures(self) -> dict[str, float]:
        """Return the mean gain, and its standard error."""
        return {
            "holdout_gain": float(self.gain.mean()),
            "holdout_gain_se": clustered_error(self.gain, self.bucket),
        }


@runtime_checkable
class Comparable(Protocol):
    """A learner whose measure can be laid on any model of its component, row by row."""

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return what a model did, asked as it is asked when it serves."""
        ...


class Learner[S](Protocol):
    """One component's way to learn. `S` is what it has learned."""

    def fit(self, batch: Experience, prior: S | None, seed: int, tell: Tell = unheard) -> S:
        """Learn from the rows, in order of time; the same rows and seed give the same bits.

        `tell` hears how the loss falls; that it listens changes no bit.
        """
        ...

    def update(self, state: S, batch: Experience) -> S:
        """Learn row by row from what came since."""
        ...

    def inputs(self, batch: Experience) -> Arrays:
        """Return the rows as the graph takes them."""
        ...

    def reference(self, state: S, inputs: Arrays) -> Arrays:
        """Return what the graph must answer, computed without it."""
        ...

    def export(self, state: S) -> bytes:
        """Return the graph; the same state gives the same bytes."""
        ...

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the figures that admission asks for, and what a reader wants beside them.

        `learned` are the rows of the fit: what is known without a model comes from there.
        """
        ...

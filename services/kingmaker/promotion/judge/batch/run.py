"""One stream judged stretch by stretch, however long: the verdict that `judge` gives, and a curve.

A stretch is weighed by the twin of the rule and looked at by the twins of the gates; where these
find a coronation, the production rule and gates go over the stretch to say so.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.batch.stretch import weigh_stretch
from kingmaker.evidence.batch.tallies import Counts, Mask, Side
from kingmaker.kernel.arithmetic import ln
from kingmaker.promotion.judge.batch import columns
from kingmaker.promotion.judge.batch.columns import GATES, Cases
from kingmaker.promotion.judge.batch.curve import Curve
from kingmaker.promotion.judge.stream import BadPairError, Pair, Stream
from kingmaker.promotion.judge.terms import Terms
from kingmaker.promotion.judge.verdict import Verdict

STRETCH = 2**14


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the input: net returns of both sides, and whether each traded."""

    champion: Floats
    challenger: Floats
    champion_taken: Mask
    challenger_taken: Mask

    def part(self, some: "slice | Mask") -> "Rows":
        """Return some of them."""
        return Rows(
            self.champion[some],
            self.challenger[some],
            self.champion_taken[some],
            self.challenger_taken[some],
        )

    def pair(self, at: int) -> Pair:
        """Return one of them as the stream hears it."""
        return Pair(
            self.champion[at].item(),
            self.challenger[at].item(),
            bool(self.champion_taken[at]),
            bool(self.challenger_taken[at]),
        )


def open_run(
    *, alpha: float | None = None, segments: Sequence[int] = (), canary: int | None = None
) -> "Run":
    """Return a run that has heard nothing; ValueError for terms that make no sense."""
    return Run(Terms(alpha, tuple(segments), canary))


class Run:
    """One stream in stretches."""

    def __init__(self, terms: Terms) -> None:
        """Begin with nothing known."""
        self.terms, self.stream, self.curve = terms, Stream(terms), Curve()
        self.canary_curve = Curve()  # ln of the detector's statistic, from 0 on
        self._has_twins = set(self.stream.gates.holding) <= set(GATES)

    def hear(
        self,
        champion: Floats,
        challenger: Floats,
        champion_taken: Mask | None = None,
        challenger_taken: Mask | None = None,
    ) -> None:
        """Take the next rows; BadPairError for the first that cannot be judged.

        Without flags, what is not 0 was a trade.
        """
        took = champion != 0.0 if champion_taken is None else champion_taken
        other_took = challenger != 0.0 if challenger_taken is None else challenger_taken
        rows = Rows(champion, challenger, took, other_took)
        self._check(rows)
        end = len(champion)
        if self.terms.canary is not None:
            end = min(end, max(0, self.terms.canary - 1 - self.stream.rows))
        with np.errstate(all="ignore"):
            for first in range(0, end, STRETCH):
                self._hear(rows.part(slice(first, min(end, first + STRETCH))))
        self._reign(rows.part(slice(end, None)))

    def verdict(self) -> Verdict:
        """Return the verdict on all rows so far."""
        return self.stream.verdict()

    def _hear(self, rows: Rows) -> None:
        """Take a stretch: cut it where segments start, and leave out what is no pair."""
        before, count = self.stream.rows, len(rows.champion)
        cuts = [row - before - 1 for row in self.terms.segments if 0 < row - before <= count]
        for first, end in zip([0, *cuts], [*cuts, count], strict=True):
            if first in cuts and end > first:
                self.stream.start_segment()
            part = rows.part(slice(first, end))
            numbers = before + 1 + np.arange(first, end)
            traded = part.champion_taken | part.challenger_taken
            self.stream.skipped += int((~traded).sum())
            if not traded.all():
                part, numbers = part.part(traded), numbers[traded]
            if len(numbers):
                self._judge(part, numbers)
            self.stream.rows = self.stream.row = before + end

    def _judge(self, rows: Rows, numbers: Counts) -> None:
        """Judge pairs that stand at rows of these numbers, all of one segment."""
        stream = self.stream
        sides = (
            Side.over_time(stream.champion, rows.champion, rows.champion_taken),
            Side.over_time(stream.challenger, rows.challenger, rows.challenger_taken),
        )
        in_range = all(np.isfinite(side.sum[-1]) for side in sides)
        if not (self._has_twins and in_range):
            self._ask(rows, numbers)
            return
        stretch = weigh_stretch(
            stream.ledgers, self.terms.parameters, rows.champion, rows.challenger
        )
        if stream.first is None and (stretch.log_evidence >= stream.log_threshold).any():
            cases = Cases(
                self.terms.level,
                self.terms.policy,
                stream.gates.holding,
                stretch.log_evidence,
                stretch.log_evidence_of_segment,
                *sides,
            )
            self._crown(rows, numbers, columns.may_pass(cases))
        self.curve.add(numbers, stretch.log_evidence)
        stream.ledgers, stream.pairs = stretch.ledgers, stream.pairs + len(numbers)
        stream.champion, stream.challenger = sides[0].tally(-1), sides[1].tally(-1)
        differences = rows.challenger - rows.champion
        squares = np.concatenate(([stream.difference_squares], differences * differences))
        stream.difference_squares = np.add.accumulate(squares)[-1].item()

    def _crown(self, rows: Rows, numbers: Counts, passed: Mask) -> None:
        """Let the production rule and gates say where the coronation is, if the twins see one."""
        if passed.any():
            last = int(np.flatnonzero(passed)[0])
            witness = copy(self.stream)
            for at in range(last + 1):
                witness.take(int(numbers[at]), rows.pair(at))
            assert witness.first, "the gates and their twins differ"
            self.stream.first = witness.first

    def _ask(self, rows: Rows, numbers: Counts) -> None:
        """Go pair by pair: a gate has no twin, or sums leave the range of numbers."""
        heights = []
        for at, number in enumerate(numbers.tolist()):
            self.stream.take(number, rows.pair(at))
            heights.append(self.stream.ledgers.log_evidence)
        self.curve.add(numbers, np.array(heights))

    def _reign(self, rows: Rows) -> None:
        """Watch a reign pair by pair."""
        first, heights = self.stream.rows + 1, []
        for at in range(len(rows.champion)):
            self.stream.hear(rows.pair(at))
            heights.append(self.stream.watch.detector.statistic if self.stream.watch else 0.0)
        seen = [max(height, 1.0) for height in heights]
        logs = np.array([ln(height) for height in seen])
        self.canary_curve.add(first + np.arange(len(logs)), logs)

    def _check(self, rows: Rows) -> None:
        """Let the first pair that cannot be judged say why."""
        fine = np.isfinite(rows.champion) & np.isfinite(rows.challenger)
        fine &= rows.champion_taken | (rows.champion == 0.0)
        fine &= rows.challenger_taken | (rows.challenger == 0.0)
        if not fine.all():
            at = int(np.flatnonzero(~fine)[0])
            raise BadPairError(self.stream.rows + at + 1, rows.pair(at).fault)

"""Many streams judged in step: a verdict each, the same that `judge` gives one by one."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from kingmaker.evidence.batch import Tallies, TwoLedgers
from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.batch.tallies import Mask
from kingmaker.promotion.judge.batch import columns
from kingmaker.promotion.judge.batch.aligned import Aligned
from kingmaker.promotion.judge.batch.columns import Cases
from kingmaker.promotion.judge.stream import BadPairError, Pair, Stream
from kingmaker.promotion.judge.terms import Terms
from kingmaker.promotion.judge.verdict import Moment, Verdict
from kingmaker.promotion.policy import Policy

AT_ONCE = 2**22  # pairs held in memory, twice
STREAMS_AT_ONCE = 4096  # of which the columns stay in the cache
DIMENSIONS = 3


def judge_streams(
    table: Floats,
    *,
    alpha: float | None = None,
    segments: Sequence[int] = (),
    canary: int | None = None,
    policy: Policy | None = None,
) -> tuple[Verdict, ...]:
    """Judge an array of shape (streams, pairs, 2): champion's and challenger's net returns.

    Each verdict has the bits that `judge` gives for the stream alone. ValueError for another shape
    or terms that make no sense; BadPairError for a return that is not finite.
    """
    terms = Terms(alpha, tuple(segments), canary, policy or Policy())
    return tuple(each_stream(table, terms))


def open_streams(
    table: Floats,
    *,
    alpha: float | None = None,
    segments: Sequence[int] = (),
    canary: int | None = None,
) -> Iterator[Verdict]:
    """Check all, then judge as verdicts are asked for: an array may hold any number of streams."""
    return each_stream(table, Terms(alpha, tuple(segments), canary))


def each_stream(table: Floats, terms: Terms) -> Iterator[Verdict]:
    """Check all returns, and return what judges the streams one part after the other."""
    if table.ndim != DIMENSIONS or table.shape[2] != 2:  # noqa: PLR2004 - two sides
        raise ValueError(f"the shape is {table.shape}; needed: (streams, pairs, 2)")
    at_once = max(1, min(STREAMS_AT_ONCE, AT_ONCE // max(1, table.shape[1])))
    firsts = range(0, len(table), at_once)
    for first in firsts:
        _check(np.asarray(table[first : first + at_once], np.float64), first)
    parts = (np.asarray(table[first : first + at_once], np.float64) for first in firsts)
    judged = (
        Streams(terms, part, first).verdicts() for first, part in zip(firsts, parts, strict=True)
    )
    return chain.from_iterable(judged)


class Streams:
    """Some streams, as many as fit."""

    def __init__(self, terms: Terms, table: Floats, number: int = 0) -> None:
        """Begin with nothing known of any stream; `number` is that of the first."""
        self.terms, self.number = terms, number
        self.rows = min(table.shape[1], (terms.canary or table.shape[1] + 1) - 1)
        self.aligned = Aligned.of(table[:, : self.rows])
        self.reigns = table[:, self.rows :]
        streams = len(table)
        self.trial, self.tallies = TwoLedgers(streams, terms.parameters), Tallies(streams)
        self.segment = np.zeros(streams, np.int64)
        self.undecided = np.ones(streams, np.bool_)
        self.firsts: dict[int, Moment] = {}
        self.found: dict[int, Verdict] = {}
        self.one = Stream(terms)  # writes what is said of one stream

    def verdicts(self) -> list[Verdict]:
        """Judge all; return a verdict each, in the order of the table."""
        starts = self.aligned.starts(self.terms.segments)
        going = len(self.aligned.counts)
        for k, still in self.aligned.steps():
            self._finish(still, going)
            going = still
            for mask in starts.get(k, ()):
                self._start_segment(mask[:still])
            self._hear(k)
        self._finish(0, going)
        by_place = {int(self.aligned.places[at]): verdict for at, verdict in self.found.items()}
        return [by_place[place] for place in range(len(by_place))]

    def _hear(self, k: int) -> None:
        champion, challenger = self.aligned.pairs[k, :, : len(self.trial.log_evidence)]
        self.trial.weigh(champion, challenger)
        self.tallies.add(champion, challenger)
        ready = self.undecided & (self.trial.log_evidence >= self.one.log_threshold)
        if ready.any():
            ready &= columns.may_pass(self._cases())
            for at in np.flatnonzero(ready).tolist():
                self._look(at, k + 1)
                self.one.decide()
                if self.one.first:
                    self.firsts[at] = self.one.first
                    self.undecided[at] = False

    def _cases(self) -> Cases:
        return Cases(
            level=self.terms.level,
            policy=self.terms.policy,
            holding=self.one.gates.holding,
            log_evidence=self.trial.log_evidence,
            log_evidence_of_segment=self.trial.log_evidence_of_segment,
            champion=self.tallies.champion,
            challenger=self.tallies.challenger,
        )

    def _look(self, at: int, pairs: int) -> None:
        """Let the stream that writes stand where stream `at` stands after so many pairs."""
        one = self.one
        one.row, one.pairs = int(self.aligned.rows[at, pairs - 1]), pairs
        one.ledgers, one.segment = self.trial.ledgers(at), int(self.segment[at])
        one.champion = self.tallies.champion.tally(at)
        one.challenger = self.tallies.challenger.tally(at)
        one.difference_squares = self.tallies.difference_squares[at].item()
        one.first = None

    def _finish(self, first: int, end: int) -> None:
        """Write the verdicts of streams that have no more pairs, and go on without them."""
        for at in range(first, end):
            pairs = int(self.aligned.counts[at])
            if pairs:
                self._look(at, pairs)
            else:
                self.one = Stream(self.terms)
            for _ in range(self.aligned.late_starts(at, self.terms.segments)):
                self.one.start_segment()
            self.one.rows = self.one.row = self.rows
            self.one.skipped, self.one.first = self.rows - pairs, self.firsts.get(at)
            self._reign(int(self.aligned.places[at]))
            self.found[at] = self.one.verdict()
        if first < end:
            self.trial.narrow(first)
            self.tallies.narrow(first)
            self.segment, self.undecided = self.segment[:first], self.undecided[:first]

    def _reign(self, place: int) -> None:
        """Let the stream that writes watch the reign, pair by pair."""
        self.one.watch = None
        try:
            for pair in self.reigns[place].tolist():
                self.one.hear(Pair(*pair))
        except BadPairError as error:
            reason = f"{error.reason} (stream {self.number + place})"
            raise BadPairError(error.row, reason) from None

    def _start_segment(self, mask: Mask) -> None:
        chosen = None if mask.all() else mask
        self.trial.start_segment(chosen)
        self.tallies.start_segment(chosen)
        self.segment[mask] += 1


def _check(part: Floats, first: int) -> None:
    bad = np.argwhere(~np.isfinite(part))
    if len(bad):
        stream, row, side = (int(x) for x in bad[0])
        name = ("champion", "challenger")[side]
        raise BadPairError(
            row + 1,
            f"the {name}'s return is {part[stream, row, side]}, not a number (stream"
            f" {first + stream})",
        )

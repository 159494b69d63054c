"""Follows a lane of the file row by row: every hash and the rule, without making most records."""

from collections.abc import Sequence
from typing import Any

from kingmaker.kernel.lane import STARTED, Chain, Lane, LaneDamagedError, Position, Record, hash_of
from kingmaker.runtime.log import Link

SEQ, PREV, OF, CONSUMED, HASH = 2, 3, 5, 8, 10  # columns of a row

type Row = tuple[Any, ...]  # the fields of a record in their order, then the hash told beside it


class Walk:
    """The rule for rows.

    Nearly every row belongs to a step of an open term that is complete and in its place. Those are
    accepted here, just as `Chain` would do it. Of any other row a `Chain` is asked what becomes.
    """

    def __init__(self, lane: Lane, incarnation: str) -> None:
        """Begin before the first record."""
        self._lane = lane
        self._chain = Chain(lane, incarnation)
        self._end = self._chain.tip  # the last row, whether it counts or not
        self._begun: list[Row] = []  # of the step that is not complete; the chain is told later
        self._is_open = True  # all rows so far count, and the chain holds none

    def follow(self, rows: Sequence[Row]) -> list[Link]:
        """Return what the next rows make accepted. Raise LaneDamagedError."""
        accepted: list[Link] = []
        begun = self._begun
        term, writer = self._chain.term, self._chain.writer
        seq, before = self._end
        for row in rows:
            row_term, row_writer, row_seq, prev, n, of, kind, _, consumed, _, told = row
            if told != hash_of(*row[:HASH]):
                raise damaged(self._lane, row_seq, told)
            seq += 1
            if row_seq != seq or prev != before:
                raise misplaced(self._lane, row_seq, seq)
            before = told
            is_same = row_term == term and row_writer == writer and kind != STARTED
            if not (is_same and self._is_open and n == len(begun)):
                accepted += self._ask(row)
                term, writer = self._chain.term, self._chain.writer
            elif of == 1 and not begun:
                accepted.append((told, consumed))
            else:
                accepted += self._hold(row)
        self._end = Position(seq, before)
        return accepted

    def _hold(self, row: Row) -> list[Link]:
        """Take a row of a longer step; return the step once it is complete."""
        begun = self._begun
        if begun and row[OF] != begun[0][OF]:
            return self._ask(row)
        begun.append(row)
        if len(begun) < row[OF]:
            return []
        step = [(one[HASH], one[CONSUMED]) for one in begun]
        begun.clear()
        return step

    def _ask(self, row: Row) -> list[Link]:
        """Let the chain decide, from where it would stand had it seen every row."""
        chain, rows = self._chain, [*self._begun, row]
        if self._is_open:
            chain.tip = Position(rows[0][SEQ] - 1, rows[0][PREV])
        self._begun.clear()
        accepted = [record for one in rows for record in chain.feed(Record(*one[:HASH]))]
        self._is_open = not chain.holding and chain.tip == Position(row[SEQ], row[HASH])
        return [(record.hash, record.consumed) for record in accepted]


def damaged(lane: Lane, seq: int, told: str) -> LaneDamagedError:
    """Return the error of a record whose bytes are not those that were hashed."""
    return LaneDamagedError(
        f"{lane}: record {seq} is damaged: its bytes no longer match its hash {told[:12]}. Restore"
        f" the file from a copy; never edit it."
    )


def misplaced(lane: Lane, seq: int, expected: int) -> LaneDamagedError:
    """Return the error of a record that does not stand where it says."""
    if seq != expected:
        return LaneDamagedError(
            f"{lane}: record {expected} is missing before {seq}. Restore the file from a copy;"
            f" never edit it."
        )
    return LaneDamagedError(
        f"{lane}: record {seq} does not extend record {seq - 1}: one of them was forged, or the"
        f" file is of another home. Restore it from a copy; never edit it."
    )

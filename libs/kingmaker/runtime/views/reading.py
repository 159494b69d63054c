"""Reads one lane from where its rows stand, and knows whether it is the lane they are of."""

from collections.abc import Iterator

from kingmaker.kernel.lane import Chain, Lane, LaneDamagedError, Record
from kingmaker.runtime.log import Log
from kingmaker.runtime.views.batch import Folded
from kingmaker.runtime.views.store import OtherLogError


class LaneReader:
    """Follows one lane and lets the rule choose; what is folded already is passed over."""

    def __init__(self, log: Log, lane: Lane, known: Folded | None) -> None:
        """Begin after `known`, by its place if the store still has it there."""
        self._log, self._lane = log, lane
        self._chain = Chain(lane, log.incarnation)
        self._unmet = known  # what must be met before anything is news
        self._place = 0
        if known is not None:
            self._resume(known)

    def poll(self) -> Iterator[tuple[Record, int]]:
        """Yield what is news with its place, to the present end.

        Raise OtherLogError where the lane is another than the one that was folded.
        """
        while True:
            begin = self._place
            records, self._place = self._log.read(self._lane, begin)
            if not records:
                break
            for place, record in enumerate(records, start=begin):
                for accepted in self._chain.feed(record):
                    if self._is_news(accepted):
                        yield accepted, place
        if self._unmet is not None:
            raise self._other(f"ends at record {self._chain.tip.seq}")

    def _resume(self, known: Folded) -> None:
        place = self._log.place_of(self._lane, known.seq)
        place = known.place if place is None else place
        if place is None:
            return
        try:
            records, _ = self._log.read(self._lane, place)
        except LaneDamagedError:  # the place is of another store: only the lane itself tells
            return
        if records and (records[0].seq, records[0].hash) == (known.seq, known.hash):
            self._chain.resume(records[0])
            self._unmet, self._place = None, place + 1

    def _is_news(self, record: Record) -> bool:
        known = self._unmet
        if known is None:
            return True
        if record.seq == known.seq:
            if record.hash != known.hash:
                raise self._other(f"has another record {known.seq}, {record.hash[:12]}")
            self._unmet = None
        return False

    def _other(self, what: str) -> OtherLogError:
        known = self._unmet
        assert known, "only what was folded can be missed"
        return OtherLogError(
            f"{self._lane} {what}, and the views hold record {known.seq} ({known.hash[:12]}): it is"
            f" not the log that they were folded from. If the log was put back from a copy and"
            f" that is right, `kingmaker db rebuild` folds what it holds now."
        )

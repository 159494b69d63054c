"""A log for who reads the same lanes again and again, as an audit does: they are read once."""

from collections.abc import Iterator, Sequence

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.history import links
from kingmaker.runtime.log import Link, Log, Tail, Verdict

PAGE_RECORDS = 1024
KEPT_RECORDS_MAX = 250_000  # of all lanes together; what is more is read anew each time


class KeptLog:
    """Accepted records of another log, which is only read. A place is a `seq`.

    The other log must count its places so, too.
    """

    def __init__(self, log: Log, records_max: int = KEPT_RECORDS_MAX) -> None:
        """Keep nothing yet, and never more than so many."""
        self._records_max = records_max
        self._too_long: set[Lane] = set()
        self.incarnation = log.incarnation
        self._log = log
        self._tails: dict[Lane, Tail] = {}
        self._kept: dict[Lane, list[Record]] = {}
        self._begins: dict[Lane, int] = {}  # the number of the first record that is kept

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return what is kept from `place` on; read on where it ends there."""
        kept = self._kept_to(lane, place)
        if kept is None:
            return self._log.read(lane, place)
        first = place - self._begins[lane]
        page = kept[first : first + PAGE_RECORDS]
        return page, place + len(page)

    def place_of(self, lane: Lane, seq: int) -> int | None:
        """Return the number itself, if there is such a record."""
        return self._log.place_of(lane, seq)

    def links(self, lane: Lane) -> Iterator[Sequence[Link]]:
        """Yield links: of what is kept those, of a lane that nobody has read as fast as it goes."""
        if self._begins.get(lane) != 0:
            yield from links(self._log, lane)
            return
        place = 0
        while page := self.read(lane, place)[0]:
            yield [(record.hash, record.consumed) for record in page]
            place += len(page)

    def append(self, _lane: Lane, _records: Sequence[Record]) -> Verdict:
        """Take nothing: who appends is not who audits."""
        return Verdict.FENCED

    def commit(self) -> Verdict:
        """Do nothing: there is nothing to be made durable."""
        return Verdict.ACCEPTED

    def close(self) -> None:
        """Forget what was kept; the other log stays open."""
        self._kept.clear()
        self._tails.clear()
        self._begins.clear()

    def _kept_to(self, lane: Lane, place: int) -> list[Record] | None:
        """Return a lane kept as far as `place`, or to its end; None where it is not kept."""
        if lane not in self._tails and not self._begin(lane, place):
            return None
        kept, begins = self._kept[lane], self._begins[lane]
        if place < begins:
            return None
        while len(kept) <= place - begins and (news := self._tails[lane].poll()):
            kept += news
        if sum(map(len, self._kept.values())) > self._records_max:
            self._too_long.add(lane)
            del self._kept[lane], self._tails[lane], self._begins[lane]
            return None
        return kept

    def _begin(self, lane: Lane, place: int) -> bool:
        """Keep a lane from where it is read first; tell whether there is anything to keep."""
        if lane in self._too_long:
            return False
        tail = Tail(self._log, lane)
        tail.skip_to(place)
        if not (news := tail.poll()):
            return False
        self._tails[lane], self._kept[lane], self._begins[lane] = tail, news, news[0].seq
        return True

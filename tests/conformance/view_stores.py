"""Databases of views, opened the way another process would open them; a history to fold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NoReturn

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.export_file import Export, read
from kingmaker.runtime.log import Verdict
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.views.batch import Batch, Folded
from kingmaker.runtime.views.changes import Change
from kingmaker.runtime.views.store import ViewStore
from tests.histories.fold import FOLDER

LANE = Lane("km.trader.v1")


@dataclass
class Database:
    """One database; every `open` is another process."""

    new: Callable[[], ViewStore]
    execute: Callable[[str], None]  # as somebody would who is not the product
    columns: Callable[[str], dict[str, str]]  # of a table, as the database itself says
    _opened: list[ViewStore] = field(default_factory=list)

    def open(self, *, migrated: bool = True) -> ViewStore:
        self._opened.append(self.new())
        if migrated:
            self._opened[-1].migrate()
        return self._opened[-1]

    def close(self) -> None:
        for store in self._opened:
            store.close()


def batch(*changes: Change, seq: int = 1) -> Batch:
    made = Batch()
    made.take(changes, LANE, Folded(seq, f"hash {seq}"))
    return made


@cache
def history() -> Export:
    """Return a history in which every service lived: all lanes, from their first record."""
    return read(FOLDER / RELEASE / "every_service.km.gz")


def desks() -> Sequence[Desk]:
    return [Desk(name, index) for index, name in enumerate(history().manifest.desks)]


class GrowingLog:
    """A history that is told little by little; like Kafka it cannot find a record by number."""

    def __init__(self, *, incarnation: str = "") -> None:
        self.incarnation = incarnation or history().log.incarnation
        self.told: dict[Lane, int] = {}

    def grow(self, share: float) -> None:
        """Tell this share of every lane, up to the end of a step."""
        for lane in history().log.lanes():
            records = history().log.read(lane, 0)[0]
            end = max(1, round(share * len(records)))
            while records[end - 1].n < records[end - 1].of - 1:
                end += 1
            self.told[lane] = end

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        records = history().log.read(lane, place)[0][: max(0, self.told.get(lane, 0) - place)]
        return records, place + len(records)

    def place_of(self, _lane: Lane, _seq: int) -> int | None:
        return None

    def append(self, lane: Lane, records: Sequence[Record]) -> NoReturn:
        raise NotImplementedError(f"{lane}: {len(records)}: it is only read")

    def commit(self) -> Verdict:
        return Verdict.ACCEPTED

    def close(self) -> None:
        """Keep everything: it is in memory."""

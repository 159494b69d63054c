"""Recorded bars as the source of a live feed: read in order, handed over at a pace."""

import time
from collections.abc import Iterator, Sequence

from kingmaker.kernel.service import Input
from kingmaker.runtime.bars import Bars
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.first_inputs import facts_of
from kingmaker.runtime.kingdom import Row

TOGETHER_MAX = 64


class RecordedBars:
    """Bars of the desks of some feeds. Where each goes on is recorded in its lane."""

    def __init__(self, bars: Bars, desks: int, a_second: float = 0.0) -> None:
        """Read nothing yet; `a_second` bars at most, 0: as they are taken."""
        self._bars, self._desks, self._a_second = bars, desks, a_second
        self._rows: dict[int, Iterator[Row]] = {}
        self._over: set[int] = set()
        self._handed, self._began = 0, time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether every row of every desk that was asked for was handed over."""
        return bool(self._rows) and len(self._over) == len(self._rows)

    def take(self, engine: Engine) -> Iterator[Input]:
        """Yield the next rows of a feed's desk."""
        desk, lane = engine.service.index, facts_of(engine)
        if desk not in self._rows:
            self._rows[desk] = self._from(desk, engine.host.consumption.position(lane).seq + 1)
        for _ in range(self._allowed()):
            row = next(self._rows[desk], None)
            if row is None:
                self._over.add(desk)
                return
            self._handed += 1
            yield Input(lane, row.number, row.bar.kind, row.bar.value, time_ms=row.close_ms)

    def _from(self, desk: int, number: int) -> Iterator[Row]:
        starts: Sequence[int] = [number if at == desk else 0 for at in range(self._desks)]
        return (row for row in self._bars.rows(starts) if row.desk == desk)

    def _allowed(self) -> int:
        if not self._a_second:
            return TOGETHER_MAX
        due = int((time.monotonic() - self._began) * self._a_second)
        return max(0, min(TOGETHER_MAX, due - self._handed))

"""Statistics of a home are those of its trader's lanes, whichever events are decoded first."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kingmaker.analytics.measures import measured
from kingmaker.analytics.windows import Windows
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.runtime import statistics
from kingmaker.runtime.history import decided
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.runtime.short_play import EURUSD, played

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteLog]:
    """Yield a few weeks of one desk."""
    with ExitStack() as stack:
        yield stack.enter_context(played(Path(tmp_path_factory.mktemp("weeks"))).log())


def test_reading_from_the_end_gives_what_reading_from_the_beginning_gives(log: SqliteLog) -> None:
    lane = Lane("km.trader.v1")
    straight = Windows(7 * DAY_MS)
    for record in decided(log, lane):
        straight.take(record.seq, record.kind, record.value, record.time_ms)
    backwards = statistics.folded(log, lane, 7 * DAY_MS)
    for window_ms in (DAY_MS, 7 * DAY_MS):
        rows = measured(EURUSD.name, backwards, window_ms)
        assert rows == measured(EURUSD.name, straight, window_ms)
        assert len(rows) == 9


def test_every_window_of_every_desk_is_there(log: SqliteLog) -> None:
    found = statistics.of_home(log, [Desk(EURUSD.name, 0)], (DAY_MS, 7 * DAY_MS))
    assert [row.window_ms for row in found] == [DAY_MS] * 9 + [7 * DAY_MS] * 9
    assert {row.role for row in found} == {"champion"}
    assert len({row.opportunities for row in found if row.window_ms == DAY_MS}) == 1

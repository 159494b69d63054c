"""A feed that is much faster than the trader: the trader's memory stays as it is."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Run
from kingmaker.runtime.services import ORDER
from tests.chaos.cluster import ClusterHome
from tests.chaos.orders import NINE, watched
from tests.conftest import lonely_broker

BARS = 40_000
NO_TRAINING = {"min_trades": 1_000_000}  # what a challenger needs is not what a backlog needs
FIRST, LAST = 4_000, 36_000  # bars that the trader has heard when its memory is read
GROWTH_MAX = 1.10
FEED = Lane("km.feed.v1")

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", BARS, learning=NO_TRAINING)
        yield opened
        opened.close()


def test_a_trader_that_is_far_behind_needs_no_more_memory_than_one_that_is_not(
    home: ClusterHome,
) -> None:
    home.start(*(name for name in ORDER if name != "trader"))
    home.await_that("the bars wait", lambda: len(home.said("feed", "BarClosed")) == BARS)
    home.start("trader")
    home.await_that("the trader works", partial(has_heard, home, FIRST))
    before = resident_kib(home)
    home.await_that("it has caught up", partial(has_heard, home, LAST))
    after = resident_kib(home)
    assert len(home.said("trader", "ChampionActivated")) == NINE
    assert after <= before * GROWTH_MAX, f"{before} KiB, then {after} KiB"
    home.await_settled()
    watched(home)
    assert home.stop() == [0] * len(ORDER)


def resident_kib(home: ClusterHome) -> int:
    """Return what the trader's process holds in memory."""
    status = Path(f"/proc/{home.running['trader'].pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def has_heard(home: ClusterHome, bars: int) -> bool:
    """Tell whether the trader has consumed so many events of the feed."""
    for record in reversed(home.records("trader")):
        for item in reversed(consumption.decode(record.consumed)):
            if isinstance(item, Run) and item.lane == FEED:
                return item.last >= bars
    return False

"""The demo's first desk as processes on Kafka: a crown is earned, and the history is the laptop's.

What is compared. The order of inputs differs between homes, so a laptop that plays the same bars
writes another history than processes do (decision 0034). Hence the history that the processes
wrote is taken to a laptop: every record with its hash; the state that every service's lane folds
to, champions, reigns and evidence among it; and every step, which is decided once more there from
what it says that it consumed, the trader's with its models, and must come out bit for bit.
"""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.services import ORDER, build_services
from tests.chaos.cluster import ClusterHome
from tests.chaos.laptop import differences, moved, moved_to, on_a_laptop, states
from tests.chaos.orders import NINE, watched
from tests.conftest import lonely_broker

BARS = 58_419  # all hours of the demo's first desk; it ends with the first crown that is earned
BARS_A_SECOND = 400.0  # so that what is trained on a busy machine is tried before they end
PATIENCE_S, LOOK_S = 1_800.0, 5.0

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", BARS, learning={})
        yield opened
        opened.close()


def test_a_crown_earned_on_kafka_is_the_same_crown_on_a_laptop_and_on_the_next_cluster(
    home: ClusterHome, tmp_path: Path
) -> None:
    home.start_all(BARS_A_SECOND)
    home.await_that("a crown is earned", lambda: bool(earned(home)), PATIENCE_S, LOOK_S)
    reigns = NINE + 1
    home.await_that("it acts", lambda: len(home.said("trader", "ChampionActivated")) >= reigns)
    assert home.stop() == [0] * len(ORDER)
    (crown, *_) = earned(home)
    assert all(finding.passed for finding in crown.findings)
    assert "promoted" in {how for how, _, _ in watched(home, settled=False).coronations}
    log = home.log()
    here = states(log, home)
    log.close()
    with on_a_laptop(home, tmp_path / "laptop") as file:
        assert states(file, home) == here
        assert differences(file, home) == {}
        goes_on_elsewhere(home, file, tmp_path)


def goes_on_elsewhere(home: ClusterHome, file: Log, folder: Path) -> None:
    """Copy to another cluster; let all processes go on there; nothing is lost or decided twice."""
    with lonely_broker(folder / "next-kafka") as servers:
        there = ClusterHome(servers, folder / "next", BARS, learning={})
        copytree(home.folder / "artifacts", there.folder / "artifacts")
        moved_to(there, file)
        log = there.log()
        assert all(one.new == 0 for one in moved(log, file, there))  # back: hash by hash the same
        log.close()
        resolved = traded(there)
        try:
            there.start()
            there.await_that("trades go on", lambda: traded(there) > resolved, PATIENCE_S, LOOK_S)
            assert there.stop() == [0] * len(ORDER)
        finally:
            there.close()
        begun = {service.lane: list(accepted(file, service.lane)) for service in services(there)}
        log = there.log()
        for lane, records in begun.items():
            assert list(accepted(log, lane))[: len(records)] == records
        log.close()
        assert {how for how, _, _ in watched(there, settled=False).coronations} >= {
            "bootstrap",
            "promoted",
        }


def traded(home: ClusterHome) -> int:
    """Count the trades that came to their end."""
    return len(home.said("trader", "OpportunityResolved"))


def earned(home: ClusterHome) -> list[Any]:
    """Return the crowns that evidence earned."""
    return [crown for crown in home.said("promotion", "ChampionCrowned") if crown.how == "promoted"]


def services(home: ClusterHome) -> list[AnyService]:
    """Return the services of a home."""
    return build_services(home.desks)

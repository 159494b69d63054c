"""Separate processes on a real broker, killed and paused: one champion a slot throughout."""

import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kingmaker.runtime.services import ORDER
from tests.chaos.cluster import DESK, ClusterHome
from tests.chaos.laptop import differences, on_a_laptop
from tests.chaos.orders import (
    NINE,
    SLOT,
    crown_a_challenger,
    is_answered,
    ready,
    roll_back,
    terms,
    watched,
)
from tests.conftest import kafka, lonely_broker

KILLS_WHILE_PLAYING, KILLS_WHILE_CROWNING = 4, 6
REFUSED = 6  # exit code of a process that finds that another writes its lane
SEED = 1
FOLLOWED = "kingmaker.risk.v1.ModeFollowed"

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


def test_the_only_broker_is_killed_and_comes_back_and_everybody_goes_on_without_a_hand(
    home: ClusterHome, tmp_path: Path
) -> None:
    home.start_all(bars_a_second=60.0)
    home.await_that("trades are decided", lambda: bool(home.said("trader", "OpportunityResolved")))
    kafka("kill", str(tmp_path / "kafka"))
    home.await_that("everybody leaves", lambda: set(home.ended) == set(ORDER))
    kafka("start", str(tmp_path / "kafka"))
    for name in ORDER:
        home.await_that(f"{name} is ready", partial(ready, home, name))
    home.await_settled()
    assert {how for how, _, _ in watched(home).coronations} == {"bootstrap"}
    assert home.stop() == [0] * len(ORDER)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", bars=900)
        yield opened
        opened.close()


def test_promotion_is_killed_again_and_again_and_one_champion_reigns_a_slot(
    home: ClusterHome, tmp_path: Path
) -> None:
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    home.start_all(bars_a_second=60.0)
    for _ in range(KILLS_WHILE_PLAYING):
        time.sleep(moments.uniform(1.0, 4.0))
        home.kill("promotion")
    home.await_settled()
    crown_a_challenger(home)
    for number in range(KILLS_WHILE_CROWNING):
        roll_back(home, number)
        time.sleep(moments.uniform(0.0, 0.5))
        home.kill("promotion")
        home.await_that("the rollback is answered", partial(is_answered, home, number))
    home.await_settled()
    crowns = watched(home)
    assert [how for how, _, _ in crowns.coronations].count("rollback") == KILLS_WHILE_CROWNING
    assert crowns.desks[0].thrones[SLOT].reign == 2 + KILLS_WHILE_CROWNING
    assert (
        home.ended["promotion"].count(-signal.SIGKILL) == KILLS_WHILE_PLAYING + KILLS_WHILE_CROWNING
    )
    for name in home.running:
        home.await_that(f"{name} is ready", partial(ready, home, name))
    assert home.stop() == [0] * len(home.running)
    assert watched(home).coronations == crowns.coronations
    with on_a_laptop(home, tmp_path / "laptop") as log:
        assert differences(log, home) == {}


def test_a_paused_promotion_wakes_up_after_another_took_over_and_leaves(home: ClusterHome) -> None:
    home.start("trader", "shadow", "learners", "registry", "risk", "alerting")
    zombie = home.spawn("promotion", "zombie")
    home.await_that("nine reign", lambda: len(home.said("promotion", "ChampionCrowned")) == NINE)
    zombie.send_signal(signal.SIGSTOP)
    home.start("promotion")
    home.await_that("the other took over", lambda: terms(home) == 2)
    zombie.send_signal(signal.SIGCONT)
    assert zombie.wait(timeout=60) == REFUSED
    home.start("feed")
    home.await_settled()
    watched(home)
    assert "Another process writes here" in (home.folder / "zombie.log").read_text()


def test_a_kill_reaches_the_trader_and_outlives_the_processes_that_know_of_it(
    home: ClusterHome,
) -> None:
    home.start_all(bars_a_second=30.0)
    home.await_that("an order is seen", lambda: bool(home.said("trader", "PositionOpened")))
    now = home.records("promotion")[-1].time_ms
    words = {"actor": "test", "reason": "chaos", "issued_at_ms": now}
    home.command("risk", "Kill", command_id="stop", desk=DESK, **words)
    home.await_that("the trader follows", lambda: FOLLOWED in names_of(home, "trader"))
    home.await_that("promotion follows", lambda: FOLLOWED in names_of(home, "promotion"))
    for name in ("trader", "risk"):
        home.kill(name)
    home.await_settled()
    names = names_of(home, "trader")
    after = names[names.index(FOLLOWED) :]
    assert "kingmaker.trader.v1.EntryBarred" in after
    assert "kingmaker.trader.v1.PositionOpened" not in after
    watched(home)
    assert all(-signal.SIGKILL in home.ended[name] for name in ("trader", "risk"))
    assert home.stop() == [0] * len(ORDER)


def names_of(home: ClusterHome, service: str) -> list[str]:
    """Return the kinds of all that a service said, in order."""
    return [record.kind for record in home.records(service)]

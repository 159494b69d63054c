"""Separate processes on a real broker, killed and paused: one champion a slot throughout."""

import contextlib
import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.copying import copy
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import ORDER, build_services
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.chaos import checker
from tests.chaos.cluster import DESK, INCARNATION, ClusterHome
from tests.conftest import kafka, lonely_broker
from tests.simulation.crown_invariants import CrownWatch

SLOT = f"online_learning@{DESK}"
NINE = len(COMPONENTS)
KILLS_WHILE_PLAYING, KILLS_WHILE_CROWNING = 4, 6
REFUSED = 6  # exit code of a process that finds that another writes its lane
SEED = 1

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
    assert differences_on_a_laptop(home, tmp_path / "laptop") == {}


def test_a_paused_promotion_wakes_up_after_another_took_over_and_leaves(home: ClusterHome) -> None:
    home.start("trader", "shadow", "learners", "registry", "alerting")
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


def differences_on_a_laptop(home: ClusterHome, folder: Path) -> dict[str, str]:
    """Copy the history into a file; decide it anew there, service by service; return what parts.

    The trader is not decided anew: a model that was late for a live host is not late again.
    """
    laptop = Home(folder)
    laptop.begin(INCARNATION)
    source, target = home.log(), SqliteLog(laptop.log, INCARNATION)
    services = build_services(home.desks)
    copied = copy(source, target, [service.lane for service in services])
    assert all(one.new == one.records > 0 for one in copied)
    found: dict[str, str] = {}
    for service in services:
        if service.name != "trader" and (difference := Redecision(service, target).run()):
            found[service.name] = str(difference)
    target.close()
    source.close()
    return found


def crown_a_challenger(home: ClusterHome) -> None:
    """Offer a bundle in other bytes, wait until it is warm, crown it by command."""
    bundle = smoke._variant(shipped()["online_learning"])
    digest = ArtifactStore(home.folder / "artifacts").put(bundle)
    now = home.records("promotion")[-1].time_ms
    about = {"slot": SLOT, "actor": "test", "reason": "chaos", "time_ms": now}
    size = len(bundle.model)
    home.command(
        "registry", "OfferModel", command_id="offer", digest=digest, size_bytes=size,
        origin="converted", **about,
    )  # fmt: skip
    home.await_that("the challenger is warm", lambda: bool(warmed(home, digest)))
    model = warmed(home, digest)[0].model
    home.command(
        "promotion", "DirectPromotion", command_id="crown", slot=SLOT, model=model,
        actor="test", reason="chaos", issued_at_ms=now,
    )  # fmt: skip
    home.await_that("it acts", lambda: len(home.said("trader", "ChampionActivated")) == NINE + 1)


def roll_back(home: ClusterHome, number: int) -> None:
    now = home.records("promotion")[-1].time_ms
    home.command(
        "promotion", "Rollback", command_id=f"back-{number}", slot=SLOT,
        actor="test", reason="chaos", issued_at_ms=now,
    )  # fmt: skip


def is_answered(home: ClusterHome, number: int) -> bool:
    taken = [said.command_id for said in home.said("promotion", "CommandTaken")]
    return taken.count(f"back-{number}") == 1


def warmed(home: ClusterHome, digest: str) -> list[Any]:
    return [said for said in home.said("trader", "ChallengerWarmed") if said.digest == digest]


def terms(home: ClusterHome) -> int:
    return len({record.term for record in home.records("promotion")})


def ready(home: ClusterHome, name: str) -> bool:
    with contextlib.suppress(OSError):
        return bool(home.readiness(name)["ok"])
    return False


def watched(home: ClusterHome) -> CrownWatch:
    log = home.log()
    try:
        return checker.check(log, home.desks)
    finally:
        log.close()

"""What people order while others are dead, paused or have much to do; and who may order."""

import itertools
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kingmaker.contracts.signing import seal
from kingmaker.kernel import consumption
from kingmaker.kernel.host import INPUT_REFUSED
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Run
from kingmaker.runtime import keyring
from kingmaker.runtime.home import Home
from kingmaker.runtime.services import ORDER
from tests import people
from tests.chaos.cluster import ClusterHome
from tests.chaos.orders import (
    SLOT,
    crown_a_challenger,
    is_answered,
    ready,
    roll_back,
    rollback,
    watched,
)
from tests.conftest import lonely_broker

FEED, PROMOTION = Lane("km.feed.v1"), Lane("km.promotion.v1")
FEW, WAITING = 300, 10_000
OVERTAKEN_MIN = WAITING // 2
ORDERS_MAX, ORDER_S = 100, 2.0
HAND_TO_HAND = ("promotion", "trader", "shadow", "registry", "alerting")

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", getattr(request, "param", FEW))
        yield opened
        opened.close()


def test_only_who_may_takes_a_crown_back_and_only_once_and_each_refusal_is_recorded(
    home: ClusterHome, record_property: Callable[[str, object], None]
) -> None:
    trust_a_viewer(home)
    home.start_all()
    home.await_settled()
    crown_a_challenger(home)
    now = home.records("promotion")[-1].time_ms
    good = rollback(home, 0, now)
    home.send("promotion", [*those_that_may_not_act(home, now), good, good])
    began = time.monotonic()
    home.await_that("the old champion acts", lambda: activations(home) == 3)
    record_property("seconds until the old champion acts", round(time.monotonic() - began, 1))
    home.await_that("all are answered", lambda: len(refusals(home)) == 6)
    assert [why.split()[0] for why in refusals(home)] == [
        *("unsigned:", "unknown", "wrong", "expired:", "v9.9.9-no", "repeated:")
    ]
    assert [r.kind for r in home.records("promotion")].count(INPUT_REFUSED) == 1
    roll_back(home, 1)  # of the rollback
    home.await_that("the challenger acts again", lambda: activations(home) == 4)
    assert watched(home).desks[0].thrones[SLOT].reign == 4
    assert home.stop() == [0] * len(ORDER)


@pytest.mark.parametrize("home", [WAITING], indirect=True)
def test_a_freeze_overtakes_ten_thousand_bars_and_waits_for_no_dead_writer(
    home: ClusterHome, record_property: Callable[[str, object], None]
) -> None:
    home.start(*(name for name in ORDER if name != "feed"))
    home.await_that("nine act", lambda: len(home.said("trader", "ChampionActivated")) == 9)
    home.running["trader"].send_signal(signal.SIGSTOP)
    home.start("feed")
    home.await_that("the bars wait", lambda: len(home.said("feed", "BarClosed")) == WAITING)
    order(home, "Freeze", "f1")
    home.await_that("it is frozen", lambda: bool(home.said("promotion", "Frozen")))
    home.running["trader"].send_signal(signal.SIGCONT)
    home.await_that("bars are heard", lambda: heard_before(home, "Frozen") is not None)
    assert WAITING - (heard_before(home, "Frozen") or 0) > OVERTAKEN_MIN
    home.leave_dead("trader")  # in the middle of its steps
    order_until(home, "Thaw", "Thawed", 1)
    began = time.monotonic()
    order_until(home, "Freeze", "Frozen", 2)
    record_property("seconds until it is frozen", round(time.monotonic() - began, 2))
    home.start("trader")
    home.await_settled()
    watched(home)
    assert home.stop() == [0] * len(ORDER)


def test_whoever_dies_between_two_steps_of_a_change_of_crowns_one_champion_reigns_everywhere(
    home: ClusterHome,
) -> None:
    home.start_all()
    home.await_settled()
    crown_a_challenger(home)
    for number, name in enumerate(HAND_TO_HAND):
        before = activations(home)
        roll_back(home, number)
        home.await_that("the crown went back", partial(went_back, home, number + 1))
        home.kill(name)
        home.await_that("the trader follows", partial(follows, home, before))
        home.await_that("it is answered", partial(is_answered, home, number))
    for name in ORDER:
        home.await_that(f"{name} is ready", partial(ready, home, name))
    home.await_settled()
    reigning = watched(home).desks[0].thrones[SLOT]
    assert reigning.reign == 2 + len(HAND_TO_HAND)
    last = [said for said in home.said("trader", "ChampionActivated") if said.slot == SLOT][-1]
    assert (last.reign, last.model) == (reigning.reign, reigning.champion)
    alerts = [said for said in home.said("alerting", "AlertFired") if said.slot == SLOT]
    told = [said.key for said in alerts if said.type == "rollback_triggered"]
    assert len(told) == len(set(told)) == len(HAND_TO_HAND)
    assert home.stop() == [0] * len(ORDER)


def trust_a_viewer(home: ClusterHome) -> None:
    """Let promotion know a key that may look only."""
    own = Home(home.folder / "promotion")
    keyring.begin(own)
    viewer = {"public_key": people.VIC.public_key, "owner": "vic", "role": "viewer"}
    keyring.write_trusted(own, {**keyring.trusted(own), people.VIC.key_id: viewer})


def those_that_may_not_act(home: ClusterHome, now_ms: int) -> list[Draft]:
    """Return rollbacks: unsigned, of a stranger, of a viewer, late, to nobody; and garbage."""
    about = {"slot": SLOT, "actor": "test", "reason": "chaos", "issued_at_ms": now_ms}
    bare = home.bare("promotion", "Rollback", command_id="unsigned", **about)
    late = home.draft("promotion", "Rollback", command_id="late", not_after_ms=now_ms - 1, **about)
    nobody = home.draft("promotion", "Rollback", command_id="n", to_version="v9.9.9-no", **about)
    named = [
        home.bare("promotion", "Rollback", command_id=name, **about) for name in ("eve", "vic")
    ]
    return [
        bare,
        seal(people.EVE, named[0]),
        seal(people.VIC, named[1]),
        late,
        nobody,
        replace(bare, value=b"\xff\xff"),
    ]


def order(home: ClusterHome, kind: str, command_id: str) -> None:
    """Sign for the whole desk."""
    home.command(
        "promotion", kind, command_id=command_id, scope="desk", actor="test", reason="chaos",
        issued_at_ms=home.records("promotion")[-1].time_ms,
    )  # fmt: skip


def order_until(home: ClusterHome, kind: str, event: str, times: int) -> None:
    """Order until it is done: where days of bars pass in a second, a command is soon too old."""
    for number in itertools.count():
        if len(home.said("promotion", event)) >= times:
            return
        assert number < ORDERS_MAX, f"{kind} is not done"
        order(home, kind, f"{kind}-{times}-{number}")
        time.sleep(ORDER_S)


def refusals(home: ClusterHome) -> list[str]:
    return [said.reason for said in home.said("promotion", "CommandRefused")]


def activations(home: ClusterHome) -> int:
    """Count the reigns of the slot that the trader follows."""
    return sum(said.slot == SLOT for said in home.said("trader", "ChampionActivated"))


def follows(home: ClusterHome, before: int) -> bool:
    return activations(home) > before


def went_back(home: ClusterHome, times: int) -> bool:
    return len(home.said("promotion", "ChampionRolledBack")) == times


def heard_before(home: ClusterHome, kind: str) -> int | None:
    """Return up to which bar the trader had heard when it heard an event of promotion."""
    said = [r.seq for r in home.records("promotion") if r.kind.endswith(f".{kind}")]
    bar = -1
    for record in home.records("trader"):
        for item in consumption.decode(record.consumed):
            if isinstance(item, Run) and item.lane == PROMOTION and item.last >= said[0]:
                return bar
            if isinstance(item, Run) and item.lane == FEED:
                bar = item.last
    return None

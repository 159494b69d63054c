"""Live processes whose clock is the wall's: who answers too slowly is held, who does not is not."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.topics import fact_topic
from kingmaker.runtime.bars import open_bars
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.services import ORDER
from kingmaker.runtime.settings import DeskSettings, Settings
from tests.chaos import checker
from tests.chaos.cluster import DESK, ClusterHome
from tests.conftest import lonely_broker
from tests.scenarios import evil_models
from tests.scenarios.challenged import Challenge

SLOT = f"online_learning@{DESK}"
BARS, HOUR_MS, MINUTE_MS = 400, 3_600_000, 60_000
FAST, SLOW = "converted", "tuned"  # origins: one trial each

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", bars=BARS)
        settings = json.loads(opened.config.read_text(encoding="utf-8"))
        opened.config.write_text(json.dumps(settings | {"clock": "wall"}))
        yield opened
        opened.close()


def test_a_slow_challenger_is_held_by_the_gate_and_a_fast_one_is_not(home: ClusterHome) -> None:
    home.start(*(name for name in ORDER if name != "feed"))
    nine = len(COMPONENTS)
    home.await_that("nine act", lambda: len(home.said("trader", "ChampionActivated")) == nine)
    offer(home, FAST, evil_models.sound())
    offer(home, SLOW, evil_models.sluggish())
    home.await_that("both decide", lambda: len(home.said("trader", "ChallengerWarmed")) == 2)
    home.start("feed")
    asyncio.run(tell_bars(home))
    fast, slow = (trial_of(home, origin) for origin in (FAST, SLOW))
    home.await_that("the fast one is not held by it", lambda: "latency" not in held_by(home, fast))
    home.await_that("the slow one is judged", lambda: bool(verdicts(home, slow)))
    assert all("latency" in said.held_by for said in verdicts(home, slow))
    assert all(latency(said).n > 0 for trial in (fast, slow) for said in verdicts(home, trial))
    home.await_settled()
    assert home.stop() == [0] * len(home.running)
    log = home.log()
    checker.check(log, home.desks)
    log.close()


def offer(home: ClusterHome, origin: str, challenge: Challenge) -> None:
    """Offer a bundle as of a minute ago, so that its check is due."""
    digest = ArtifactStore(home.folder / "artifacts").put(challenge.bundle)
    home.command(
        "registry", "OfferModel", command_id=f"offer-{origin}", slot=SLOT, digest=digest,
        size_bytes=len(challenge.bundle.model), origin=origin, actor="test", reason="chaos",
        time_ms=wall_ms() - MINUTE_MS,
    )  # fmt: skip


async def tell_bars(home: ClusterHome) -> None:
    """Put bars of the sample into the feed's facts, the first in the hour after the next."""
    [first, *_] = bars = sample(home)
    shift = (wall_ms() // HOUR_MS + 2) * HOUR_MS - first.open_ms
    kind = first.DESCRIPTOR.full_name.encode()
    async with AIOKafkaProducer(bootstrap_servers=home.servers, acks="all") as producer:
        for bar in bars:
            bar.open_ms += shift
            await producer.send_and_wait(
                fact_topic("feed"),
                bar.SerializeToString(),
                partition=0,
                headers=[("ce_type", kind)],
            )


def sample(home: ClusterHome) -> Sequence[Any]:
    """Return recorded bars as a feed reads them."""
    files = json.loads(home.config.read_text(encoding="utf-8"))["desks"][0]["files"]
    desk = DeskSettings(name=DESK, files=tuple(files))
    read = message_class("kingmaker.feed.v1", "BarRead")
    rows = open_bars(Settings(desks=(desk,))).rows()
    return [read.FromString(row.bar.value) for row in rows]


def wall_ms() -> int:
    """Return the time of this machine."""
    return time.time_ns() // 1_000_000


def trial_of(home: ClusterHome, origin: str) -> str:
    """Return the trial of a challenger by its origin."""
    [opened] = [said for said in home.said("promotion", "TrialOpened") if said.origin == origin]
    return str(opened.trial)


def verdicts(home: ClusterHome, trial: str) -> list[Any]:
    """Return every recorded verdict on a trial that does not crown."""
    return [said for said in home.said("promotion", "ChallengerHeld") if said.trial == trial]


def held_by(home: ClusterHome, trial: str) -> Sequence[str]:
    """Return which gates the last verdict names; the one in question before there is any."""
    found = verdicts(home, trial)
    return list(found[-1].held_by) if found else ["latency"]


def latency(held: Any) -> Any:  # noqa: ANN401 - a message
    """Return what the gate found."""
    [finding] = [one for one in held.findings if one.gate == "latency"]
    return finding

"""What republishes beside the loop: it tells what is wrong, begins again, and keeps nobody."""

import asyncio
import time
from collections.abc import Callable

import pytest

from kingmaker.runtime.kafka.published import TopicMissingError
from kingmaker.runtime.live import publishing
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.publishing import Publishing

PATIENCE_S = 20.0
NAME = "km.trades.v1 from km.trader.v1/0"


class Republisher:
    """Fails as it is told, then publishes what there is."""

    name = NAME

    def __init__(self, faults: list[Exception], there: list[int], published: list[int]) -> None:
        self._faults, self._there, self._published = faults, there, published

    async def start(self) -> None:
        if self._faults:
            raise self._faults.pop(0)

    async def turn(self, _wait_s: float) -> int:
        await asyncio.sleep(0.01)
        if not self._there:
            return 0
        self._published.append(self._there.pop(0))
        return 1

    async def stop(self) -> None:
        self._published.append(-1)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "WAIT_S", 0.01)
    monkeypatch.setattr(publishing, "AGAIN_S", 0.1)


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_fault_is_told_and_tried_again_until_it_is_gone() -> None:
    health, published = Health(), list[int]()
    missing = TopicMissingError("km.trades.v1: is missing. Create it: kingmaker topics init")
    faults: list[Exception] = [missing, TimeoutError()]
    health.ready = True
    with Publishing([lambda: Republisher(faults, [7], published)], health):
        await_that(lambda: bool(health.notes))
        status, body = health.answer("/readyz")
        assert status == 200  # it decides, though nobody hears of it
        assert "km.trades.v1: is missing. Create it" in str(body["notes"])
        await_that(lambda: not health.notes and 7 in published)
    assert published == [-1, -1, 7, -1]


def test_an_end_publishes_what_is_there() -> None:
    published = list[int]()
    with Publishing([lambda: Republisher([], [1, 2, 3], published)], Health()):
        pass
    assert published == [1, 2, 3, -1]


def test_an_end_does_not_wait_for_one_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "DRAIN_S", 0.1)

    class Hanging(Republisher):
        async def turn(self, _wait_s: float) -> int:
            await asyncio.sleep(PATIENCE_S / 10)
            return 0

    began = time.monotonic()
    with Publishing([lambda: Hanging([], [], [])], Health()):
        pass
    assert time.monotonic() - began < PATIENCE_S / 10


def test_a_service_without_public_topics_starts_nothing() -> None:
    with Publishing([], Health()) as nothing:
        assert not nothing._thread.is_alive()

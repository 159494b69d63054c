"""A network that delays, loses and cuts: what was sent counts once or never, and nobody hangs."""

import asyncio
import contextlib
import gc
import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog, LogUnreachableError
from kingmaker.runtime.log import NotAcceptedError
from tests.chaos import checker
from tests.chaos.proxy import Proxy, proxy_to
from tests.conftest import lonely_broker
from tests.kernel.counting import COMMANDS, counter

DEADLINE_S = 2.0
CALL_S_MAX = 10.0  # whatever the network does: a promise of the product, not of this machine
AWAY_S = float(os.environ.get("KINGMAKER_AWAY_S", "5"))  # make test-kafka: the whole minute
STEPS = 5

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.slow,
    # A call that hangs is left to the end of the process, and here to the end of the test.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _left_behind() -> Iterator[None]:
    """Let what hangs be found while its warnings are expected."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Yield the only way to a broker."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    folder = tmp_path_factory.mktemp("proxied")
    with (
        proxy_to(port) as proxy,
        lonely_broker(folder, port, KAFKA_ADVERTISED=f"127.0.0.1:{proxy.port}"),
    ):
        yield proxy


@pytest.fixture
def service(network: Proxy) -> AnyService:
    """Return a counter with a lane of its own."""
    made: AnyService = replace(counter(), name=f"counter-{uuid.uuid4()}", reads=())
    asyncio.run(create(network, made.lane.topic))
    return made


async def create(network: Proxy, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{network.port}")
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    await admin.close()


@contextmanager
def process(network: Proxy, service: AnyService) -> Iterator[Engine]:
    """Yield a counter that took its lane over, as any new process does; close it in time."""
    log = KafkaLog(Cluster(f"127.0.0.1:{network.port}"), "test", deadline_s=DEADLINE_S)
    engine = Engine(service, log)
    engine.start("test")
    try:
        yield engine
    finally:
        with at_most(CALL_S_MAX):
            log.close()


def said(number: int) -> Input:
    return Input(COMMANDS, number, "Added.v1", b'{"number": 2}', time_ms=number)


def consume(engine: Engine, number: int) -> None:
    """Let a command be consumed, if it is news, and appended."""
    engine.offer(said(number))
    engine.stage()


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_a_step_whose_acknowledgement_comes_after_the_deadline_counts_once(
    network: Proxy, service: AnyService
) -> None:
    with process(network, service) as engine:
        consume(engine, 0)
        asked = network.asked
        network.holds_answers = True
        with at_most(CALL_S_MAX), pytest.raises(NotAcceptedError, match="UNCLEAR"):
            consume(engine, 1)
        assert network.asked > asked, "the step never left"
        network.holds_answers = False  # now it comes, and nobody waits for it any more
    assert total_of(network, service) == 4
    with process(network, service) as successor:
        assert successor.host.state == 4
        consume(successor, 1)  # the same command, read again from its topic
        assert successor.host.state == 4
    check(network, service)


def test_a_step_that_was_lost_on_its_way_counts_never_and_is_decided_again(
    network: Proxy, service: AnyService
) -> None:
    with process(network, service) as engine:
        consume(engine, 0)
        network.swallows = True
        with at_most(CALL_S_MAX), pytest.raises(NotAcceptedError, match="UNCLEAR"):
            consume(engine, 1)
        network.swallows = False
    with process(network, service) as successor:
        assert successor.host.state == 2
        consume(successor, 1)
        assert successor.host.state == 4
    check(network, service)


def test_connections_cut_instead_of_an_acknowledgement_double_nothing(
    network: Proxy, service: AnyService
) -> None:
    for number in range(STEPS):
        with process(network, service) as engine:
            network.cuts_answers = True
            with contextlib.suppress(NotAcceptedError):  # leave, restart, read again
                consume(engine, number)
            network.cuts_answers = False
        with process(network, service) as successor:
            consume(successor, number)
            assert successor.host.state == 2 * (number + 1)
    assert total_of(network, service) == 2 * STEPS
    check(network, service)


def test_while_the_broker_is_away_every_call_ends_and_afterwards_life_goes_on(
    network: Proxy, service: AnyService
) -> None:
    with process(network, service) as engine:
        consume(engine, 0)
        network.swallows = True
        until = time.monotonic() + AWAY_S
        try:
            with at_most(CALL_S_MAX), pytest.raises(NotAcceptedError):
                consume(engine, 1)
            while time.monotonic() < until:
                with at_most(2 * CALL_S_MAX), pytest.raises(LogUnreachableError):  # call, close
                    total_of(network, service)
        finally:
            network.swallows = False
    with process(network, service) as successor:
        consume(successor, 1)
        assert successor.host.state == 4
    check(network, service)


def total_of(network: Proxy, service: AnyService) -> int:
    """Fold what counts in the lane."""
    log = KafkaLog(Cluster(f"127.0.0.1:{network.port}"), "test", deadline_s=DEADLINE_S)
    try:
        reader = Engine(service, log)
        reader.replay({})
        return int(reader.host.state)
    finally:
        log.close()


def check(network: Proxy, service: AnyService) -> None:
    """Run the invariant checker: every step once, every command consumed once."""
    log = KafkaLog(Cluster(f"127.0.0.1:{network.port}"), "test")
    try:
        checker.check_lanes(log, [service])
    finally:
        log.close()

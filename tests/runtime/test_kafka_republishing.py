"""What a lane accepted stands in the public topic: once or again, in order, never less."""

import asyncio
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kingmaker.contracts import envelope
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import PublicTopic
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Position, Record, frame
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.published import TopicMissingError, last_published
from kingmaker.runtime.kafka.republishing import Republisher

DESKS = (Desk("a", 0), Desk("b", 1))
INCARNATION = "test"
TRACE = ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
KILLS, EVENTS = 5, 12_000
SEED = 3
WAIT_S = 3.0

pytestmark = pytest.mark.kafka


@dataclass(frozen=True, slots=True)
class Place:
    """A lane of one test, and the public topic that it feeds."""

    cluster: Cluster
    lane: Lane
    topic: PublicTopic

    def republisher(self, incarnation: str = INCARNATION) -> Republisher:
        return Republisher(self.cluster, self.topic, self.lane, incarnation, DESKS)


@pytest.fixture
def place(kafka_servers: str) -> Place:
    name = str(uuid.uuid4())
    topic = PublicTopic(f"km.public-{name}.v1", "trader", "", ("PositionOpened",))
    made = Place(Cluster(kafka_servers), Lane(f"km.lane-{name}.v1"), topic)
    asyncio.run(make(made, made.lane.topic, topic.name))
    return made


async def make(place: Place, *names: str) -> None:
    admin = AIOKafkaAdminClient(**place.cluster.options())
    await admin.start()
    await admin.create_topics([NewTopic(name, len(DESKS), 1) for name in names])
    await admin.close()


async def forget(place: Place, name: str) -> None:
    admin = AIOKafkaAdminClient(**place.cluster.options())
    await admin.start()
    await admin.delete_topics([name])
    while name in await admin.list_topics():  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)  # the log folder goes a little after the name
    await admin.close()


def started(term: int, on: Position, writer: str = "w") -> tuple[Record, ...]:
    return frame(on, Pen(term, writer), [Draft(STARTED, b"{}")])


def opened(number: int) -> Draft:
    message = message_class("kingmaker.trader.v1", "PositionOpened")(position=f"o-{number}")
    return Draft("kingmaker.trader.v1.PositionOpened", message.SerializeToString())


def fired(slot: str, key: str) -> Draft:
    message = message_class("kingmaker.alerting.v1", "AlertFired")(slot=slot, key=key)
    return Draft("kingmaker.alerting.v1.AlertFired", message.SerializeToString())


def write(place: Place, records: Sequence[Record], *more: tuple[str, bytes]) -> None:
    async def sending() -> None:
        async with AIOKafkaProducer(**place.cluster.options()) as producer:
            for record in records:
                headers = [*envelope.headers(place.lane, record), *more]
                await producer.send(place.lane.topic, record.value, partition=0, headers=headers)

    asyncio.run(sending())


def publish(made: Republisher) -> int:
    """Publish all there is; return how many events that were."""

    async def run() -> int:
        await made.start()
        while await made.turn(WAIT_S):
            pass
        await made.stop()
        return made.published

    return asyncio.run(run())


def standing(place: Place, partition: int = 0) -> list[ConsumerRecord]:
    async def reading() -> list[ConsumerRecord]:
        async with AIOKafkaConsumer(**place.cluster.options()) as consumer:
            where = TopicPartition(place.topic.name, partition)
            consumer.assign([where])
            consumer.seek(where, 0)
            found: list[ConsumerRecord] = []
            end = (await consumer.end_offsets([where]))[where]
            while len(found) < end:
                found += (await consumer.getmany(where, timeout_ms=1000)).get(where, [])
            return found

    return asyncio.run(reading())


def ids(raws: Sequence[ConsumerRecord]) -> list[str]:
    return [dict(raw.headers)["ce_id"].decode() for raw in raws]


def test_accepted_public_events_are_published_with_their_id_and_nothing_else(place: Place) -> None:
    begun = started(1, place.lane.genesis(INCARNATION))
    pen = Pen(1, "w", time_ms=1_490_346_000_000)
    private = Draft("kingmaker.trader.v1.ModelReady", b"")
    step = frame(begun[-1].position, pen, [opened(1), private, opened(2)])
    torn = frame(step[-1].position, pen, [opened(3), opened(4)])[:1]
    after = started(2, step[-1].position, "v")
    zombie = frame(step[-1].position, pen, [opened(5)])
    last = frame(after[-1].position, Pen(2, "v"), [opened(6)])
    write(place, [*begun, *step, *torn, *after, *zombie, *last], TRACE)
    assert publish(place.republisher()) == 3
    raws = standing(place)
    assert ids(raws) == [f"{place.lane}/{seq}" for seq in (1, 3, 5)]
    assert [raw.key for raw in raws] == [b"a"] * 3
    assert raws[0].value == step[0].value
    headers = dict(raws[0].headers)
    assert headers.pop("km_after") == f"0/{begun[-1].hash}".encode()
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": f"{place.lane}/1".encode(),
        "ce_source": f"/{place.lane}".encode(),
        "ce_type": b"kingmaker.trader.v1.PositionOpened",
        "ce_time": b"2017-03-24T09:00:00.000Z",
        "ce_subject": b"a",
        "content-type": b"application/protobuf",
        "traceparent": TRACE[1],
    }


def test_a_restart_goes_on_behind_what_is_published_and_does_not_read_what_precedes(
    place: Place,
) -> None:
    begun = started(1, place.lane.genesis(INCARNATION))
    first = frame(begun[-1].position, Pen(1, "w"), [opened(1)])
    second = frame(first[-1].position, Pen(1, "w"), [opened(2), opened(3)])
    write(place, [*begun, *first, *second])
    assert publish(place.republisher()) == 3
    third = frame(second[-1].position, Pen(1, "w"), [opened(4)])
    write(place, third)
    again = place.republisher()
    assert publish(again) == 1
    assert again._chain.tip == third[-1].position
    assert again.last == 4
    assert ids(standing(place)) == [f"{place.lane}/{seq}" for seq in (1, 2, 3, 4)]
    assert publish(place.republisher()) == 0


def test_what_was_published_in_the_middle_of_a_step_is_not_published_again(place: Place) -> None:
    begun = started(1, place.lane.genesis(INCARNATION))
    step = frame(begun[-1].position, Pen(1, "w"), [opened(number) for number in range(3)])
    write(place, [*begun, *step])
    partly = place.republisher()

    async def two_of_three() -> None:
        await partly.start()
        raws = await partly._reader.take(5.0)
        news = [one for raw in raws for one in partly._accepted(raw)]
        await partly._publish(news[:2])
        await partly.stop()

    asyncio.run(two_of_three())
    assert publish(place.republisher()) == 1
    assert ids(standing(place)) == [f"{place.lane}/{seq}" for seq in (1, 2, 3)]


def test_a_lane_made_anew_is_published_whole(place: Place) -> None:
    begun = started(1, place.lane.genesis(INCARNATION))
    write(place, [*begun, *frame(begun[-1].position, Pen(1, "w"), [opened(1), opened(2)])])
    assert publish(place.republisher()) == 2
    asyncio.run(forget(place, place.lane.topic))
    asyncio.run(make(place, place.lane.topic))
    anew = started(1, place.lane.genesis("another"))
    write(place, [*anew, *frame(anew[-1].position, Pen(1, "w"), [opened(9)])])
    assert publish(place.republisher("another")) == 1
    assert ids(standing(place)) == [f"{place.lane}/{seq}" for seq in (1, 2, 1)]


def test_a_lane_that_ends_before_what_was_published_is_another_one(place: Place) -> None:
    begun = started(1, place.lane.genesis(INCARNATION))
    first = frame(begun[-1].position, Pen(1, "w"), [opened(1)])
    write(place, [*begun, *first, *frame(first[-1].position, Pen(1, "w"), [opened(2)])])
    assert publish(place.republisher()) == 2  # the last one's step extends offset 1
    asyncio.run(forget(place, place.lane.topic))
    asyncio.run(make(place, place.lane.topic))
    write(place, started(1, place.lane.genesis("another")))
    anew = place.republisher("another")
    assert publish(anew) == 0
    assert anew.last == -1
    assert anew._reader.place == 1


def test_a_topic_that_is_missing_is_named_with_its_remedy(place: Place) -> None:
    elsewhere = replace(place, topic=replace(place.topic, name=f"km.none-{uuid.uuid4()}.v1"))
    with pytest.raises(TopicMissingError, match=r"is missing\. Create it: kingmaker topics init"):
        publish(elsewhere.republisher())


def test_what_one_lane_says_of_all_desks_goes_to_each_desk_s_partition(place: Place) -> None:
    topic = PublicTopic(place.topic.name, "alerting", "", ("AlertFired",))
    all_desks = replace(place, topic=topic)
    begun = started(1, place.lane.genesis(INCARNATION))
    said = [fired("x@a", "1"), fired("x@b", "2"), fired("", "started:t-1@b"), fired("", "job:4")]
    write(place, [*begun, *frame(begun[-1].position, Pen(1, "w"), said)])
    assert publish(all_desks.republisher()) == 4
    raws = [standing(all_desks, partition) for partition in (0, 1)]
    assert [[raw.key for raw in found] for found in raws] == [[b"a", None], [b"b", b"b"]]
    mark = asyncio.run(last_published(place.cluster, topic, place.lane, len(DESKS)))
    assert mark is not None
    assert mark.seq == 4
    assert publish(all_desks.republisher()) == 0


PROGRAM = """
import asyncio, sys
from tests.runtime.test_kafka_republishing import Place, publish
from kingmaker.contracts.public import PublicTopic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.kafka.cluster import Cluster

servers, lane, name = sys.argv[1:]
topic = PublicTopic(name, "trader", "", ("PositionOpened",))
publish(Place(Cluster(servers), Lane(lane), topic).republisher())
"""


def test_kill_9_at_random_moments_loses_nothing_and_keeps_the_order(place: Place) -> None:
    begun = started(1, place.lane.genesis(INCARNATION))
    records = list(begun)
    for number in range(0, EVENTS, 4):
        step = [opened(number + each) for each in range(4)]
        records += frame(records[-1].position, Pen(1, "w"), step)
    write(place, records)
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    seen, codes = 0, []
    for _ in range(KILLS):
        child = spawn(place)
        await_that(partial(moved_on, place, seen))
        time.sleep(moments.uniform(0.0, 0.1))
        child.kill()
        codes.append(child.wait())
        seen = ends(place)
    assert -signal.SIGKILL in codes  # in the middle, once at least
    assert spawn(place).wait() == 0
    found = ids(standing(place))
    assert list(dict.fromkeys(found)) == [f"{place.lane}/{seq}" for seq in range(1, EVENTS + 1)]


def spawn(place: Place) -> "subprocess.Popen[bytes]":
    words = [place.cluster.servers, place.lane.topic, place.topic.name]
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *words], cwd=root)  # noqa: S603 - our own program


def moved_on(place: Place, end: int) -> bool:
    return ends(place) > end


def ends(place: Place) -> int:
    async def asking() -> int:
        async with AIOKafkaConsumer(**place.cluster.options()) as consumer:
            where = TopicPartition(place.topic.name, 0)
            return int((await consumer.end_offsets([where]))[where])

    return asyncio.run(asking())


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)

"""Commands and facts of others: each once, with the place it was read from, never too large."""

from collections.abc import Sequence

import pytest

from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.kafka.log import Foreign
from kingmaker.runtime.live.foreign import TOO_LARGE, VALUE_BYTES_MAX, ForeignInputs
from kingmaker.runtime.memory_log import MemoryLog
from tests.kernel.counting import counter

COMMANDS, FACTS = Lane("km.counter.commands.v1"), Lane("km.counter.facts.v1")


class Topics:
    """What stands in the topics of a service, in memory."""

    def __init__(self, **held: Sequence[Foreign]) -> None:
        self.held = {COMMANDS: held.get("commands", ()), FACTS: held.get("facts", ())}

    def read_foreign(self, lane: Lane, place: int) -> tuple[Sequence[Foreign], int]:
        found = [one for one in self.held[lane] if one.offset >= place]
        return found, found[-1].offset + 1 if found else place

    def end_of(self, lane: Lane) -> int:
        return len(self.held[lane])


@pytest.fixture
def engine() -> Engine:
    made = Engine(counter(), MemoryLog())
    made.start("test")
    return made


def said(offset: int, value: bytes = b'{"number": 2}') -> Foreign:
    return Foreign(offset, "Added.v1", value)


def test_commands_come_before_facts_each_with_its_place_in_this_cluster(engine: Engine) -> None:
    topics = Topics(commands=[said(0), said(1)], facts=[said(0)])
    taken = list(ForeignInputs(topics, "c1").take(engine, 9))
    assert [(item.lane, item.number, item.time_ms) for item in taken] == [
        (Lane("km.counter.commands.v1@c1"), 0, 9),
        (Lane("km.counter.commands.v1@c1"), 1, 9),
        (Lane("km.counter.facts.v1@c1"), 0, 9),
    ]


def test_what_was_consumed_is_not_taken_again_but_by_another_cluster(engine: Engine) -> None:
    topics = Topics(commands=[said(0), said(1)])
    for item in ForeignInputs(topics, "c1").take(engine, 9):
        engine.offer(item)
    assert list(ForeignInputs(topics, "c1").take(engine, 9)) == []
    assert len(list(ForeignInputs(topics, "c2").take(engine, 9))) == 2


def test_what_is_too_large_to_be_copied_is_consumed_and_decides_nothing(engine: Engine) -> None:
    topics = Topics(commands=[said(0, bytes(VALUE_BYTES_MAX + 1))])
    (item,) = ForeignInputs(topics, "c1").take(engine, 9)
    assert (item.kind, item.value[:6]) == (TOO_LARGE, b"65537 ")
    assert not engine.offer(item)


def test_a_topic_that_ends_before_what_was_consumed_is_refused(engine: Engine) -> None:
    topics = Topics(commands=[said(0), said(1)])
    foreign = ForeignInputs(topics, "c1")
    foreign.require(engine)
    for item in foreign.take(engine, 9):
        engine.offer(item)
    foreign.require(engine)
    topics.held[COMMANDS] = [said(0)]
    with pytest.raises(LaneDamagedError, match="ends at offset 1, but offset 1 was consumed"):
        foreign.require(engine)


def test_an_item_is_an_input_without_a_hash(engine: Engine) -> None:
    (item,) = ForeignInputs(Topics(facts=[said(0)]), "c1").take(engine, 9)
    assert isinstance(item, Input)
    assert item.hash == ""

"""Commands and facts that others put into Kafka, as inputs with the place they were read from.

A place holds in one cluster only, so its name is part of the lane: a history that moves to another
cluster begins there anew, and drops nothing as old.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Protocol

from kingmaker.contracts.topics import command_topic, fact_topic
from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.kafka.log import Foreign

VALUE_BYTES_MAX = 65_536  # it is copied into a step: no stranger may make one that cannot be sent
TOO_LARGE = "km.TooLarge"  # with size and digest: it is recorded, and no service may hear it


class Source(Protocol):
    """What of the log is needed here."""

    def read_foreign(self, lane: Lane, place: int) -> tuple[Sequence[Foreign], int]:
        """Return what stands from an offset on."""
        ...

    def end_of(self, lane: Lane) -> int:
        """Return the offset after the last record."""
        ...


class ForeignInputs:
    """The topics of one service that have many writers; commands first."""

    def __init__(self, source: Source, cluster_id: str) -> None:
        """Remember from where."""
        self._source, self._cluster_id = source, cluster_id

    def require(self, engine: Engine) -> None:
        """Refuse a topic that ends before what was consumed from it: it was made anew."""
        for lane, known_as in self._lanes(engine):
            last = engine.host.consumption.position(known_as).seq
            end = self._source.end_of(lane) if last >= 0 else 0
            if end <= last:
                raise LaneDamagedError(
                    f"{lane}: ends at offset {end}, but offset {last} was consumed: the topic was"
                    f" made anew. Put it back from a copy, or fill it up to there."
                )

    def take(self, engine: Engine, time_ms: int) -> Iterator[Input]:
        """Yield what came, as far as it was not consumed yet."""
        for lane, known_as in self._lanes(engine):
            place = engine.host.consumption.position(known_as).seq + 1
            for foreign in self._source.read_foreign(lane, place)[0]:
                yield _input(known_as, foreign, time_ms)

    def _lanes(self, engine: Engine) -> Iterator[tuple[Lane, Lane]]:
        """Yield each lane as Kafka has it, and as steps record it."""
        for topic in (command_topic(engine.service.name), fact_topic(engine.service.name)):
            index = engine.service.index
            yield Lane(topic, index), Lane(f"{topic}@{self._cluster_id}", index)


def _input(lane: Lane, foreign: Foreign, time_ms: int) -> Input:
    if len(foreign.value) > VALUE_BYTES_MAX:
        about = f"{len(foreign.value)} {sha256(foreign.value).hexdigest()}".encode()
        return Input(lane, foreign.offset, TOO_LARGE, about, time_ms=time_ms)
    return Input(lane, foreign.offset, foreign.kind, foreign.value, time_ms=time_ms)

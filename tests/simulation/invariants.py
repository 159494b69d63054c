"""What must hold after every accepted step, whatever crashed: properties of lanes.

L1 readers agree, L2 what was acknowledged counts once and for ever, L3 no step is torn, L4 every
upstream event is consumed exactly once and is still what it was. Crowns: `crown_invariants.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kingmaker.kernel.consumption import Consumption, decode, encode
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Consumed, Run
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log, Tail, Verdict
from kingmaker.runtime.memory_log import MemoryLog

type Step = tuple[Record, ...]


class Watcher(Protocol):
    """Is shown every accepted step, in the order in which they were accepted."""

    def see(self, lane: Lane, step: Step, consumed: Sequence[Consumed]) -> None:
        """Raise AssertionError where a promise is broken."""
        ...


@dataclass
class LaneWatch:
    """L2, L3 and L4 of all lanes, one step after the other."""

    services: Sequence[AnyService]
    hashes: dict[Lane, list[str]] = field(default_factory=dict)
    consumptions: dict[Lane, Consumption] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for service in self.services:
            self.hashes[service.lane] = []
            self.consumptions[service.lane] = Consumption()

    def see(self, lane: Lane, step: Step, consumed: Sequence[Consumed]) -> None:
        first, last = step[0], step[-1]
        assert len(step) == first.of, f"L3 {lane}: step at {first.seq} is torn"
        assert [r.n for r in step] == list(range(first.of)), f"L3 {lane}: step at {first.seq}"
        assert first.seq == len(self.hashes[lane]), f"L2 {lane}: {first.seq} came twice or late"
        self.hashes[lane] += [record.hash for record in step]
        assert last.seq + 1 == len(self.hashes[lane]), f"L2 {lane}: numbers have a hole"
        self.consumptions[lane].fold(encode(consumed))  # L4: stops at a hole or a repetition
        for run in consumed:
            if isinstance(run, Run):
                there = self.hashes[run.lane]
                assert run.last < len(there), f"L4 {lane} consumed {run.lane} {run.last} too early"
                assert there[run.last] == run.hash, f"L4 {run.lane} {run.last} has changed"

    def copy(self) -> "LaneWatch":
        """Return one that goes on from here by itself."""
        other = LaneWatch(self.services)
        other.hashes = {lane: list(hashes) for lane, hashes in self.hashes.items()}
        for lane, consumption in self.consumptions.items():
            other.consumptions[lane] = Consumption(dict(consumption.positions))
        return other

    def end(self) -> None:
        """At the end everything that was said has been heard by everybody who listens."""
        for service in self.services:
            for source in service.reads:
                heard = self.consumptions[service.lane].position(source).seq
                unheard = len(self.hashes[source]) - 1 - heard
                assert unheard <= 1 + SILENT_TAIL, f"L4 {service.lane} has not heard {source}"


SILENT_TAIL = 64  # what hosts said of themselves after the last word that anybody waits for


class WatchedLog(MemoryLog):
    """A memory log that shows every accepted step to watchers, as a reader finds it."""

    def __init__(self, seed: int, crash_rate: float, watchers: Sequence[Watcher] = ()) -> None:
        """Begin empty."""
        super().__init__(seed, crash_rate, "simulation")
        self.watchers = list(watchers)
        self.acknowledged: set[str] = set()
        self._readers: dict[Lane, Tail] = {}
        self._known: dict[Lane, int] = {}  # records at the beginning that all count

    @classmethod
    def forked(cls, base: "WatchedLog", seed: int, crash_rate: float) -> "WatchedLog":
        """Return a copy of a log on which nothing ever crashed; its watchers are to be set."""
        log = cls(seed, crash_rate)
        for lane, records in base._stored.items():
            log._stored[lane] = list(records)
            log._known[lane] = len(records)
            log._own[lane], log._readers[lane] = Tail(log, lane), Tail(log, lane)
            for tail in (log._own[lane], log._readers[lane]):
                tail.chain.resume(records[-1])
                tail.place = len(records)
        return log

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Append, then look."""
        try:
            verdict = super().append(lane, records)
        finally:
            self._look(lane)
        if verdict is Verdict.ACCEPTED:
            self.acknowledged.add(records[-1].hash)
        return verdict

    def place_of(self, lane: Lane, seq: int) -> int | None:
        """Return the number, where nothing was ever ignored."""
        return seq if seq < self._known.get(lane, 0) else None

    def _look(self, lane: Lane) -> None:
        reader = self._readers.setdefault(lane, Tail(self, lane))
        self.show(lane, reader.poll())

    def show(self, lane: Lane, records: Sequence[Record]) -> None:
        """Show whole steps to the watchers."""
        while records:
            step, records = tuple(records[: records[0].of]), records[records[0].of :]
            consumed = decode(step[0].consumed)
            for watcher in self.watchers:
                watcher.see(lane, step, consumed)


def check_readers(log: WatchedLog, watch: LaneWatch) -> None:
    """L1 and L2: who reads it all now finds what those found who read it as it came."""
    found: set[str] = set()
    for lane, hashes in watch.hashes.items():
        read = [record.hash for record in accepted(log, lane)]
        assert read == hashes, f"L1 {lane}: two readers disagree"
        assert len(read) == len(set(read)), f"L2 {lane}: a record counts twice"
        found |= set(read)
    assert log.acknowledged <= found, "L2: what was acknowledged no longer counts"


def history(log: Log, services: Sequence[AnyService], silent: frozenset[str]) -> list[object]:
    """Return what every service decided, in order per lane."""
    return [
        [(r.kind, r.value) for r in accepted(log, service.lane) if r.kind not in silent]
        for service in services
    ]

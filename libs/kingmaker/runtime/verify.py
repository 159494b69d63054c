"""Checks a whole log: every chain, every witness of every consumer, every anchor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log


class Witness(NamedTuple):  # and not a dataclass: a log holds as many of them as records
    """What a consumer says that it saw."""

    lane: Lane
    seq: int
    hash: str
    consumer: Lane
    consumer_seq: int


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was checked; nothing was found wrong."""

    records: int
    witnesses: int
    lanes: int
    elsewhere: int = 0  # of the witnesses: about lanes that are not here


def verify(
    log: Log,
    lanes: Sequence[Lane],
    anchors: Anchors | None = None,
    progress: Callable[[int], None] = lambda _records: None,
    *,
    partial: bool = False,
) -> Verified:
    """Read everything and compare; raise LaneDamagedError with topic, lane and seq.

    Of a `partial` log lanes may be absent: witnesses about those are counted, and prove nothing.
    """
    hashes: dict[Lane, list[str]] = {}
    witnesses: list[Witness] = []
    records = 0
    for lane in lanes:
        hashes[lane] = []
        for record in accepted(log, lane):
            hashes[lane].append(record.hash)
            witnesses += [
                Witness(run.lane, run.last, run.hash, lane, record.seq)
                for run in consumption.runs(record.consumed)
            ]
            records += 1
            progress(records)
    elsewhere = 0
    for witness in witnesses:
        if partial and witness.lane not in hashes:
            elsewhere += 1
            continue
        _compare(witness, hashes.get(witness.lane, []))
    if anchors is not None:
        anchors.check(log)
    return Verified(records, len(witnesses), len(lanes), elsewhere)


def _compare(witness: Witness, hashes: list[str]) -> None:
    if witness.seq >= len(hashes):
        raise LaneDamagedError(
            f"{witness.lane}: ends at record {len(hashes) - 1}, but {witness.consumer} record"
            f" {witness.consumer_seq} consumed record {witness.seq}: the tail was lost. Restore it"
            f" from a copy."
        )
    if hashes[witness.seq] != witness.hash:
        raise LaneDamagedError(
            f"{witness.lane}: record {witness.seq} is not the one that {witness.consumer} record"
            f" {witness.consumer_seq} consumed: the lane was forged. Restore it from a copy."
        )

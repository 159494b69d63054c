"""Checks a whole log: every chain, every witness of every consumer, every anchor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.history import links
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
    late: list[Witness] = []  # of records that were not read yet
    records = witnesses = 0
    for lane in lanes:
        own = hashes[lane] = []
        for page in links(log, lane):
            for fingerprint, consumed in page:
                for topic, index, _, last, seen in consumption.pointed(consumed):
                    witnesses += 1
                    known = hashes.get((topic, index))  # type: ignore[call-overload] # a Lane is such a tuple
                    if known is None or last >= len(known) or known[last] != seen:
                        late.append(Witness(Lane(topic, index), last, seen, lane, len(own)))
                own.append(fingerprint)
            progress(records + len(own))
        records += len(own)
    elsewhere = 0
    for witness in late:
        if partial and witness.lane not in hashes:
            elsewhere += 1
            continue
        _compare(witness, hashes.get(witness.lane, []))
    if anchors is not None:
        anchors.check(log)
    return Verified(records, witnesses, len(lanes), elsewhere)


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

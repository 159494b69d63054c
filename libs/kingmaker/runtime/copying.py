"""Moves a whole history from one store to another, record by record: every hash is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.log import Log, Tail, Verdict

RECORDS_TOGETHER = 512  # in one append, whole steps

type Progress = Callable[[Lane, int], None]


class CopyRefusedError(Exception):
    """The target holds something else, or takes nothing; what it held before is as it was."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of one lane."""

    lane: Lane
    records: int  # that the source accepts
    new: int  # of these, how many the target did not hold yet
    hash: str  # of the last one


def copy(
    source: Log, target: Log, lanes: Sequence[Lane], progress: Progress = lambda _lane, _n: None
) -> list[Copied]:
    """Copy what the rule accepts. What the target holds must be the beginning of it.

    Nobody may write meanwhile. A copy that was interrupted is begun again, and goes on.
    """
    if source.incarnation != target.incarnation:
        raise CopyRefusedError(
            f"the source is the log {source.incarnation}, the target is {target.incarnation}: a"
            f" copy keeps the name. Name an empty target, or set its incarnation to the source's."
        )
    return [_copy_lane(source, target, lane, progress) for lane in lanes]


def _copy_lane(source: Log, target: Log, lane: Lane, progress: Progress) -> Copied:
    held = _held(target, lane)
    tail, count, waiting, last = Tail(source, lane), 0, list[Record](), ""
    while page := tail.poll():
        for record in page:
            if record.seq >= len(held):
                waiting.append(record)
            elif held[record.seq] != record.hash:
                raise CopyRefusedError(
                    f"{lane}: record {record.seq} of the target is not the source's: it is another"
                    f" history. Name an empty target."
                )
            if len(waiting) >= RECORDS_TOGETHER and record.n == record.of - 1:
                _append(target, lane, waiting)
                waiting = []
        count, last = count + len(page), page[-1].hash
        progress(lane, count)
    if count < len(held):
        raise CopyRefusedError(
            f"{lane}: the target goes on after the source's end, at record {count}: it is newer."
            f" Copy the other way, or name an empty target."
        )
    if waiting:
        _append(target, lane, waiting)
    return Copied(lane, count, count - len(held), last)


def _held(target: Log, lane: Lane) -> list[str]:
    """Return the hash of every record that the target has accepted, by its number."""
    tail, hashes = Tail(target, lane), list[str]()
    while page := tail.poll():
        hashes += [record.hash for record in page]
    return hashes


def _append(target: Log, lane: Lane, records: Sequence[Record]) -> None:
    verdict = target.append(lane, records)
    if verdict is Verdict.ACCEPTED:
        verdict = target.commit()
    if verdict is not Verdict.ACCEPTED:
        raise CopyRefusedError(
            f"{lane}: the target does not take the records from {records[0].seq} on"
            f" ({verdict.name.lower()}). See that nobody writes there, then copy again: it goes on"
            f" where it stopped."
        )

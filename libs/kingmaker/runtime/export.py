"""Chooses what another machine needs to recompute a promotion: lanes from their first record on."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.topics import TOPICS
from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.audited import Audited
from kingmaker.runtime.history import accepted, message_of
from kingmaker.runtime.log import Log

JUDGED_BY = ("promotion", "shadow", "trader", "feed", "registry", "risk", "learners")
NAMES_MODELS = {
    "kingmaker.promotion.v1.TrialOpened": ("challenger_digest", "champion_digest"),
    "kingmaker.promotion.v1.ChampionCrowned": ("digest", "expected_digest"),
    "kingmaker.promotion.v1.ChampionRolledBack": ("to_digest", "from_digest"),
}


def needed(log: Log, audited: Audited) -> dict[Lane, Sequence[Record]]:
    """Return, a lane each, all records up to the last that the promotion follows from.

    Every lane begins with its first record, so that its chain can be checked, and ends with a whole
    step. The learners' lane, which all desks share, is among them: the trader follows its weights.
    """
    wanted = _lanes(audited.lane.index)
    found: dict[Lane, list[Record]] = {}
    ends = {audited.lane: audited.record.seq}
    while missing := {lane: end for lane, end in ends.items() if _ends_before(found, lane, end)}:
        for lane, end in missing.items():
            found[lane] = _up_to(log, lane, end)
            for source, last in _consumed(found[lane]).items():
                if source in wanted:
                    ends[source] = max(ends.get(source, -1), last)
    return dict(found)


def models_of(lanes: Mapping[Lane, Sequence[Record]], promotion: Lane) -> list[str]:
    """Return the digests of all models that reigned or were tried on the desk until then."""
    digests: dict[str, None] = {}
    for record in lanes[promotion]:
        for name in NAMES_MODELS.get(record.kind, ()):
            digests[str(getattr(message_of(record), name))] = None
    return [digest for digest in digests if digest]


def _lanes(desk: int) -> frozenset[Lane]:
    return frozenset(
        Lane(topic.name, desk if topic.per_desk else 0)
        for topic in TOPICS
        if topic.service in JUDGED_BY
    )


def _ends_before(found: Mapping[Lane, Sequence[Record]], lane: Lane, end: int) -> bool:
    records = found.get(lane)
    return records is None or records[-1].seq < end


def _up_to(log: Log, lane: Lane, end: int) -> list[Record]:
    """Return a lane up to the end of the step that holds record `end`."""
    records: list[Record] = []
    for record in accepted(log, lane):
        records.append(record)
        if record.seq >= end and record.n == record.of - 1:
            break
    return records


def _consumed(records: Sequence[Record]) -> dict[Lane, int]:
    last: dict[Lane, int] = {}
    for record in records:
        for run in consumption.runs(record.consumed):
            last[run.lane] = run.last
    return last

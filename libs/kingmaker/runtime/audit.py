"""Recomputes a coronation from the log: chain, state, evidence and gates, models."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel import consumption
from kingmaker.kernel.host import Host
from kingmaker.kernel.lane import Lane, LaneDamagedError, Record
from kingmaker.kernel.service import Run
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.engine import AnyService, Ask
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.verify import verify

CROWNED = "kingmaker.promotion.v1.ChampionCrowned"
LEVELS = ("chain", "state", "evidence and gates", "models")

type Progress = Callable[[str, int], None]


class UnknownPromotionError(Exception):
    """No coronation of that name is in the log."""


@dataclass(slots=True)
class Report:
    """What was compared, and how far it was the same."""

    promotion: str
    level: str = ""  # the highest level at which every bit was the same
    identical: bool = True
    first_difference: str = ""
    events: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Auditor:
    """Everything an audit reads; it writes nothing."""

    log: Log
    lanes: Sequence[Lane]
    desks: Sequence[Desk]
    build: Callable[[Sequence[Desk]], Sequence[AnyService]]
    answer: Ask
    check_models: Callable[[Sequence[str]], str]  # by digest; returns the first fault or ""
    anchors: Anchors | None = None
    progress: Progress = lambda _level, _seq: None

    def audit(self, promotion: str) -> Report:
        """Return how far `promotion` (p-0001@desk) is recomputed with the same bits."""
        began = time.monotonic()
        report = Report(promotion)
        for level, check in zip(
            LEVELS, (self._chain, self._state, self._evidence, self._models), strict=True
        ):
            difference = _safely(check, report, promotion)
            if difference:
                report.identical = False
                report.first_difference = f"{level}: {difference}"
                break
            report.level = level
        report.seconds = time.monotonic() - began
        return report

    def _chain(self, report: Report, _promotion: str) -> str:
        verified = verify(self.log, self.lanes, self.anchors, self._counting("chain"))
        report.events = verified.records
        report.notes.append(
            f"{verified.records} records in {verified.lanes} lanes, {verified.witnesses} witnesses"
        )
        return ""

    def _state(self, report: Report, promotion: str) -> str:
        """Fold promotion's own events: one champion before, expected, reign plus one."""
        record, crowned = self._find(promotion)
        service = self._service("promotion", promotion)
        reign, model = 0, ""
        folded: Host[object, object, object, object] = Host(service, "audit", self.log.incarnation)
        for own in accepted(self.log, service.lane):
            folded.replay(own)
            if own.seq >= record.seq:
                break
            change = _change_of_slot(own, crowned.slot)
            if change:
                reign, model = change
        if (crowned.reign, crowned.expected) != (reign + 1, model):
            return (
                f"{service.lane} record {record.seq}: says reign {crowned.reign} after"
                f" '{crowned.expected}', the lane says reign {reign} of '{model}' was before it"
            )
        report.notes.append(f"state of {service.lane} at {record.seq}: {folded.state_hash[:16]}")
        return ""

    def _evidence(self, report: Report, promotion: str) -> str:
        """Decide shadow and promotion anew, up to the coronation."""
        record, _ = self._find(promotion)
        service = self._service("promotion", promotion)
        shadow = self._service("shadow", promotion)
        for judged, until in (
            (shadow, self._consumed(service.lane, shadow.lane, record.seq)),
            (service, record.seq),
        ):
            difference = self._redecide(judged, until, "evidence and gates", report)
            if difference:
                return difference
        return ""

    def _models(self, report: Report, promotion: str) -> str:
        """Check the artifacts, and decide the trader anew with them, up to the coronation."""
        record, crowned = self._find(promotion)
        service = self._service("promotion", promotion)
        trader = self._service("trader", promotion)
        fault = self.check_models([crowned.digest])
        if fault:
            return fault
        until = self._consumed(service.lane, trader.lane, record.seq)
        return self._redecide(trader, until, "models", report)

    def _redecide(self, service: AnyService, until: int, level: str, report: Report) -> str:
        redecision = Redecision(service, self.log, self.answer)
        difference = redecision.run(until, self._counting(level))
        report.notes.append(f"{service.lane}: {redecision.events} events decided anew")
        return str(difference) if difference else ""

    def _find(self, promotion: str) -> tuple[Record, "_Crowned"]:
        service = self._service("promotion", promotion)
        for record in accepted(self.log, service.lane):
            if record.kind == CROWNED:
                crowned = _crowned(record)
                if crowned.promotion == promotion:
                    return record, crowned
        raise UnknownPromotionError(
            f"{promotion} is not in {service.lane}. `kingmaker champion history` lists promotions."
        )

    def _service(self, name: str, promotion: str) -> AnyService:
        desk = promotion.partition("@")[2]
        index = next((d.index for d in self.desks if d.name == desk), None)
        if index is None:
            names = ", ".join(d.name for d in self.desks)
            raise UnknownPromotionError(
                f"{promotion}: no desk is called '{desk}'. A promotion reads p-0001@DESK; desks"
                f" here: {names}."
            )
        return next(s for s in self.build(self.desks) if (s.name, s.index) == (name, index))

    def _consumed(self, consumer: Lane, source: Lane, until: int) -> int:
        """Return the last event of `source` that `consumer` had consumed at `until`."""
        last = -1
        for record in accepted(self.log, consumer):
            if record.seq > until:
                break
            for item in consumption.decode(record.consumed):
                if isinstance(item, Run) and item.lane == source:
                    last = item.last
        return last

    def _counting(self, level: str) -> Callable[[int], None]:
        return lambda count: self.progress(level, count)


@dataclass(frozen=True, slots=True)
class _Crowned:
    promotion: str
    slot: str
    digest: str
    expected: str
    reign: int
    model: str


def _crowned(record: Record) -> _Crowned:
    message = message_class("kingmaker.promotion.v1", "ChampionCrowned").FromString(record.value)
    return _Crowned(*[getattr(message, name) for name in _Crowned.__slots__])


def _change_of_slot(record: Record, slot: str) -> tuple[int, str] | None:
    """Return reign and model if this record gives the slot a champion."""
    if record.kind == CROWNED:
        crowned = _crowned(record)
        return (crowned.reign, crowned.model) if crowned.slot == slot else None
    if record.kind == "kingmaker.promotion.v1.ChampionRolledBack":
        cls = message_class("kingmaker.promotion.v1", "ChampionRolledBack")
        back = cls.FromString(record.value)
        return (back.reign, back.to_model) if back.slot == slot else None  # type: ignore[attr-defined] # generated at run time
    return None


def _safely(check: Callable[[Report, str], str], report: Report, promotion: str) -> str:
    """Run one level; damage that it meets is a difference, with its place."""
    try:
        return check(report, promotion)
    except LaneDamagedError as damage:
        return str(damage)

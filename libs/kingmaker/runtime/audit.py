"""Recomputes a promotion from the log: chain, state, evidence and gates, models."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from kingmaker.contracts.desks import Desk
from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.audited import PERSON, Audited, UnknownPromotionError, find
from kingmaker.runtime.engine import AnyService, Ask
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.parts.deciding import refused
from kingmaker.runtime.parts.running import PartLostError, Parts
from kingmaker.runtime.parts.words import Found, Stretch
from kingmaker.runtime.redecide import RECOMPUTED, Redecision, Rehearsal
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.verify import verify

GARBAGE_OBJECTS = 100_000  # new ones until it is looked for
LEARNERS = Lane("km.learners.v1")
WEIGHTS = "kingmaker.learners.v1.WeightsLearned"
SERVICES = ("shadow", "promotion", "trader", "learners")  # that may be decided anew
LEVELS = ("chain", "state", "evidence and gates", "models")

type Progress = Callable[[str, int], None]


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
    level_seconds: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Auditor:
    """Everything an audit reads; it writes nothing. The chain is verified once for all audits."""

    log: Log
    lanes: Sequence[Lane]
    desks: Sequence[Desk]
    build: Callable[[Sequence[Desk]], Sequence[AnyService]]
    answer: Ask
    check_models: Callable[[Sequence[str]], str]  # by digest; returns the first fault or ""
    anchors: Anchors | None = None
    progress: Progress = lambda _level, _seq: None
    levels: Sequence[str] = LEVELS  # those that can be reached with what is there
    partial: bool = False  # the log is an export: lanes of others are not in it
    clock: Callable[[], float] = time.monotonic  # seconds; a bench asks the processor
    whole: bool = False  # decide anew from the first record on, not from where the matter begins
    parts: Parts | None = None  # of other processes, for the level that takes longest
    _services: Sequence[AnyService] = field(default=(), init=False)
    _ahead: Stretch | None = field(default=None, init=False)  # what the parts have begun
    _found: Audited | None = field(default=None, init=False)
    _folded: Rehearsal | None = field(default=None, init=False)  # promotion, where it begins
    _verified: str = field(default="", init=False)
    _events: int = field(default=0, init=False)

    def audit(self, promotion: str) -> Report:
        """Return how far a promotion or a trial (t-0001@desk) is recomputed with the same bits."""
        with _seldom_collecting():
            return self._audit(promotion)

    def _audit(self, promotion: str) -> Report:
        began = self.clock()
        report = Report(promotion)
        self._begin_ahead(promotion)
        checks = (self._chain, self._state, self._evidence, self._models)
        for level, check in zip(LEVELS, checks, strict=True):
            if level not in self.levels:
                report.notes.append(f"{level}: not compared, they are not here")
                break
            started = self.clock()
            difference = _safely(check, report)
            report.level_seconds[level] = round(self.clock() - started, 3)
            if difference:
                report.identical = False
                report.first_difference = f"{level}: {difference}"
                break
            report.level = level
        if self.parts is not None:
            self.parts.drop()
        report.seconds = self.clock() - began
        return report

    def find(self, promotion: str) -> Audited:
        """Return what is to be audited; UnknownPromotionError names what there is."""
        if self._found is None or self._found.name != promotion:
            self._found = find(self.log, self._service("promotion", promotion).lane, promotion)
        return self._found

    def _chain(self, report: Report) -> str:
        if not self._verified:
            counting = self._counting("chain")
            verified = verify(self.log, self.lanes, self.anchors, counting, partial=self.partial)
            self._events = verified.records
            self._verified = (
                f"{verified.records} records in {verified.lanes} lanes, {verified.witnesses}"
                f" witnesses"
                + (f" ({verified.elsewhere} of lanes not here)" if verified.elsewhere else "")
            )
        report.events = self._events
        report.notes.append(self._verified)
        return ""

    def _state(self, report: Report) -> str:
        """Fold promotion's own events: one champion before, expected, reign plus one."""
        audited = self.find(report.promotion)
        service = self._service("promotion", audited.name)
        folded = Rehearsal(service, RECOMPUTED, self.log.incarnation)
        self._folded = None
        for own in accepted(self.log, service.lane):
            if self._folded is None and own.n == 0 and own.time_ms >= self._begin_ms(audited):
                self._folded = folded.fork()  # for the level behind, which begins here
            folded.replay(own)
            if own.seq >= audited.record.seq:
                break
        difference = _broken_succession(audited)
        if difference:
            return f"{service.lane} record {audited.record.seq}: {difference}"
        report.notes.append(
            f"state of {service.lane} at {audited.record.seq}: {folded.state_hash[:16]}"
        )
        report.notes.append(f"decided by release {audited.release}, recomputed by {RELEASE}")
        report.notes += _policies(audited)
        return ""

    def _evidence(self, report: Report) -> str:
        """Decide shadow and promotion anew, up to the record that is audited."""
        audited = self.find(report.promotion)
        if audited.is_rollback and audited.message.trigger == PERSON:
            report.notes.append(
                f"a person took the crown back (command {audited.message.command_id}): the command"
                f" is decided anew, no evidence was asked for"
            )
        shadow = self._service("shadow", audited.name)
        promotion = self._service("promotion", audited.name)
        for judged, until, folded in (
            (shadow, audited.last_consumed(shadow.lane), None),
            (promotion, audited.record.seq, self._folded),
        ):
            stretch = Stretch(judged.name, judged.index, self._begin_ms(audited), until)
            found = self._decided_here(stretch, LEVELS[2], folded)
            report.notes.append(_extent(judged.lane, found, until))
            if found.difference:
                return found.difference
        return ""

    def _models(self, report: Report) -> str:
        """Check the artifacts, and decide the trader anew with them."""
        audited = self.find(report.promotion)
        fault = self.check_models(audited.digests)
        if fault:
            return fault
        stretch = self._ahead or self._stretch(audited)
        difference = self._weights(report, stretch)
        if difference:
            return difference
        found = self._joined(report) or self._decided_here(stretch, LEVELS[3])
        trader = self._service(stretch.service, audited.name)
        report.notes.append(_extent(trader.lane, found, stretch.until))
        return found.difference

    def _weights(self, report: Report, stretch: Stretch) -> str:
        """Decide the learners anew where their head weights are among what the trader went by."""
        trader = self._built(stretch.service, stretch.index)
        until = _consumed(self.log, trader.lane, stretch.until, LEARNERS)
        if not _says(self.log, LEARNERS, WEIGHTS, until):
            return ""
        if self.partial:
            report.notes.append(
                f"{LEARNERS}: head weights believed as recorded up to record {until}; the learners"
                f" decide by the lanes of all desks, and an export holds those of one (an audit at"
                f" the home decides them anew)"
            )
            return ""
        own = Stretch("learners", LEARNERS.index, stretch.begin_ms, until)
        found = self._decided_here(own, LEVELS[3])
        report.notes.append(_extent(LEARNERS, found, until))
        return found.difference

    def _begin_ahead(self, promotion: str) -> None:
        """Let other processes decide the trader anew, while the levels before are compared here."""
        self._ahead = None
        if self.parts is None or LEVELS[3] not in self.levels:
            return
        try:
            stretch = self._stretch(self.find(promotion))
        except (LaneDamagedError, UnknownPromotionError):
            return  # the levels say it in their order
        if stretch.until >= 0:
            self.parts.begin(stretch)
            self._ahead = stretch

    def _joined(self, report: Report) -> Found | None:
        """Return what the parts found; None where they cannot tell, and it is decided here."""
        if self.parts is None or self._ahead is None:
            return None
        try:
            return self.parts.result(self._counting(LEVELS[3]))
        except PartLostError as lost:
            report.notes.append(f"{lost}. All of it was decided once more in one process")
            return None

    def _stretch(self, audited: Audited) -> Stretch:
        """Return what of the trader is decided anew."""
        trader = self._service("trader", audited.name)
        return Stretch(
            trader.name, trader.index, self._begin_ms(audited), self._pairs_until(audited)
        )

    def _begin_ms(self, audited: Audited) -> int:
        return 0 if self.whole else audited.begins.time_ms

    def _pairs_until(self, audited: Audited) -> int:
        """Return the last record of the trader that promotion knew, itself or through shadow."""
        trader = self._service("trader", audited.name).lane
        shadow = self._service("shadow", audited.name).lane
        through_shadow = _consumed(self.log, shadow, audited.last_consumed(shadow), trader)
        return max(audited.last_consumed(trader), through_shadow)

    def _decided_here(self, stretch: Stretch, level: str, folded: Rehearsal | None = None) -> Found:
        """Decide a lane anew in this process, and say the first difference in words."""
        service = self._built(stretch.service, stretch.index)
        redecision = Redecision(service, self.log, self.answer, stretch.begin_ms, folded=folded)
        try:
            difference = redecision.run(stretch.until, self._counting(level))
        except ModelRefusedError as missing:
            said = refused(redecision, missing)
        else:
            said = str(difference) if difference else ""
        return Found(redecision.began, redecision.events, said)

    def _service(self, name: str, promotion: str) -> AnyService:
        desk = promotion.partition("@")[2]
        index = next((d.index for d in self.desks if d.name == desk), None)
        if index is None:
            names = ", ".join(d.name for d in self.desks)
            raise UnknownPromotionError(
                f"{promotion}: no desk is called '{desk}'. A promotion reads p-0001@DESK; desks"
                f" here: {names}."
            )
        return self._built(name, index)

    def _built(self, name: str, index: int) -> AnyService:
        self._services = self._services or self.build(self.desks)
        return next(s for s in self._services if (s.name, s.index) == (name, index))

    def _counting(self, level: str) -> Callable[[int], None]:
        return lambda count: self.progress(level, count)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage seldom: a log holds none, and looking took a sixth of the chain's time."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _safely(check: Callable[[Report], str], report: Report) -> str:
    """Run one level; damage that it meets is a difference, with its place."""
    try:
        return check(report)
    except LaneDamagedError as damage:
        return str(damage)


def _broken_succession(audited: Audited) -> str:
    """Return in words how a crown does not follow the reign before it."""
    if not (audited.is_crown or audited.is_rollback):
        return ""
    said, before = audited.message, audited.before
    expected = said.expected if audited.is_crown else said.from_model
    reign, model = (before.number, before.model) if before else (0, "")
    if (said.reign, expected) == (reign + 1, model):
        return ""
    return (
        f"says reign {said.reign} after '{expected}', the lane says reign {reign} of '{model}' was"
        f" before it"
    )


def _policies(audited: Audited) -> list[str]:
    """Say which policy was in force, and every change of it in between."""
    lines = [f"policy {audited.policies[0].hash[:16]}"] if audited.policies else []
    lines += [
        f"policy changed in between, at record {later.seq}: {later.hash[:16]}"
        for later in audited.policies[1:]
    ]
    return lines


def _extent(lane: Lane, found: Found, until: int) -> str:
    """Say what was decided anew, and what was believed as recorded."""
    if found.began < 0:
        return f"{lane}: nothing to decide anew up to record {until}"
    told = f"{lane}: {found.events} events decided anew, from record {found.began} on"
    if found.began == 0:
        return told
    return f"{told}; the {found.began} before it folded as recorded (--whole decides them too)"


def _consumed(log: Log, consumer: Lane, until: int, source: Lane) -> int:
    """Return the last event of `source` that `consumer` had consumed at `until`."""
    last = -1
    for record in accepted(log, consumer):
        if record.seq > until:
            break
        for run in consumption.runs(record.consumed):
            if run.lane == source:
                last = run.last
    return last


def _says(log: Log, lane: Lane, kind: str, until: int) -> bool:
    """Tell whether a lane says something of a kind up to a record."""
    return any(record.kind == kind for record in accepted(log, lane) if record.seq <= until)

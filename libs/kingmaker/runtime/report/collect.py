"""Collects from the log all that a page about one promotion shows."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.host import INPUT_REFUSED
from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.audited import VERDICTS, Audited
from kingmaker.runtime.history import accepted, message_of
from kingmaker.runtime.log import Log

COMMANDS = frozenset(
    (
        *("CommandTaken", "CommandRefused", "CommandPending"),
        *("Approved", "Vetoed", "Frozen", "Thawed", "KeyTrusted", "KeyRevoked", "SkipAllowed"),
    )
)
OF_RISK = ("CommandTaken", "CommandRefused", "ModeChanged")  # what it repeats of keys is above
COMMANDS_MAX = 500  # the newest; a page is no log


@dataclass(frozen=True, slots=True)
class Said:
    """A record and what it says."""

    lane: Lane
    record: Record
    message: Any

    @property
    def event(self) -> str:
        """The id of the event."""
        return f"{self.lane}/{self.record.seq}"

    @property
    def kind(self) -> str:
        """The last part of its kind."""
        return self.record.kind.rpartition(".")[2]


@dataclass(slots=True)
class Collected:
    """What a page shows."""

    audited: Audited
    evidence: list[Said] = field(default_factory=list)  # EvidenceMeasured, one a pair
    segments: list[Said] = field(default_factory=list)
    canary: list[Said] = field(default_factory=list)  # CanaryMeasured of the reign that ended
    pairs: list[Said] = field(default_factory=list)  # PairResolved that were counted
    verdict: Said | None = None  # the last one, with a finding of every gate
    models: list[Said] = field(default_factory=list)  # ModelRegistered and what trained them
    commands: list[Said] = field(default_factory=list)
    commands_left_out: int = 0
    followed: Said | None = None  # ChampionActivated

    @property
    def trial(self) -> str:
        """The trial that it stands on, if any."""
        return str(getattr(self.audited.opened, "trial", ""))


def collect(log: Log, audited: Audited) -> Collected:
    """Read the lanes of the desk, the registry's and the learners'."""
    found = Collected(audited)
    _read_promotion(log, found)
    _read_risk(log, found)
    _read_shadow(log, found)
    _read_trader(log, found)
    _read_models(log, found)
    return found


def _read_promotion(log: Log, found: Collected) -> None:
    audited = found.audited
    for record in accepted(log, audited.lane):
        if record.kind in VERDICTS and record.seq <= audited.record.seq:
            said = Said(audited.lane, record, message_of(record))
            if said.message.trial == found.trial:
                found.verdict = said
        elif record.kind.rpartition(".")[2] in COMMANDS:
            found.commands.append(Said(audited.lane, record, message_of(record)))
        elif record.kind == INPUT_REFUSED:
            found.commands.append(Said(audited.lane, record, json.loads(record.value)))
    if getattr(audited.message, "findings", ()):
        found.verdict = Said(audited.lane, audited.record, audited.message)


def _read_risk(log: Log, found: Collected) -> None:
    """Put in what people asked risk, by the time at which it was answered."""
    lane = Lane(event_topic("risk"), found.audited.lane.index)
    for record in accepted(log, lane):
        if record.kind.rpartition(".")[2] in OF_RISK:
            found.commands.append(Said(lane, record, message_of(record)))
        elif record.kind == INPUT_REFUSED:
            found.commands.append(Said(lane, record, json.loads(record.value)))
    found.commands.sort(key=lambda said: said.record.time_ms)
    found.commands_left_out = max(0, len(found.commands) - COMMANDS_MAX)
    del found.commands[: found.commands_left_out]


def _read_shadow(log: Log, found: Collected) -> None:
    lane = Lane(event_topic("shadow"), found.audited.lane.index)
    until = found.audited.last_consumed(lane)
    for said in _said(log, lane, ("EvidenceMeasured", "SegmentStarted", "CanaryMeasured")):
        if said.record.seq > until:
            break
        if said.kind == "CanaryMeasured":
            if found.audited.is_rollback and _is_of_reign(said, found.audited):
                found.canary.append(said)
        elif found.trial and said.message.trial == found.trial:
            (found.evidence if said.kind == "EvidenceMeasured" else found.segments).append(said)


def _is_of_reign(said: Said, audited: Audited) -> bool:
    ended = audited.before.number if audited.before else 0
    return (said.message.slot, said.message.reign) == (audited.slot, ended)


def _read_trader(log: Log, found: Collected) -> None:
    lane = Lane(event_topic("trader"), found.audited.lane.index)
    counted = found.evidence[-1].message.last_pair if found.evidence else 0
    reign = getattr(found.audited.message, "reign", 0)
    for said in _said(log, lane, ("PairResolved", "ChampionActivated")):
        message = said.message
        if said.kind == "PairResolved":
            if message.trial == found.trial and message.counted and message.number <= counted:
                found.pairs.append(said)
        elif reign and (message.slot, message.reign) == (found.audited.slot, reign):
            found.followed = said


def _read_models(log: Log, found: Collected) -> None:
    """Find who made the bytes: the registrations, and the trainings that they name."""
    digests = _digests(found.audited)
    slot = found.audited.slot
    registered = [
        said
        for said in _said(log, Lane(event_topic("registry")), ("ModelRegistered",))
        if (said.message.slot, said.message.digest) in {(slot, digest) for digest in digests}
    ]
    sources = {said.message.source for said in registered}
    trained = [
        said
        for said in _said(log, Lane(event_topic("learners")), ("TrainingCompleted",))
        if said.message.training in sources
    ]
    found.models = [*registered, *trained]


def _digests(audited: Audited) -> Sequence[str]:
    names = ("digest", "expected_digest", "to_digest", "from_digest")
    digests = [str(getattr(audited.message, name, "")) for name in names]
    if audited.opened is not None:
        digests += [audited.opened.challenger_digest, audited.opened.champion_digest]
    return [digest for digest in dict.fromkeys(digests) if digest]


def _said(log: Log, lane: Lane, names: Sequence[str]) -> Iterator[Said]:
    for record in accepted(log, lane):
        if record.kind.rpartition(".")[2] in names and record.kind.startswith("kingmaker."):
            yield Said(lane, record, message_of(record))

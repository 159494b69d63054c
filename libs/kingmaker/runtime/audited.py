"""Finds what is to be audited in the lane of its desk, and where what it stands on begins."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kingmaker.kernel import consumption
from kingmaker.kernel.lane import STARTED, Lane, Record
from kingmaker.runtime.history import accepted, message_of
from kingmaker.runtime.log import Log

PACKAGE = "kingmaker.promotion.v1"
CROWNED, ROLLED_BACK = f"{PACKAGE}.ChampionCrowned", f"{PACKAGE}.ChampionRolledBack"
OPENED, CLOSED = f"{PACKAGE}.TrialOpened", f"{PACKAGE}.TrialClosed"
VERDICTS = (f"{PACKAGE}.ChallengerHeld", f"{PACKAGE}.ChallengerReady")
POLICY_APPLIED = "kingmaker.policy.v1.PolicyApplied"
PERSON = "person"


class UnknownPromotionError(Exception):
    """No promotion and no trial of that name is in the log."""


@dataclass(frozen=True, slots=True)
class Reign:
    """Who reigns in a slot from a record on."""

    slot: str
    number: int
    model: str
    promotion: str
    record: Record


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as it entered the lane."""

    seq: int
    hash: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Audited:
    """A promotion, a rollback or a trial: the record that ends it and all that it follows from."""

    name: str
    lane: Lane  # promotion's
    record: Record
    message: Any  # of the record: a crown, a rollback, the end of a trial or its last verdict
    begins: Record  # the first record of the lane that it follows from
    opened: Any = None  # TrialOpened, where there was a trial
    before: Reign | None = None  # who reigned in the slot, as the lane tells
    policies: tuple[
        Policy, ...
    ] = ()  # in force at the beginning, and those that came until the end
    steps: Sequence[bytes] = ()  # what the steps up to the record consumed, as it was recorded
    release: str = ""  # that decided it

    def last_consumed(self, lane: Lane) -> int:
        """Return the last event of another lane that was known at the record; -1: there is none."""
        for km_in in reversed(self.steps):
            for topic, index, _, last, _ in reversed(consumption.pointed(km_in)):
                if (topic, index) == lane:
                    return int(last)
        return -1

    @property
    def is_crown(self) -> bool:
        """Whether a challenger was crowned."""
        return self.record.kind == CROWNED

    @property
    def is_rollback(self) -> bool:
        """Whether a crown went back."""
        return self.record.kind == ROLLED_BACK

    @property
    def slot(self) -> str:
        """The slot that it is about."""
        return str(self.message.slot)

    @property
    def digests(self) -> tuple[str, ...]:
        """The models whose bytes it stands on: who reigns from here on, or was tried."""
        if self.is_crown:
            return (self.message.digest,)
        if self.is_rollback:
            return (self.message.to_digest,)
        return (self.opened.challenger_digest,)


def find(log: Log, lane: Lane, name: str) -> Audited:
    """Return `name` (p-0001@desk or t-0001@desk) from promotion's lane.

    A trial that was crowned is its coronation. Raise UnknownPromotionError if it is not there.
    """
    reading = _Reading(lane, name)
    for record in accepted(log, lane):
        reading.take(record)
        if reading.is_over:
            break
    return reading.result()


class _Reading:
    """One pass over promotion's lane."""

    def __init__(self, lane: Lane, name: str) -> None:
        self._lane, self._name = lane, name
        self._openings: dict[str, tuple[Record, Any]] = {}
        self._reigns: dict[str, Reign] = {}
        self._policies: list[Policy] = []
        self._steps: list[bytes] = []
        self._first: Record | None = None
        self._release = ""
        self._found: tuple[Record, Any, Reign | None] | None = None
        self.is_over = False  # nothing later can change the answer

    def take(self, record: Record) -> None:
        """Learn one record; the last one taken is the end, if the name was found in it."""
        self._first = self._first or record
        if record.consumed:
            self._steps.append(record.consumed)
        if record.kind == STARTED and self._found is None:
            self._release = str(json.loads(record.value or b"{}").get("release", ""))
        learn = self._LEARN.get(record.kind)
        if learn is not None:
            learn(self, record, message_of(record))

    def result(self) -> Audited:
        """Return what was found."""
        if self._found is None or self._first is None:
            raise UnknownPromotionError(
                f"{self._name} is not in {self._lane}. `kingmaker champion history` lists"
                f" promotions, `kingmaker trial ls` trials."
            )
        record, message, before = self._found
        opening = self._openings.get(getattr(message, "trial", ""))
        begins = self._begins(record, message, opening, before)
        return Audited(
            name=self._name,
            lane=self._lane,
            record=record,
            message=message,
            begins=begins,
            opened=opening[1] if opening else None,
            before=before,
            policies=self._policies_since(begins, record),
            steps=self._steps,
            release=self._release,
        )

    def _begins(
        self,
        record: Record,
        message: Any,  # noqa: ANN401 - a message of any kind
        opening: tuple[Record, Any] | None,
        before: Reign | None,
    ) -> Record:
        """Return where the trial opened, or where the reign began that was ended."""
        if opening is not None:
            return opening[0]
        if record.kind == ROLLED_BACK and before is not None:
            return record if message.trigger == PERSON else before.record
        assert self._first is not None, "nothing was read"
        return self._first

    def _policies_since(self, begins: Record, end: Record) -> tuple[Policy, ...]:
        known = [policy for policy in self._policies if policy.seq <= end.seq]
        earlier = [policy for policy in known if policy.seq < begins.seq]
        return (*earlier[-1:], *(policy for policy in known if policy.seq >= begins.seq))

    def _policy(self, record: Record, applied: Any) -> None:  # noqa: ANN401 - a message
        self._policies.append(Policy(record.seq, applied.hash, dict(applied.values)))

    def _open(self, record: Record, opened: Any) -> None:  # noqa: ANN401 - a message
        self._openings[opened.trial] = (record, opened)
        self._judge(record, opened)  # until there is a verdict

    def _judge(self, record: Record, verdict: Any) -> None:  # noqa: ANN401 - a message
        if verdict.trial == self._name:
            self._found = (record, verdict, self._reigns.get(verdict.slot))

    def _close(self, record: Record, closed: Any) -> None:  # noqa: ANN401 - a message
        if closed.trial == self._name:
            self._found = (record, closed, self._reigns.get(closed.slot))
            self.is_over = True

    def _crown(self, record: Record, crowned: Any) -> None:  # noqa: ANN401 - a message
        self._reign(record, crowned, crowned.model, crowned.trial)

    def _roll_back(self, record: Record, back: Any) -> None:  # noqa: ANN401 - a message
        self._reign(record, back, back.to_model, "")

    def _reign(self, record: Record, said: Any, model: str, trial: str) -> None:  # noqa: ANN401 - a message
        if self._name in (said.promotion, trial):
            self._found = (record, said, self._reigns.get(said.slot))
            self.is_over = True
        self._reigns[said.slot] = Reign(said.slot, said.reign, model, said.promotion, record)

    _LEARN: Mapping[str, Callable[["_Reading", Record, Any], None]] = {
        POLICY_APPLIED: _policy,
        OPENED: _open,
        CLOSED: _close,
        CROWNED: _crown,
        ROLLED_BACK: _roll_back,
        **dict.fromkeys(VERDICTS, _judge),
    }

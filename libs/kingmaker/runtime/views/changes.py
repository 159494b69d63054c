"""What an event does to rows: it sets columns, adds to them, or says what was learned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Key = tuple[str | int, ...]
type Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Where:
    """The place of an event; `desk` is empty in lanes that all desks share."""

    topic: str
    index: int
    seq: int
    time_ms: int
    desk: str

    @property
    def event(self) -> str:
        """The id under which anyone finds it again: `km.promotion.v1/0/482`."""
        return f"{self.topic}/{self.index}/{self.seq}"


@dataclass(frozen=True, slots=True)
class Set:
    """Make the row if it is not there, and set these columns."""

    table: str
    key: Key
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Add:
    """Make the row with zeros if it is not there, and add to these columns."""

    table: str
    key: Key
    amounts: Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Learned:
    """A state that was learned or set: the next version, unless it is the one that is active."""

    desk: str
    state_type: str
    data: str  # JSON
    time_ms: int
    event: str


type Change = Set | Add | Learned
type Event = Any  # a service's dataclass, or the message of its bytes: both have the same fields
type Fold = Callable[[Event, Where], Sequence[Change]]

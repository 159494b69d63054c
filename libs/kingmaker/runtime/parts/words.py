"""What is said between an audit and a process that decides one part: JSON, one frame each way."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.home import Home
from kingmaker.runtime.redecide import Share


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process finds the log and the models."""

    log: str
    incarnation: str
    artifacts: str
    desks: tuple[str, ...]  # by lane

    @classmethod
    def of(cls, home: Home, desks: Sequence[Desk]) -> Self:
        """Return the place of a home."""
        names = [desk.name for desk in sorted(desks, key=lambda desk: desk.index)]
        path = home.path.resolve()  # the process has another folder, perhaps
        home = Home(path)
        return cls(str(home.log), home.incarnation(), str(home.artifacts), tuple(names))

    @property
    def log_file(self) -> Path:
        """The file of the log."""
        return Path(self.log)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is to be decided anew: a lane of a service, from a market time up to a record."""

    service: str
    index: int
    begin_ms: int
    until: int


@dataclass(frozen=True, slots=True)
class Task:
    """One part of a stretch."""

    place: Place
    stretch: Stretch
    share: Share

    def encode(self) -> bytes:
        """Return the request."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Return what was asked."""
        row = json.loads(content)
        place = row["place"] | {"desks": tuple(row["place"]["desks"])}
        return cls(Place(**place), Stretch(**row["stretch"]), Share(**row["share"]))


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a part, or of all of them together."""

    began: int = -1  # the first record decided anew; -1: there was none
    events: int = 0
    difference: str = ""  # the first, in words; empty where every bit was the same

    def encode(self) -> bytes:
        """Return the reply."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Return what was answered."""
        return cls(**json.loads(content))

    def followed_by(self, later: Self) -> Self:
        """Return this part and the one behind it as one; a difference ends what counts."""
        if self.difference:
            return self
        began = self.began if self.began >= 0 else later.began
        return type(self)(began, self.events + later.events, later.difference)

"""Plays real bars through the whole product, as `kingmaker up` does, without its command line."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.assembly import Parts, open_kingdom, show_nobody
from kingmaker.runtime.bars import Bars, open_bars
from kingmaker.runtime.clock import Show
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.sqlite_log import SqliteLog


@dataclass(frozen=True, slots=True)
class Stage:
    """A home and the desks that are played in it."""

    home: Home
    settings: Settings

    @property
    def desks(self) -> tuple[Desk, ...]:
        return tuple(Desk(desk.name, index) for index, desk in enumerate(self.settings.desks))

    @contextmanager
    def kingdom(self, show: Show = show_nobody) -> Iterator[Kingdom]:
        """Yield the kingdom of this home, its settings handed out."""
        parts = Parts(
            desks=self.desks,
            policy_of=lambda service, desk: policy_values(
                self.settings, service, desk.name if desk else None
            ),
            begins_ms=self._bars().first_open_ms,
            show=show,
            channels={},
        )
        with open_kingdom(self.home, parts) as kingdom:
            kingdom.begin(parts.begins_ms)
            yield kingdom

    def play(
        self,
        times: int | None = None,
        show: Show = show_nobody,
        look: Callable[[Sequence[Engine]], None] = lambda _engines: None,
    ) -> str:
        """Play on from where the home stands, at most `times` market times; return the digest."""
        with self.kingdom(show) as kingdom:
            starts = [position + 1 for position in kingdom.positions()]
            for _ in islice(kingdom.play(self._bars().rows(starts)), times):
                pass
            kingdom.clock.commit()
            look(kingdom.engines)
            return kingdom.history_digest()

    def events(self, service: str, desk: int, *names: str) -> list[Any]:
        """Return what a service said, as messages, in order; all kinds if none is named."""
        with self.log() as log:
            records = list(decided(log, Lane(f"km.{service}.v1", desk)))
        found = []
        for record in records:
            package, _, name = record.kind.rpartition(".")
            if name in names or not names:
                found.append(message_class(package, name).FromString(record.value))
        return found

    @contextmanager
    def log(self) -> Iterator[SqliteLog]:
        """Yield the log, to be read."""
        log = SqliteLog(self.home.log, self.home.incarnation(), read_only=True)
        try:
            yield log
        finally:
            log.close()

    def _bars(self) -> Bars:
        return open_bars(self.settings)


def stage(path: Path, desks: Sequence[DeskSettings]) -> Stage:
    return Stage(Home(path), Settings(desks=tuple(desks)))

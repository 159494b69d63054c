"""Plays bars by the same kingdom in a folder of its own, and hands out what can be learned there.

No model is trained meanwhile and nothing of a home is touched: what was simulated here can never
enter a trial's pairs. The folder is gone at the end.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.bars import Bars, open_bars
from kingmaker.runtime.first_inputs import PolicyOf
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Row
from kingmaker.runtime.reactors.training_process import ALL, Request, read_bars, read_trades
from kingmaker.runtime.settings import Learning, Settings
from kingmaker.runtime.settings_policy import policy_values

NEVER = Learning(components=())  # is anything trained here, whatever a desk or a calendar asks
FOR_EVER_MS = 1 << 62

type Tell = Callable[[int], None]  # hears how many market times were played


@dataclass(frozen=True, slots=True)
class Sources:
    """What the scratch log holds of one desk."""

    desk: str
    log: Path
    lane: int

    def trades(self) -> list[Any]:
        """Return the closed trades of the desk, each proved by its hash."""
        return read_trades(self._request())

    def bars(self) -> list[Any]:
        """Return the closed bars of the desk."""
        return read_bars(self._request())

    def _request(self) -> Request:
        return Request(str(self.log), "", self.lane, "", ALL, FOR_EVER_MS, 0, {})


@dataclass(frozen=True, slots=True)
class Play:
    """What is played: the bars of these desks in order of time, by these settings."""

    desks: tuple[Desk, ...]
    policy_of: PolicyOf
    rows: Iterable[Row]
    begins_ms: int


@contextmanager
def played(
    settings: Settings, tell: Tell, *, from_ms: int = 0, limit: int = 0
) -> Iterator[list[Sources]]:
    """Play the bars that open at `from_ms` or later; yield the sources of each desk.

    `limit`: so many bars a file, 0: all. Raises what `open_bars` raises, before anything is played.
    """
    bars = open_bars(settings)
    settings = settings.model_copy(update={"learning": NEVER})
    desks = tuple(Desk(desk.name, index) for index, desk in enumerate(settings.desks))
    files = sum(len(bars.symbols(desk.index)) for desk in desks)
    play = Play(
        desks=desks,
        policy_of=lambda service, desk: policy_values(
            settings, service, desk.name if desk else None
        ),
        rows=islice(_rows(bars, desks, from_ms), limit * files or None),
        begins_ms=max(from_ms, bars.first_open_ms),
    )
    with tempfile.TemporaryDirectory(prefix="kingmaker-scratch-") as folder:
        yield play_in(Path(folder), play, tell)


def play_in(folder: Path, play: Play, tell: Tell) -> list[Sources]:
    """Play in a folder, to the end; return the sources of each desk. Nothing is trained."""
    home = Home(folder / "home")
    parts = Parts(desks=play.desks, policy_of=play.policy_of, begins_ms=play.begins_ms, channels={})
    with open_kingdom(home, parts) as kingdom:
        kingdom.begin(play.begins_ms)
        for done, _ in enumerate(kingdom.play(play.rows), start=1):
            tell(done)
    return [Sources(desk.name, home.log, desk.index) for desk in play.desks]


def _rows(bars: Bars, desks: Sequence[Desk], from_ms: int) -> Iterator[Row]:
    """Yield the rows of the bars that open at a time or later."""
    start = [
        sum(open_ms < from_ms for _, opens in bars.symbols(desk.index) for open_ms in opens)
        for desk in desks
    ]
    return bars.rows(start)

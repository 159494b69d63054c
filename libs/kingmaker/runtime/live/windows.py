"""What the worker of windowed statistics knows: the windows of every desk, and what it has told.

It reads public topics from their beginning at every start and keeps nothing: no committed offset
and no changelog is ever believed. It tells nothing before it has read what was there when it began.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kingmaker.analytics.domain import MEASURED, WindowMeasured
from kingmaker.analytics.measures import measured
from kingmaker.analytics.windows import Windows
from kingmaker.contracts import envelope
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.envelope import Header

type Place = tuple[str, int]  # a public topic and its partition, which is the desk's
type Told = tuple[int, bytes, bytes | None]  # partition, key, value; None: there is no such row


class DeskWindows:
    """The fold, fed by messages; `told` is what the topic of statistics holds already."""

    def __init__(
        self,
        desks: Sequence[Desk],
        windows_ms: Sequence[int],
        ends: Mapping[Place, int],
        told: Mapping[bytes, bytes],
    ) -> None:
        """Begin before the first message; `ends` are the offsets after the last ones there are."""
        self._desks, self._windows_ms = desks, windows_ms
        self._windows = {desk.index: Windows(max(windows_ms)) for desk in desks}
        self._behind = {place: end for place, end in ends.items() if end > 0}
        self._told = dict(told)
        self._changed = set(self._windows)

    def take(self, place: Place, offset: int, headers: Iterable[Header], value: bytes) -> None:
        """Take one message. Raise EnvelopeError or UndecodableError: it is no event of ours."""
        if offset + 1 >= self._behind.get(place, offset + 2):
            del self._behind[place]
        event = envelope.public_event(headers)
        windows = self._windows.get(place[1])
        if windows and windows.take(event.seq, event.kind, value, event.time_ms):
            self._changed.add(place[1])

    @property
    def is_caught_up(self) -> bool:
        """Whether everything was read that was there at the start."""
        return not self._behind

    def news(self) -> Iterator[Told]:
        """Yield what changed since the last call, as it is to be told; nothing while behind."""
        if not self.is_caught_up:
            return
        for desk in self._desks:
            if desk.index in self._changed:
                self._changed.discard(desk.index)
                yield from self._news_of(desk)

    def _news_of(self, desk: Desk) -> Iterator[Told]:
        rows = {key_of(row): MEASURED.encode(row).value for row in self._rows(desk)}
        prefix = f"{desk.name}/".encode()
        for key in [key for key in self._told if key.startswith(prefix) and key not in rows]:
            del self._told[key]
            yield desk.index, key, None
        for key, value in rows.items():
            if self._told.get(key) != value:
                self._told[key] = value
                yield desk.index, key, value

    def _rows(self, desk: Desk) -> Iterator[WindowMeasured]:
        for window_ms in self._windows_ms:
            yield from measured(desk.name, self._windows[desk.index], window_ms)


def key_of(row: WindowMeasured) -> bytes:
    """Return what a row is kept under: a later one under the same key replaces it."""
    return f"{row.desk}/{row.slot}/{row.model}/{row.role}/{row.window_ms}".encode()

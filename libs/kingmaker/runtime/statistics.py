"""Windowed statistics of a home: the fold of `kingmaker.analytics` over the file of its log."""

from collections.abc import Sequence

from kingmaker.analytics.domain import WindowMeasured
from kingmaker.analytics.measures import measured
from kingmaker.analytics.windows import Windows
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.history import decided
from kingmaker.runtime.log import Log


def of_home(log: Log, desks: Sequence[Desk], windows_ms: Sequence[int]) -> list[WindowMeasured]:
    """Return every window of every desk."""
    found: list[WindowMeasured] = []
    for desk in desks:
        windows = folded(log, Lane(event_topic("trader"), desk.index), max(windows_ms))
        for window_ms in windows_ms:
            found += measured(desk.name, windows, window_ms)
    return found


def folded(log: Log, lane: Lane, longest_ms: int) -> Windows:
    """Return the events of a trader's lane that the windows need.

    The newest first: the order is free, and what is too old need not be decoded.
    """
    windows = Windows(longest_ms)
    for record in reversed(list(decided(log, lane))):
        windows.take(record.seq, record.kind, record.value, record.time_ms)
    return windows

"""When history is learned from (A4): hourly while a market is open, else every quarter of an hour.

Fire times lie on the full hours and quarters of UTC. Pure: everything follows from the time.
"""

from kingmaker.market.hours import is_open

MINUTE_MS = 60_000
OPEN_MS, CLOSED_MS = 60 * MINUTE_MS, 15 * MINUTE_MS


def latest(calendar: str, time_ms: int) -> int:
    """Return the last fire time at or before a moment, by the pace of that moment."""
    step_ms = OPEN_MS if is_open(calendar, time_ms) else CLOSED_MS
    return time_ms // step_ms * step_ms


def following(calendar: str, time_ms: int) -> int:
    """Return the first moment after `time_ms` at which it fires."""
    fired_ms = latest(calendar, time_ms)
    next_ms = (time_ms // CLOSED_MS + 1) * CLOSED_MS
    while latest(calendar, next_ms) <= fired_ms:
        next_ms += CLOSED_MS
    return next_ms

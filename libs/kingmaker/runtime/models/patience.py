"""How long a model may take, and what lateness means."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest wait, in seconds; `strict` lets lateness stop the run instead of a fault.

    `measured`: answers say how long they took. Under a scheduler none does, so that one history
    comes of the same data on any machine.
    """

    seconds: float
    strict: bool
    measured: bool = False


LIVE = Patience(2.0, strict=False)
MEASURED = Patience(LIVE.seconds, strict=False, measured=True)  # live, by the clock of the wall
SCHEDULED = Patience(10.0, strict=True)  # a busy machine must not change history


def microseconds_since(began_ns: int) -> int:
    """Return how long something took that began at that `time.perf_counter_ns`; at least 1."""
    return max(1, (time.perf_counter_ns() - began_ns) // 1_000)

"""Times actions side by side: every round runs each of them once, so that all see one machine.

What runs in this process alone is timed by the processor it used: neighbours do not count.
"""

import gc
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

CLOCK_OF_PROCESS = 2  # beside the number of a process: its clock, CPUCLOCK_SCHED of the kernel

type Action = Callable[[], object]


def interleave(rounds: int, actions: Mapping[str, Action]) -> dict[str, float]:
    """Return the median seconds of each action over so many rounds."""
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            taken[name].append(seconds_of(action))
    return {name: median(times) for name, times in taken.items()}


def seconds_of(action: Action) -> float:
    """Return the processor's seconds of one call; what earlier ones left is collected before."""
    gc.collect()
    began = processor_seconds()
    action()
    return processor_seconds() - began


def processor_seconds(pid: int | None = None) -> float:
    """Return the processor's seconds of this process, and of another of ours where Linux tells."""
    own = time.process_time()
    if pid is None or sys.platform != "linux":
        return own
    return own + time.clock_gettime(~pid << 3 | CLOCK_OF_PROCESS)


def quantile(times: Sequence[float], share: float) -> float:
    """Return the smallest time that `share` of all do not exceed."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent b of y ~ x^b by least squares on logarithms; 1 is linear."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread

"""How long answers took, counted so that their quantiles can be told: whole numbers only.

    counts = add(counts, 1_030)               # {1088: 1}: at most so many microseconds
    quantile_us(counts, 99)                   # 1088

A latency is rounded up to five significant bits: at most a sixteenth too long, never too short.
"""

from collections.abc import Mapping

BITS = 5

type Counts = dict[int, int]  # answers by the microseconds that each took at most


def add(counts: Counts, latency_us: int) -> Counts:
    """Return the counts after one more answer."""
    at_most = rounded_up(latency_us)
    return {**counts, at_most: counts.get(at_most, 0) + 1}


def rounded_up(latency_us: int) -> int:
    """Return the next number of five significant bits and zeros."""
    shift = max(0, latency_us.bit_length() - BITS)
    return -(-latency_us >> shift) << shift


def quantile_us(counts: Mapping[int, int], percent: int) -> int:
    """Return what so many answers of a hundred did not exceed; 0 where there was none."""
    answers, within = sum(counts.values()), 0
    for at_most in sorted(counts):
        within += counts[at_most]
        if 100 * within >= percent * answers:
            return at_most
    return 0

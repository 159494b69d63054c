"""How often something took how long."""

from bisect import bisect_left
from collections.abc import Sequence


class Histogram:
    """Counts by upper bound; what is above the last bound counts in +Inf alone."""

    def __init__(self, bounds: Sequence[float]) -> None:
        """Count nothing yet; bounds ascend."""
        self.bounds = tuple(bounds)
        self._counts = [0] * (len(self.bounds) + 1)
        self.sum = 0.0

    def observe(self, seconds: float) -> None:
        """Take one more."""
        self._counts[bisect_left(self.bounds, seconds)] += 1
        self.sum += seconds

    def cumulative(self, scale: float = 1.0) -> list[tuple[str, float]]:
        """Return, by upper bound, how many were not above it; bounds in other units by `scale`."""
        counts, total = list(self._counts), 0
        rows: list[tuple[str, float]] = []
        for bound, count in zip((*self.bounds, None), counts, strict=True):
            total += count
            rows.append(("+Inf" if bound is None else repr(bound * scale), float(total)))
        return rows

"""A closed bar, as whatever reads bars sees it."""

from typing import Protocol


class Bar(Protocol):
    """Prices in quote currency; known at the end of its interval."""

    @property
    def open_ms(self) -> int:
        """When it opened, UTC."""

    @property
    def open(self) -> float:
        """First price."""

    @property
    def high(self) -> float:
        """Highest price."""

    @property
    def low(self) -> float:
        """Lowest price."""

    @property
    def close(self) -> float:
        """Last price."""

    @property
    def volume(self) -> float:
        """As the vendor counts it."""


def true_range(high: float, low: float, before: float) -> float:
    """Return how far the price went since the close `before` (Wilder 1978)."""
    return max(high, before) - min(low, before)

"""What a bar must be, told by its numbers alone and by the bar before it."""

import math


def fault_in(prices: tuple[float, float, float, float], volume: float) -> str:
    """Return why open, high, low, close and volume are no bar; empty if they are one."""
    for name, value in zip(("open", "high", "low", "close"), prices, strict=True):
        if not math.isfinite(value) or value <= 0:
            return f"{name} is {value:g}; a price is a positive number"
    if not math.isfinite(volume) or volume < 0:
        return f"volume is {volume:g}; a volume is zero or more"
    open_, high, low, close = prices
    if high < low:
        return f"high {high:g} is below low {low:g}"
    if not (low <= open_ <= high and low <= close <= high):
        return f"open {open_:g} or close {close:g} is outside low {low:g} to high {high:g}"
    return ""


def fault_in_order(last_open_ms: int, open_ms: int, interval_ms: int) -> str:
    """Return why a bar may not follow the one before it; empty if it may."""
    if open_ms == last_open_ms:
        return "duplicate: it opens when the bar before it opens"
    if open_ms < last_open_ms:
        return "late: it opens before the bar before it"
    if (open_ms - last_open_ms) % interval_ms:
        return f"off the grid: it does not open a multiple of {interval_ms} ms after the one before"
    return ""

"""Which file holds the bars of which symbol and interval, told by its name or by the person."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

SAMPLE = "sample:"  # a file that the product carries
UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}

_INTERVAL = re.compile(r"([1-9]\d{0,3})([smhdw])")
_NAME = re.compile(r"(?P<symbol>[A-Z0-9.-]{2,20})_(?P<interval>[1-9]\d{0,3}[smhdw])(?:[_.].*)?")
_SYMBOL = re.compile(r"[A-Za-z0-9./-]{1,24}")


@dataclass(frozen=True, slots=True)
class BarFile:
    """One file: bars of one symbol and one interval."""

    path: Path
    symbol: str
    interval: str  # as written: 1h

    @property
    def interval_ms(self) -> int:
        """The interval in milliseconds."""
        return interval_ms(self.interval)


def locate(text: str) -> BarFile:
    """Return the file that `text` names, with its symbol and interval. It need not exist.

    `text` is FILE:SYMBOL:INTERVAL, or a file named SYMBOL_INTERVAL_anything, and may begin with
    `sample:` for a file that the product carries. Raises ValueError with the remedy.
    """
    rest = text.removeprefix(SAMPLE)
    folder = Path(str(files("kingmaker.feed") / "sample")) if text.startswith(SAMPLE) else Path()
    parts = rest.rsplit(":", 2)
    if len(parts) == 3:  # noqa: PLR2004 - FILE:SYMBOL:INTERVAL
        name, symbol, interval = parts
        if not _SYMBOL.fullmatch(symbol):
            raise ValueError(f"{text}: {symbol!r} is not a symbol. Write FILE:SYMBOL:INTERVAL.")
        interval_ms(interval)
        return BarFile(folder / name, symbol, interval)
    found = _NAME.fullmatch(Path(rest).name)
    if not found:
        raise ValueError(
            f"{text}: its name tells neither symbol nor interval. Write {text}:SYMBOL:INTERVAL, as"
            f" in {text}:BTCUSDT:1h, or name it SYMBOL_INTERVAL_*.csv[.gz]."
        )
    return BarFile(folder / rest, found["symbol"], found["interval"])


def interval_ms(text: str) -> int:
    """Return `5m`, `1h`, `1d` in milliseconds; ValueError with the remedy."""
    found = _INTERVAL.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is not an interval. Write a number and s, m, h, d or w: 5m, 1h."
        )
    return int(found[1]) * UNITS_MS[found[2]]

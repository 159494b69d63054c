"""Hands bars to whoever checks features, strategies and learners, and gathers what they found.

The checks are libraries of the services, found by their entry points: neither side imports the
other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, cast

from kingmaker.runtime.bars import DEMO, desks_of_files, open_bars
from kingmaker.runtime.settings import DeskSettings, Settings

PERPETUALS = DEMO[1]  # the bars that are checked on where nobody names others

type Record = dict[str, Any]
type Tell = Callable[[int], None]
type Columns = tuple[str, int, Sequence[int], Sequence[float]]  # symbol, interval, opens, five each


class Series(Protocol):
    """One checked file of bars, as the feed read it."""

    file: Any  # with symbol and interval_ms
    open_ms: Sequence[int]
    numbers: Sequence[float]  # five a bar


@dataclass(frozen=True, slots=True)
class Files:
    """A person's own files; without any the product's own are checked."""

    features: tuple[Path, ...] = ()
    strategies: tuple[Path, ...] = ()

    def __len__(self) -> int:
        """Count them."""
        return len(self.features) + len(self.strategies)


def desks_to_check(data: Sequence[str]) -> tuple[DeskSettings, ...]:
    """Return the desks of the files that are named, else the bundled five-minute bars."""
    return desks_of_files(data) if data else (PERPETUALS,)


def series_of(desks: Sequence[DeskSettings], bars: int) -> list[Columns]:
    """Return the first so many bars of every file (0: all), read and checked by the feed."""
    play = open_bars(Settings(desks=tuple(desks)))
    found: Iterable[Sequence[Series]] = cast("Any", play).desks
    return [_columns(series, bars) for desk in found for series in desk]


def lookahead(series: Sequence[Columns], files: Files, tell: Tell) -> Iterator[Record]:
    """Yield what each feature and strategy does at every bar of each series."""
    records: Iterator[Record] = find("lookahead_of_trader")(
        series, files.features, files.strategies, tell
    )
    return records


def summed(records: Iterable[Record]) -> list[Record]:
    """Return one record for each kind and name over all series; its first difference stays."""
    found: dict[tuple[str, str], Record] = {}
    for record in records:
        key = (record["kind"], record["name"])
        known = found.setdefault(key, {**record, "symbols": [], "prefixes": 0})
        known["symbols"].append(record["symbol"])
        known["prefixes"] += record["prefixes"]
        known["difference"] = known["difference"] or record["difference"]
        known["ok"] = known["difference"] is None
    return [{name: one[name] for name in one if name != "symbol"} for one in found.values()]


def find(name: str) -> Any:  # noqa: ANN401 - what another package calls so
    """Return the check that a service offers under this name."""
    [entry] = entry_points(group="kingmaker.checks", name=name)
    return entry.load()


def _columns(series: Series, bars: int) -> Columns:
    count = min(bars, len(series.open_ms)) if bars else len(series.open_ms)
    numbers = list(islice(series.numbers, 5 * count))
    return series.file.symbol, series.file.interval_ms, list(series.open_ms[:count]), numbers

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
from kingmaker.runtime.scratch import played
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import policy_values

# The bars that are checked on where nobody names others: four symbols of minutes for values at
# every bar, a year of hours for learners, which want trades and not bars.
OF_VALUES, OF_LEARNERS = DEMO[1], DEMO[2]

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
    learners: tuple[Path, ...] = ()

    @property
    def of_values(self) -> int:
        """Count those that compute a value at every bar."""
        return len(self.features) + len(self.strategies)


@dataclass(frozen=True, slots=True)
class Watched:
    """Who hears how far it is: `times` of market times played, `learner` of a learner's steps."""

    times: Tell = lambda _done: None
    learner: Callable[[str, int], None] = lambda _name, _done: None


def desks_to_check(
    data: Sequence[str], otherwise: DeskSettings = OF_VALUES
) -> tuple[DeskSettings, ...]:
    """Return the desks of the files that are named, else the one that is meant for the check."""
    return desks_of_files(data) if data else (otherwise,)


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


def fare(desk: DeskSettings, bars: int, files: Sequence[Path], tell: Tell) -> Iterator[Record]:
    """Yield how strategies fare by themselves on a desk's bars, after its costs."""
    settings = policy_values(Settings(desks=(desk,)), "trader", desk.name)
    records: Iterator[Record] = find("fare_of_strategies")(
        series_of([desk], bars), files, settings, tell
    )
    return records


def of_learners(
    check: str, desks: Sequence[DeskSettings], limit: int, watched: Watched, *arguments: object
) -> Iterator[Record]:
    """Play the desks' bars, so many a file (0: all), and yield what a check says of each learner.

    `check` is the name of its entry point; `arguments` are its own.
    """
    run = find(check)
    with played(Settings(desks=tuple(desks)), watched.times, limit=limit) as sources:
        for source in sources:
            for record in run(source, *arguments, watched.learner):
                yield {**record, "symbol": source.desk}


def summed(records: Iterable[Record]) -> list[Record]:
    """Return one record for each kind and name over all series; its first difference stays."""
    found: dict[tuple[str, str], Record] = {}
    for record in records:
        key = (record["kind"], record["name"])
        known = found.setdefault(key, {**record, "symbols": [], "prefixes": 0})
        known["symbols"].append(record["symbol"])
        known["prefixes"] += record["prefixes"]
        known["difference"] = known["difference"] or record["difference"]
        known["ok"] = known["ok"] and record["ok"]
    return [{name: one[name] for name in one if name != "symbol"} for one in found.values()]


def find(name: str) -> Any:  # noqa: ANN401 - what another package calls so
    """Return the check that a service offers under this name."""
    [entry] = entry_points(group="kingmaker.checks", name=name)
    return entry.load()


def _columns(series: Series, bars: int) -> Columns:
    count = min(bars, len(series.open_ms)) if bars else len(series.open_ms)
    numbers = list(islice(series.numbers, 5 * count))
    return series.file.symbol, series.file.interval_ms, list(series.open_ms[:count]), numbers

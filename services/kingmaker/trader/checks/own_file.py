"""A person's own features and strategies: one Python file, which need not know Kingmaker.

A feature file defines `features(bars) -> {name: one number a bar}`. A strategy file defines
`signals(bars) -> one whole number a bar` (1 long, -1 short, 0 nothing) and, if the usual ones will
not do, `STOP_ATR` and `TARGET_ATR`; or `STRATEGY`, as the files of `trader/strategies` do. `bars`
are `Columns`. Loading a file runs it: name files that you trust.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from kingmaker.market.bars import true_range
from kingmaker.trader import gauges
from kingmaker.trader.checks.columns import Columns, Floats
from kingmaker.trader.strategies import Strategy

STOP_ATR, TARGET_ATR = 1.5, 2.25  # of those who say nothing: as S3 and S6
DIRECTIONS = (-1.0, 0.0, 1.0)

type Compute = Callable[[Columns], Mapping[str, Floats]]  # by name, one number a bar


class OwnFileError(ValueError):
    """A person's file cannot be used: which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class OwnStrategy:
    """A strategy that trades beside the five: it is checked and simulated, and no model's arm."""

    name: str
    stop_atr: float
    target_atr: float
    compute: Compute
    reach: int = 0  # bars that it looks at; 0: it does not say

    def signals(self, bars: Columns) -> Floats:
        """Return the direction wanted at each bar."""
        return self.compute(bars)[self.name]


def features_of(path: Path) -> Compute:
    """Return the features of a file. Raises OwnFileError, now and where a value is no number."""
    function = getattr(_load(path), "features", None)
    if not callable(function):
        raise OwnFileError(
            f"{path}: it defines no features(bars). Write a function that returns a dict: a name,"
            f" and one number a bar."
        )

    def compute(bars: Columns) -> Mapping[str, Floats]:
        table = _called(path, "features", function, bars)
        if not isinstance(table, Mapping):
            raise OwnFileError(f"{path}: features(bars) returned no dict of names and numbers.")
        return {str(name): _column(path, str(name), table[name], bars) for name in table}

    return compute


def strategy_of(path: Path) -> OwnStrategy:
    """Return the strategy of a file, named like it. Raises OwnFileError likewise."""
    module = _load(path)
    arm, function = (getattr(module, name, None) for name in ("STRATEGY", "signals"))
    if isinstance(arm, Strategy) and callable(function):
        raise OwnFileError(
            f"{path}: it defines both signals(bars) and STRATEGY, so two strategies. Keep one of"
            f" them, or give each a file."
        )
    if isinstance(arm, Strategy):
        return of_rule(arm, path)
    if not callable(function):
        raise OwnFileError(
            f"{path}: it defines neither signals(bars) nor STRATEGY. Write a function that returns"
            f" one whole number a bar: 1 long, -1 short, 0 nothing."
        )
    stop = _distance(path, module, "STOP_ATR", STOP_ATR)
    target = _distance(path, module, "TARGET_ATR", TARGET_ATR)
    name = path.stem

    def compute(bars: Columns) -> Mapping[str, Floats]:
        wanted = _column(path, name, _called(path, "signals", function, bars), bars)
        strange = ~np.isin(wanted, DIRECTIONS)
        if strange.any():
            value = wanted[int(np.argmax(strange))]
            raise OwnFileError(f"{path}: signals(bars) returned {value:g}; give 1, -1 or 0.")
        return {name: wanted}

    return OwnStrategy(name, stop, target, compute)


def of_rule(arm: Strategy, source: Path | str) -> OwnStrategy:
    """Return a rule that reads gauges as one that reads bars: 0 where gauges have no scale."""

    def wanted(bars: Columns, ranges: Sequence[float], end: int) -> int:
        first = max(0, end - gauges.BARS)
        columns = (bars.open, bars.high, bars.low, bars.close)
        opens, highs, lows, closes = (column[first:end].tolist() for column in columns)
        read = gauges.read(opens, highs, lows, closes, ranges[first:end])
        return 0 if read is None else arm.wants(read)

    def signals(bars: Columns) -> Sequence[int]:
        ranges = true_ranges(bars)
        return [wanted(bars, ranges, end) for end in range(1, len(bars) + 1)]

    def compute(bars: Columns) -> Mapping[str, Floats]:
        return {arm.name: _column(source, arm.name, _called(source, "wants", signals, bars), bars)}

    return OwnStrategy(arm.name, arm.stop_atr, arm.target_atr, compute, gauges.BARS + 1)


def true_ranges(bars: Columns) -> list[float]:
    """Return how far the price went in each bar since the close before it; of the first, in it."""
    closes = bars.close.tolist()
    rows = zip(bars.high.tolist(), bars.low.tolist(), [*closes[:1], *closes], strict=False)
    return [true_range(high, low, before) for high, low, before in rows]


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise OwnFileError(f"{path}: there is no such Python file. Name one that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise OwnFileError(f"{path}: it does not load: {_words(error)}") from error
    return module


def _called(
    path: Path | str, name: str, function: Callable[[Columns], object], bars: Columns
) -> object:
    try:
        return function(bars)
    except Exception as error:
        raise OwnFileError(
            f"{path}: {name}(bars) failed on the first {len(bars)} bars of {bars.symbol}:"
            f" {_words(error)} It must answer for any number of bars, however few."
        ) from error


def _column(path: Path | str, name: str, values: object, bars: Columns) -> Floats:
    """Return one number a bar, or say what else came."""
    try:
        column = np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise OwnFileError(f"{path}: {name} is no column of numbers: {_words(error)}") from None
    if column.shape != (len(bars),):
        raise OwnFileError(
            f"{path}: {name} has the shape {column.shape} for {len(bars)} bars. Return one number"
            f" a bar, NaN (a strategy: 0) where it cannot tell yet."
        )
    return column


def _distance(path: Path, module: ModuleType, name: str, default: float) -> float:
    value = getattr(module, name, default)
    if not isinstance(value, int | float) or not 0.0 < value <= 100.0:  # noqa: PLR2004 - in ATR
        raise OwnFileError(f"{path}: {name} is {value!r}; give a number above 0, at most 100.")
    return float(value)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".") + "."

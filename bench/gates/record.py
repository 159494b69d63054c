"""A run, kept as JSON: figures with their limits, and where and how they came about."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from pathlib import Path

from bench.gates.measured import Key, Measured, Results

COLUMNS = ("cell", "rule", "what", "value", "error", "low", "high", "n")


@dataclass(frozen=True, slots=True)
class Record:
    """What a run measured, and what must be said beside it."""

    seed: int
    header: Sequence[str]
    results: Results


def write(path: Path, record: Record, keys: Collection[Key] | None = None) -> None:
    """Write the figures down, all of them or those of `keys`."""
    lines = [
        json.dumps([*key, *(_plain(value) for value in _numbers(one)), one.n])
        for key, one in record.results.items()
        if keys is None or key in keys
    ]
    head = json.dumps({"seed": record.seed, "header": list(record.header), "columns": COLUMNS})
    rows = ",\n".join(lines)
    path.write_text(f'{head[:-1]}, "rows": [\n{rows}\n]}}\n', encoding="utf-8")


def read(path: Path) -> Record:
    """Read a run."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    results = {}
    for cell, rule, what, value, error, low, high, n in kept["rows"]:
        numbers = (
            inf if value is None else value,
            nan if error is None else error,
            -inf if low is None else low,
            inf if high is None else high,
        )
        results[Key(cell, rule, what)] = Measured(*numbers, n)
    return Record(kept["seed"], kept["header"], results)


def _numbers(one: Measured) -> tuple[float, ...]:
    return (one.value, one.error, one.low, one.high)


def _plain(value: float) -> float | None:
    """Return six digits; what is not finite (a median that never came) is nothing."""
    return float(f"{value:.6g}") if isfinite(value) else None

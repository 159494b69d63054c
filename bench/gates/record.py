"""A run, kept as JSON: figures with their limits, and where and how they came about."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

from bench.gates.measured import Key, Measured, Results

COLUMNS = ("rule", "what", "value", "error", "low", "high", "n")


@dataclass(frozen=True, slots=True)
class Record:
    """What a run measured, and what must be said beside it."""

    seed: int
    header: Sequence[str]
    results: Results


def write(path: Path, record: Record, keys: Collection[Key] | None = None) -> None:
    """Write the figures down, all of them or those of `keys`; a line holds a cell."""
    cells: dict[str, list[Sequence[str | float | None]]] = {}
    for key, one in record.results.items():
        if keys is None or key in keys:
            numbers = [_plain(value) for value in _numbers(one)]
            cells.setdefault(key.cell, []).append([key.rule, key.what, *numbers, one.n])
    head = {"seed": record.seed, "header": list(record.header), "columns": COLUMNS}
    lines = [f"{json.dumps(cell)}: {json.dumps(rows)}" for cell, rows in cells.items()]
    body = ",\n".join(lines)
    path.write_text(f'{json.dumps(head)[:-1]}, "cells": {{\n{body}\n}}}}\n', encoding="utf-8")


def read(path: Path) -> Record:
    """Read a run."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    results = {
        Key(cell, rule, what): _measured(numbers)
        for cell, rows in kept["cells"].items()
        for rule, what, *numbers in rows
    }
    return Record(kept["seed"], kept["header"], results)


def _measured(numbers: Sequence[Any]) -> Measured:
    value, error, low, high, n = numbers
    return Measured(
        inf if value is None else value,
        nan if error is None else error,
        -inf if low is None else low,
        inf if high is None else high,
        n,
    )


def _numbers(one: Measured) -> tuple[float, ...]:
    return (one.value, one.error, one.low, one.high)


def _plain(value: float) -> float | None:
    """Return six digits; what is not finite (a median that never came) is nothing."""
    return float(f"{value:.6g}") if isfinite(value) else None

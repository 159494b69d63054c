"""Measures whether the rules of judging keep their word, and writes it into docs.

python -m bench.gates [--paths 5000] [--streams 400] [--docs FOLDER]
"""

import argparse
import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

from bench import machine
from bench.gates import jobs, plot, report, worlds
from bench.gates.bars import bars
from bench.gates.measured import Results
from bench.gates.summaries import summarise
from bench.stage import ROOT

PAGE = "evidence-bench.md"


def main() -> None:
    """Run everything; bars are told, and a missed one is the exit code."""
    asked = _asked()
    size = jobs.Size(
        paths=asked.paths,
        streams=asked.streams,
        run_lengths=max(1, asked.paths // 2),
        scalars=max(1, asked.paths // 25),
        seed=asked.seed,
    )
    before, began = list(machine.header()), time.monotonic()
    results = summarise(jobs.run(jobs.plan(size)))
    header = [*_said(asked, before, time.monotonic() - began)]
    report.write(asked.docs / PAGE, results, header)
    for name, drawing in (("false", plot.false_promotion), ("costs", plot.costs)):
        (asked.docs / f"evidence-bench-{name}.svg").write_text(drawing(results), encoding="utf-8")
    _keep(asked.docs / "evidence-bench.json", results)
    missed = [bar.item for bar in bars() if not bar.goal.is_met(results[bar.key].value)]
    print("\n".join(header))
    sys.exit(f"missed: {'; '.join(missed)}" if missed else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.gates", description=__doc__)
    parser.add_argument("--paths", type=int, default=5_000, help="paths a cell")
    parser.add_argument("--streams", type=int, default=400, help="streams of 200 challengers")
    parser.add_argument("--seed", type=int, default=worlds.SEED)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the page is")
    return parser.parse_args()


def _said(asked: argparse.Namespace, before: list[str], seconds: float) -> Iterator[str]:
    """Yield what a figure needs beside it to mean something."""
    today = dt.datetime.now(dt.UTC).date()
    yield "```"
    yield (
        f"command  python -m bench.gates --paths {asked.paths} --streams {asked.streams}"
        f" --seed {asked.seed}"
    )
    took = f"took {seconds / 60.0:.0f} min in {jobs.PROCESSES} processes"
    yield f"date     {today.isoformat()}, {took}"
    yield from before
    yield "```"


def _keep(path: Path, results: Results) -> None:
    """Write every figure down, with its limits."""
    rows = [
        [*key, *(_plain(value) for value in (one.value, one.error, one.low, one.high)), one.n]
        for key, one in results.items()
    ]
    lines = ",\n".join(json.dumps(row) for row in rows)
    columns = json.dumps(["cell", "rule", "what", "value", "error", "low", "high", "n"])
    path.write_text(f'{{"columns": {columns},\n"rows": [\n{lines}\n]}}\n', encoding="utf-8")


def _plain(value: float) -> float | None:
    return float(f"{value:.6g}") if isfinite(value) else None


if __name__ == "__main__":
    main()

"""Measures whether the rules of judging keep their word, and writes it into docs.

The first seed's run fills the page; a run with another seed adds a column to its table of bars.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import machine
from bench.gates import jobs, plot, record, report, worlds
from bench.gates.bars import bars
from bench.gates.record import Record
from bench.gates.summaries import summarise
from bench.stage import ROOT

NAME = "evidence-bench"
STREAMS, SCALARS = 400, 100  # where a cell has paths enough
PATHS_ENOUGH = 5_000


def main() -> None:
    """Run everything; bars are told, and missed ones are the exit code."""
    asked = _asked()
    if asked.draw:
        _draw(asked.docs)
        return
    before, began = list(machine.header()), time.monotonic()
    results = summarise(jobs.run(jobs.plan(_size(asked))))
    run = Record(asked.seed, list(_header(asked, before, time.monotonic() - began)), results)
    _keep(asked.docs, run)
    missed = [bar.item for bar in bars() if not bar.goal.is_met(results[bar.key].value)]
    print("\n".join(run.header))
    sys.exit(f"missed: {'; '.join(missed)}" if missed else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.gates", description=__doc__)
    parser.add_argument("--paths", type=int, default=PATHS_ENOUGH, help="paths a cell")
    parser.add_argument("--seed", type=int, default=worlds.SEED)
    parser.add_argument("--draw", action="store_true", help="only write the page, from kept runs")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the page is")
    return parser.parse_args()


def _size(asked: argparse.Namespace) -> jobs.Size:
    share = min(1.0, asked.paths / PATHS_ENOUGH)
    return jobs.Size(
        paths=asked.paths,
        streams=max(1, round(share * STREAMS)),
        run_lengths=max(1, asked.paths // 2),
        scalars=max(1, round(share * SCALARS)),
        seed=asked.seed,
    )


def _header(asked: argparse.Namespace, before: list[str], seconds: float) -> Iterator[str]:
    """Yield what a figure needs beside it to mean something."""
    today = dt.datetime.now(dt.UTC).date()
    yield f"command  python -m bench.gates --paths {asked.paths} --seed {asked.seed}"
    took = f"took {seconds / 60.0:.0f} min in {jobs.PROCESSES} processes"
    yield f"date     {today.isoformat()}, {took}"
    yield from before


def _keep(docs: Path, run: Record) -> None:
    """Write the run down, and the page anew."""
    first = docs / f"{NAME}.json"
    if run.seed == worlds.SEED:
        record.write(first, run)
    else:
        keys = {bar.key for bar in bars()}
        record.write(docs / f"{NAME}-{run.seed}.json", run, keys)
    if first.exists():
        _draw(docs)


def _draw(docs: Path) -> None:
    """Write the page and its drawings from the runs that are kept."""
    shown = record.read(docs / f"{NAME}.json")
    others = [record.read(path) for path in sorted(docs.glob(f"{NAME}-*.json"))]
    report.write(docs / f"{NAME}.md", shown, others)
    for name, drawing in (("false", plot.false_promotion), ("costs", plot.costs)):
        picture = drawing(shown.results)
        (docs / f"{NAME}-{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Prints what is claimed of performance, measured here and now: python -m bench [NAME...]."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench import (
    audit,
    backtest,
    command_line,
    compiled_programs,
    coronation,
    costs,
    decisions,
    distillation,
    drift,
    evidence,
    exits,
    historical_run,
    judge,
    kafka_log,
    kafka_public,
    kafka_restarts,
    kafka_times,
    machine,
    ninety_days,
    postgres_views,
    replay,
    revisions,
    searches,
    training_beside_trading,
    trainings,
)
from bench.figures import Figure, Skipped
from bench.stage import Bench

type Measure = Callable[[Bench], Iterator[Figure | Skipped]]

# One file a measurement; the order is that of the printout.
MEASUREMENTS: Mapping[str, Measure] = {
    "replay": replay.measure,
    "decisions": decisions.measure,
    "training_beside_trading": training_beside_trading.measure,
    "coronation": coronation.measure,
    "evidence": evidence.measure,
    "judge": judge.measure,
    "audit": audit.measure,
    "trainings": trainings.measure,
    "searches": searches.measure,
    "compiled_programs": compiled_programs.measure,
    "backtest": backtest.measure,
    "ninety_days": ninety_days.measure,
    "historical_run": historical_run.measure,
    "command_line": command_line.measure,
    "exits": exits.measure,
    "costs": costs.measure,
    "distillation": distillation.measure,
    "drift": drift.measure,
    "revisions": revisions.measure,
    "kafka_log": kafka_log.measure,
    "kafka_times": kafka_times.measure,
    "kafka_public": kafka_public.measure,
    "kafka_restarts": kafka_restarts.measure,
    "postgres_views": postgres_views.measure,
}


def main() -> None:
    """Measure what is named, or everything; goals are told, never asserted."""
    names = sys.argv[1:] or list(MEASUREMENTS)
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"no measurement is called {unknown[0]}. There are: {', '.join(MEASUREMENTS)}.")
    for line in machine.header():
        print(line)
    with tempfile.TemporaryDirectory(prefix="kingmaker-bench-") as folder:
        bench = Bench(Path(folder))
        for name in names:
            print(f"\n{name}", flush=True)
            for figure in MEASUREMENTS[name](bench):
                print("\n".join(figure.lines()), flush=True)


if __name__ == "__main__":
    main()

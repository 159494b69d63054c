"""What it costs to judge anybody's returns: pair by pair, many streams at once, a long file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, Goal
from bench.rounds import seconds_of
from bench.stage import ROOT, Bench
from kingmaker.promotion.judge import Terms, judge
from kingmaker.promotion.judge.batch.run import Run
from kingmaker.promotion.judge.batch.streams import judge_streams

US, MIB = 1e6, 2**20
SHORTER = 10  # times
PART = 100_000  # rows written at once

type Floats = NDArray[np.float64]


def measure(bench: Bench) -> Iterator[Figure]:
    """Judge made-up returns with a small edge."""
    size = bench.size
    yield _pair_by_pair(size.pairs)
    yield _streams(*size.judged_streams)
    yield _stretches(size.judged_rows)
    yield from _file(bench.folder, size.judged_rows)


def _pair_by_pair(pairs: int) -> Figure:
    returns = [(champion, challenger) for champion, challenger in _returns(pairs).tolist()]
    seconds = seconds_of(lambda: judge(returns))
    return Figure(
        "judge, one stream by the rule and the gates",
        US * seconds / pairs,
        "us",
        Goal(40.0),
        (f"{pairs:,} pairs; each as in production",),
    )


def _streams(streams: int, pairs: int) -> Figure:
    table = _returns(streams * pairs).reshape(streams, pairs, 2)
    seconds = seconds_of(lambda: judge_streams(table))
    return Figure(
        f"  {streams:,} streams of {pairs:,} in one call",
        US * seconds / (streams * pairs),
        "us",
        Goal(1.0),
        (f"a pair; {seconds:.1f} s in all, the same bits",),
    )


def _stretches(rows: int) -> Figure:
    returns = _returns(rows)
    seconds = seconds_of(lambda: Run(Terms()).hear(returns[:, 0], returns[:, 1]))
    return Figure(
        "  one long stream in stretches",
        US * seconds / rows,
        "us",
        Goal(2.0),
        (f"a pair; {rows:,} pairs, the same bits",),
    )


def _file(folder: Path, rows: int) -> Iterator[Figure]:
    short, long = folder / "short.csv", folder / "long.csv"
    _write(short, rows // SHORTER)
    _write(long, rows)
    _, peak_before = _judged(short)
    seconds, peak = _judged(long)
    yield Figure(
        "  from a file, by the command line",
        US * seconds / rows,
        "us",
        Goal(5.0),
        (f"a row; {rows:,} rows of CSV in {seconds:.1f} s of CPU, the start included",),
    )
    yield Figure("  its peak memory", peak / MIB, "MiB", Goal(200.0))
    yield Figure(
        f"  that memory against {SHORTER} times fewer rows",
        peak / peak_before,
        "x",
        Goal(1.1),
    )


def _returns(pairs: int) -> Floats:
    """Return made-up pairs, the challenger a little better."""
    chance = np.random.default_rng(1)
    return chance.normal((0.0, 0.0002), 0.01, (pairs, 2))


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("champion,challenger\n")
        for part in np.array_split(_returns(rows), max(1, rows // PART)):
            file.writelines(f"{one:.8f},{other:.8f}\n" for one, other in part.tolist())


def _judged(path: Path) -> tuple[float, float]:
    """Return the processor's seconds and the peak bytes of `kingmaker judge` on a file."""
    command = [sys.executable, "-m", "bench.judge_process", str(path)]
    said = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE).stdout  # noqa: S603 - our own program
    found = json.loads(said)
    return found["seconds"], found["peak"]

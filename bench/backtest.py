"""A whole backtest: one desk, all services, in a process of its own so that memory is its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure, Goal
from bench.rounds import slope
from bench.stage import ROOT, Bench

MIB = 1 << 20


def measure(bench: Bench) -> Iterator[Figure]:
    """Play once; a play is the beginning of a longer one, so three marks on it tell the slope."""
    played = _play(bench)
    marks = played["marks"]
    whole = marks[-1]
    yield Figure(
        f"backtest of {played['what']}",
        whole["bars"] / whole["seconds"],
        "bars/s",
        notes=(
            f"{whole['bars']:,} bars in {whole['seconds']:.1f} s wall",
            f"{whole['cpu']:.1f} s of CPU here, {played['cpu_children']:.1f} s in child processes",
            f"{played['events']:,} events, {played['opportunities']:,} opportunities",
            f"{played['pairs']:,} pairs",
            f"{played['trials']} trials, {played['crowned']} crowned by evidence",
        ),
    )
    yield Figure(
        "  its slope over 1, 2, 4 times the bars",
        slope([(mark["bars"], mark["seconds"]) for mark in marks]),
        goal=Goal(1.1),
        notes=(
            ", ".join(f"{mark['bars']:,} bars {mark['seconds']:.1f} s" for mark in marks),
            f"slope of CPU seconds {slope([(mark['bars'], mark['cpu']) for mark in marks]):.2f}",
        ),
    )
    yield Figure(
        "  its peak memory",
        played["peak_bytes"] / MIB,
        "MiB",
        notes=(f"and {played['peak_bytes_child'] / MIB:.0f} MiB in the largest child process",),
    )


def _play(bench: Bench) -> dict[str, Any]:
    words = [str(bench.folder / "backtest"), str(bench.size.backtest or 0)]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.backtest_process", *words],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    played: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return played

"""What it takes until the command line answers, against a bare interpreter that does nothing."""

import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from bench.figures import Figure, Goal
from bench.stage import Bench

MS = 1e3


def measure(bench: Bench) -> Iterator[Figure]:
    """Start each program in turn; CPU seconds, so that a busy machine tells the same."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    kingmaker = str(Path(sys.executable).with_name("kingmaker"))
    programs = {
        "bare": (sys.executable, "-I", "-c", "pass"),
        "version": (kingmaker, "--version"),
        "lazy": (kingmaker, "service", "ls"),
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(bench.size.starts):
        for name, program in programs.items():
            taken[name].append(_cpu_seconds(program, bench.folder))
    seconds = {name: median(times) for name, times in taken.items()}
    bare = seconds["bare"]
    yield Figure(
        "kingmaker --version : bare python",
        seconds["version"] / bare,
        goal=Goal(2.0),
        notes=(f"{MS * seconds['version']:.0f} ms of CPU, bare python {MS * bare:.0f} ms",),
    )
    yield Figure(
        "a lazy command (service ls) : bare python",
        seconds["lazy"] / bare,
        goal=Goal(9.0),
        notes=(f"{MS * seconds['lazy']:.0f} ms of CPU",),
    )


def _cpu_seconds(program: Sequence[str], folder: Path) -> float:
    before = _of_children()
    subprocess.run(program, check=True, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs
    return _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

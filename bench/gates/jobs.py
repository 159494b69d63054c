"""Cuts the bench into pieces of work, runs them in two processes, and puts cells together."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.gates import canary, decay, lineups, scalar, streams, trials, worlds

PROCESSES = 2

type Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: paths a cell, streams, and paths of the dear ones."""

    paths: int = 5_000
    streams: int = 400
    run_lengths: int = 2_500
    scalars: int = 100
    schedules: Sequence[str] = tuple(lineups.SCHEDULES)
    trials: Sequence[str] = tuple(worlds.WORLDS)
    seed: int = worlds.SEED


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: one chunk of a cell of a part."""

    part: str
    cell: str
    run: Callable[[], Arrays]


def plan(size: Size) -> list[Job]:
    """Return everything there is to do, the long pieces first."""
    return [*_dear(size), *_cells(size)]


def run(jobs: Sequence[Job], processes: int = PROCESSES) -> dict[tuple[str, str], Arrays]:
    """Return the arrays of every cell by part and name, its chunks one after the other."""
    found: list[Arrays] = [{} for _ in jobs]
    began = time.monotonic()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(job.run): place for place, job in enumerate(jobs)}
        for done, future in enumerate(as_completed(futures), start=1):
            place = futures[future]
            found[place] = future.result()
            _tell(f"{done}/{len(jobs)} {jobs[place].part} {jobs[place].cell}", began)
    cells: dict[tuple[str, str], list[Arrays]] = {}
    for job, arrays in zip(jobs, found, strict=True):
        cells.setdefault((job.part, job.cell), []).append(arrays)
    return {cell: _joined(chunks) for cell, chunks in cells.items()}


def _cells(size: Size) -> Iterator[Job]:
    for chunk, paths in _chunks(size.paths, worlds.CHUNK):
        seed = size.seed
        for name in size.trials:
            yield Job("trials", name, partial(trials.try_world, name, chunk, paths, seed=seed))
        for name in canary.REIGNS:
            yield Job("canary", name, partial(canary.try_reign, name, chunk, paths, seed))
        yield Job("decay", "F", partial(decay.try_decay, chunk, paths, seed))
        for world in lineups.WORLDS:
            for schedule in size.schedules:
                call = partial(lineups.try_schedule, world, schedule, chunk, paths, seed)
                yield Job("lineups", f"{world}: {schedule}", call)


def _dear(size: Size) -> Iterator[Job]:
    for chunk, paths in _chunks(size.scalars, scalar.CHUNK):
        for name in scalar.WORLDS:
            yield Job("scalar", name, partial(scalar.compare, name, chunk, paths, size.seed))
    for chunk, paths in _chunks(size.run_lengths, canary.LONG_CHUNK):
        for name in canary.ZERO_EDGE:
            yield Job(
                "run length", name, partial(canary.run_lengths, name, chunk, paths, size.seed)
            )
    for chunk, count in _chunks(size.streams, streams.CHUNK):
        for kind in streams.KINDS:
            call = partial(streams.try_streams, kind, chunk, count, seed=size.seed)
            yield Job("streams", kind, call)


def _chunks(total: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield chunk numbers and how many are in each."""
    for chunk, first in enumerate(range(0, total, size)):
        yield chunk, min(size, total - first)


def _joined(chunks: Sequence[Arrays]) -> Arrays:
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def _tell(what: str, began: float) -> None:
    print(f"{time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)

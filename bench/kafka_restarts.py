"""From kill -9 of a service's process to its being ready again, on Kafka, while bars play."""

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from bench import broker, cluster
from bench.figures import Figure, Goal, Skipped
from bench.rounds import quantile
from bench.stage import Bench
from kingmaker.runtime.services import ORDER
from tests.chaos.cluster import ClusterHome

BARS = 20_000
BARS_A_SECOND = 40.0
POLL_S = 0.05


def measure(bench: Bench) -> Iterator[Figure | Skipped]:
    """Kill each service in turn, as often as the size says; a supervisor starts it again."""
    if reason := broker.missing():
        yield Skipped("kafka_restarts", reason)
        return
    if not bench.size.restarts:
        yield Skipped("kafka_restarts", "a size with `restarts` above 0")
        return
    with cluster.playing(bench.folder / "restarts", BARS, BARS_A_SECOND) as home:
        times = {name: [_seconds(home, name) for _ in range(bench.size.restarts)] for name in ORDER}
    every = [seconds for taken in times.values() for seconds in taken]
    yield Figure(
        "kill -9 to ready again, p95 of all services",
        quantile(every, 0.95),
        "s",
        Goal(15.0),
        tuple(
            f"{name}: p50 {quantile(taken, 0.5):.1f} s, p95 {quantile(taken, 0.95):.1f} s"
            for name, taken in times.items()
        ),
    )


def _seconds(home: ClusterHome, name: str) -> float:
    """Kill one process; return how long it takes until its successor says that it is ready."""
    before = home.running[name].pid
    began = time.perf_counter()
    home.kill(name)
    home.await_that(f"{name} is ready", partial(_is_ready, home, name, before), every_s=POLL_S)
    return time.perf_counter() - began


def _is_ready(home: ClusterHome, name: str, killed: int) -> bool:
    if home.running[name].pid == killed:
        return False
    with suppress(OSError, IndexError):
        return bool(home.readiness(name)["ok"])
    return False

"""A desk on a real broker for a measurement: a process a service, and bars that are played."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import broker
from tests.chaos.cluster import ClusterHome


@contextmanager
def playing(folder: Path, bars: int, bars_a_second: float) -> Iterator[ClusterHome]:
    """Yield a cluster home whose nine champions act; leave no process behind."""
    with broker.running(folder / "kafka") as servers:
        home = ClusterHome(servers, folder / "cluster", bars)
        try:
            home.start_all(bars_a_second)
            yield home
        finally:
            home.close()

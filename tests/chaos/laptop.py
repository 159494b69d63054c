"""The history of a cluster home on a laptop: copied, folded, and decided anew, bit for bit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kingmaker.runtime.copying import Copied, CopyRefusedError, copy
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.home import Home
from kingmaker.runtime.log import Log
from kingmaker.runtime.models.patience import SCHEDULED
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.chaos.cluster import ClusterHome

COPIES_MAX = 5


@contextmanager
def on_a_laptop(home: ClusterHome, folder: Path) -> Iterator[SqliteLog]:
    """Yield a copy of the whole history in a file, every hash kept."""
    laptop = Home(folder)
    laptop.begin(home.incarnation)
    source, target = home.log(), SqliteLog(laptop.log, home.incarnation)
    try:
        assert all(one.new == one.records > 0 for one in moved(source, target, home))
    finally:
        source.close()  # now: clients that were idle for minutes connect anew while they are closed
    try:
        yield target
    finally:
        target.close()


def moved(source: Log, target: Log, home: ClusterHome) -> list[Copied]:
    """Copy every lane of a home."""
    return copy(source, target, [service.lane for service in build_services(home.desks)])


def moved_to(home: ClusterHome, source: Log) -> None:
    """Copy to the cluster of a home; one that a busy broker interrupts is begun again."""
    for _ in range(COPIES_MAX):
        log = home.log()
        try:
            moved(source, log, home)
        except CopyRefusedError:
            continue
        finally:
            log.close()
        return
    raise AssertionError(f"{COPIES_MAX} copies were interrupted")


def states(log: Log, home: ClusterHome) -> dict[str, tuple[str, object]]:
    """Fold every lane; return the hash of each state, and the state."""
    found = {}
    for service in build_services(home.desks):
        engine = Engine(service, log)
        engine.replay({})
        found[service.name] = engine.host.state_hash, engine.host.state
    return found


def differences(log: Log, home: ClusterHome) -> dict[str, str]:
    """Decide every service anew, the trader with its models; return what parts from the record."""
    found: dict[str, str] = {}
    with ModelRunner(ArtifactStore(home.folder / "artifacts"), SCHEDULED) as runner:
        for service in build_services(home.desks):
            redecision = Redecision(service, log)
            if service.name == "trader":
                redecision.answer = runner.load_and_answer
            if difference := redecision.run():
                found[service.name] = str(difference)
    return found

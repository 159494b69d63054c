"""A home with one record that nobody can read, as a writer of another release might leave it."""

from collections.abc import Sequence

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane, Record
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.home import Home
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.snapshots import Snapshots
from kingmaker.runtime.sqlite_log import SqliteLog

LEARNERS = Lane("km.learners.v1")
POISON = Draft("kingmaker.learners.v1.TrainingCompleted", b"\xff\xff")


def poison(home: Home, desks: Sequence[Desk]) -> Record:
    """Append it to the learners' lane, with a snapshot after it: who wrote it could read it."""
    log = SqliteLog(home.log, home.incarnation())
    service = next(s for s in build_services(desks) if s.name == "learners")
    engine = Engine(service, log)
    engine.start(RELEASE)
    engine.host.time_ms += 1  # else the snapshot before it has the same bytes
    engine.host._queue([POISON])
    [record] = engine.host.ready()
    engine.stage()
    snapshot = engine.host.take_snapshot()
    engine.stage()
    log.commit()
    Snapshots(home.snapshots, RELEASE).keep(LEARNERS, snapshot)
    log.close()
    return record

"""The process that folds every lane of a cluster into rows: it reads, and writes no lane.

Nobody waits for it. Where its database is away it says so, is not ready, and tries again; where
Kafka gives no clear answer it ends as every service does, and is started again.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import LaneDamagedError
from kingmaker.runtime.home import Home
from kingmaker.runtime.kafka import configured, topics
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.log import Log
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.telemetry.view_gauges import ViewGauges
from kingmaker.runtime.views import migrating
from kingmaker.runtime.views.chosen import open_store
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.migrating import MigrationRefusedError
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import (
    DatabaseRefusedError,
    DatabaseUnreachableError,
    OtherLogError,
    ViewStore,
)

NAME = "views"
STALE_S = 1.0  # how old an answer may be that a lane has ended
IDLE_S = 0.2
AGAIN_S_MIN, AGAIN_S_MAX = 0.5, 10.0

FAULTS = (
    DatabaseRefusedError,
    DatabaseUnreachableError,
    LaneDamagedError,
    MigrationRefusedError,
    OtherLogError,
)

type Tell = Callable[[str], None]


class Ending(Protocol):
    """Set once the process is told to end."""

    def is_set(self) -> bool:
        """Tell whether it is."""
        ...

    def wait(self, timeout: float) -> bool:
        """Return once it is, or after that many seconds."""
        ...


def run(  # noqa: PLR0913, PLR0917 - what a process is made of
    settings: Settings,
    home: Home,
    health: Health,
    ending: Ending,
    tell: Tell,
    gauges: ViewGauges,
) -> None:
    """Fold until told to end. Raise what makes a supervisor start it again."""
    home.begin(configured.incarnation_of(settings))
    log = open_kafka(settings)
    desks = tuple(Desk(desk.name, at) for at, desk in enumerate(settings.desks))
    follower = Follower(lambda: open_store(settings, home.views), log, desks, health, tell)
    try:
        while not ending.is_set():
            is_folded = follower.turn(ending.is_set)
            gauges.look(health, log.behind, is_folded=is_folded)
            if is_folded:
                log.stale_s = STALE_S
                log.wait(IDLE_S)
            else:
                ending.wait(follower.again_s)
    finally:
        follower.close()
        log.close()
    tell(f"{NAME}: ended; what is folded is written")


def open_kafka(settings: Settings) -> KafkaLog:
    """Open the log of the cluster to read it, if its topics are what they must be."""
    cluster = configured.cluster_of(settings)
    topics.require(cluster, configured.wanted_of(settings))
    return KafkaLog(cluster, configured.incarnation_of(settings))


class Follower:
    """Keeps a database up with a log, through whatever happens to the database."""

    def __init__(
        self,
        open_: Callable[[], ViewStore],
        log: Log,
        desks: Sequence[Desk],
        health: Health,
        tell: Tell,
    ) -> None:
        """Open nothing yet: the database may be away."""
        self._open, self._log, self._desks = open_, log, desks
        self._health, self._tell = health, tell
        self._store: ViewStore | None = None
        self._views: Views | None = None
        self._said = ""
        self.again_s = AGAIN_S_MIN  # until the next try, after one that failed

    def turn(self, is_ending: Callable[[], bool] = lambda: False) -> bool:
        """Fold what is news, and tell health how it went; True if everything is folded."""
        self._health.started = True
        self._health.beat()
        try:
            store, views = self._opened()
            views.catch_up(lambda _events: self._go_on(is_ending))
            store.ping()
        except FAULTS as error:
            self._fail(str(error))
            return False
        except EndingError:
            return True
        self._health.lanes = {str(lane): folded.seq for lane, folded in views.folded.items()}
        self._health.ready, self._health.reason = True, "caught up"
        self._say(f"{NAME}: caught up; rows in {store.place}")
        self.again_s = AGAIN_S_MIN
        return True

    def close(self) -> None:
        """Let go of the database."""
        if self._store is not None:
            self._store.close()
        self._store = self._views = None

    def _opened(self) -> tuple[ViewStore, Views]:
        if self._store is None:
            self._store = self._open()
        if self._views is None:
            _require_schema(self._store)
            self._views = Views(self._store, self._log, self._desks)
        return self._store, self._views

    def _go_on(self, is_ending: Callable[[], bool]) -> None:
        self._health.beat()
        if not self._health.ready:
            self._health.reason = "catching up"
        if is_ending():
            raise EndingError

    def _fail(self, reason: str) -> None:
        self.close()  # what this process believes of the database may no longer hold
        self._health.ready, self._health.reason = False, reason
        self._say(f"{NAME}: not ready: {reason}")
        self.again_s = min(2 * self.again_s, AGAIN_S_MAX)

    def _say(self, text: str) -> None:
        """Tell a person what is new, not the same every ten seconds."""
        if text != self._said:
            self._said = text
            self._tell(text)


class EndingError(Exception):
    """The process is told to end amid a long fold: what is written is whole."""


def _require_schema(store: ViewStore) -> None:
    missing = [migration.name for migration in migrating.pending(store.applied(), store.place)]
    if missing and isinstance(store, SqliteStore):
        store.migrate()  # the file is ours alone
    elif missing:
        raise DatabaseRefusedError(
            f"{store.place} lacks {', '.join(missing)}: run `kingmaker db migrate` with the same"
            f" settings. This process tries again by itself."
        )

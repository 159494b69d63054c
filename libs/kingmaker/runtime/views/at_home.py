"""The views of a home: one file beside its log, a cache that may be lost at any time."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.log import Log
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.migrating import MigrationRefusedError
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import OtherLogError

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def open_views(path: Path, log: Log, desks: Sequence[Desk]) -> Views:
    """Open the rows of a home; what is damaged, or of another log or schema, is made anew."""
    try:
        return _opened(path, log, desks)
    except (MigrationRefusedError, OtherLogError):
        pass
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) in BUSY:
            raise  # another process works on it: nothing is wrong with the file
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _opened(path, log, desks)


def _opened(path: Path, log: Log, desks: Sequence[Desk]) -> Views:
    store = SqliteStore(path)
    try:
        store.migrate()
        return Views(store, log, desks)
    except BaseException:
        store.close()
        raise

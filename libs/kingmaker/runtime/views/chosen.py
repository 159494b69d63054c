"""Which database the settings mean: the PostgreSQL of `views.url`, or else the file of the home."""

from pathlib import Path

from kingmaker.runtime.settings import Settings
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import ViewStore


def open_store(settings: Settings, file: Path) -> ViewStore:
    """Open it. Raise DatabaseUnreachableError or DatabaseRefusedError."""
    if not settings.views.url:
        return SqliteStore(file)
    from kingmaker.runtime.views.postgres_address import Address  # noqa: PLC0415 - an extra
    from kingmaker.runtime.views.postgres_store import PostgresStore  # noqa: PLC0415 - as above

    return PostgresStore(Address(settings.views.url, settings.views.password_file))

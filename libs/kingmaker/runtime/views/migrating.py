"""Which migrations a database still needs; one that was edited since is refused by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kingmaker.runtime.views.schema import Migration, migrations

# Kept by every database about itself, in both dialects.
RECORD = (
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)"
)


class MigrationRefusedError(Exception):
    """The schema of a database is not one that these migrations lead to: nothing was changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One migration, and whether a database has it."""

    name: str
    checksum: str
    applied: bool


def pending(applied: Mapping[str, str], place: str) -> Sequence[Migration]:
    """Return what is to be applied, in order, given checksums by name. Raises before anything is.

    `place` says in words which database it is.
    """
    known = migrations()
    names = [migration.name for migration in known]
    for name in sorted(applied):
        if name not in names:
            raise MigrationRefusedError(
                f"{place} has migration {name}, which this release does not know. Use the release"
                f" that applied it, or a newer one."
            )
    missing = [migration for migration in known if migration.name not in applied]
    for migration in known:
        found = applied.get(migration.name)
        if found is not None and found != migration.checksum:
            raise MigrationRefusedError(
                f"{migration.name}.sql was edited after {place} had applied it (checksum"
                f" {found[:12]}, now {migration.checksum[:12]}). Put the file back as it was, and"
                f" write what you want as a new migration; or make the database anew."
            )
        if found is None and any(
            later in applied for later in names[names.index(migration.name) :]
        ):
            raise MigrationRefusedError(
                f"{place} lacks migration {migration.name} but has a later one. Make the database"
                f" anew: the log tells every row again."
            )
    return missing


def standing(applied: Mapping[str, str]) -> Sequence[Standing]:
    """Return every migration of this release, and whether it is applied."""
    return [
        Standing(migration.name, migration.checksum, migration.name in applied)
        for migration in migrations()
    ]

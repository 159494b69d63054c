"""What the views need of a database: rows and positions that move together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views.batch import Batch, Folded

FOLDS_VERSION = 3  # raised when a fold changes: rows of other folds are folded anew


class OtherLogError(Exception):
    """The rows were folded from another log, or from records that this one does not hold."""


class DatabaseUnreachableError(Exception):
    """The database does not answer; it may later. Nothing of the log is lost by it."""


class DatabaseRefusedError(Exception):
    """The database answers, and the answer is no: a password, a right, a full disk."""


class ViewStore(Protocol):
    """A database of views: SQLite or PostgreSQL, held to `tests/conformance/test_view_store.py`."""

    @property
    def place(self) -> str:
        """Where it is, in words, without a secret."""
        ...

    def applied(self) -> Mapping[str, str]:
        """Return the checksums of the migrations it has, by name."""
        ...

    def migrate(self) -> Sequence[str]:
        """Apply what is missing, alone, all or nothing; return the names. MigrationRefusedError."""
        ...

    def bind(self, incarnation: str) -> None:
        """Make it hold rows of this log. Raise OtherLogError where it holds those of another."""
        ...

    def positions(self) -> dict[Lane, Folded]:
        """Return up to where each lane is folded."""
        ...

    def write(self, batch: Batch, known: Mapping[Lane, Folded]) -> bool:
        """Write rows and positions in one transaction, if the positions still are `known`.

        False, and nothing is written, where another process folded in the meantime. Raise
        OtherLogError where the rows have become those of another log, or of another release.
        """
        ...

    def rebuild(self, incarnation: str) -> None:
        """Drop every row, whatever log it is of: this one tells them again."""
        ...

    def rows(self, table: str, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return rows: JSON as text, moments as milliseconds."""
        ...

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        ...

    def ping(self) -> None:
        """Return if it answers. Raise DatabaseUnreachableError or DatabaseRefusedError."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def fits(found: tuple[str, int] | None, incarnation: str, place: str) -> bool:
    """Tell whether rows are of this log and of these folds; False: they are to be folded anew.

    `found` is what a database says of its rows. Raise OtherLogError where they are another log's,
    or those of a later release: two releases would drop each other's for ever.
    """
    if found is None:
        return False
    log, folds = found
    if log != incarnation:
        raise OtherLogError(
            f"the views in {place} are of the log {log}, not of {incarnation}. Name another"
            f" database, or, if that log is gone for good, `kingmaker db rebuild` folds this one in"
            f" their place."
        )
    if folds > FOLDS_VERSION:
        raise OtherLogError(
            f"the views in {place} were folded by a later release (folds {folds}, here"
            f" {FOLDS_VERSION}). Use that release; or `kingmaker db rebuild` folds them anew by"
            f" this one."
        )
    return folds == FOLDS_VERSION


def require_fit(found: tuple[str, int] | None, incarnation: str, place: str) -> None:
    """Raise OtherLogError where rows that fitted at the start no longer do."""
    if not fits(found, incarnation, place):
        raise OtherLogError(
            f"the views in {place} were made anew meanwhile: whoever folds them begins anew, too."
        )

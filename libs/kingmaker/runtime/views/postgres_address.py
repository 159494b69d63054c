"""Where PostgreSQL is, and what to do when it does not answer as it should."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kingmaker.runtime.views.store import DatabaseRefusedError, DatabaseUnreachableError

try:
    import asyncpg
except ImportError as missing:
    raise DatabaseRefusedError(
        "views.url names a PostgreSQL, and its client is not installed: pip install"
        " 'kingmaker[postgres]'."
    ) from missing


@dataclass(frozen=True, slots=True)
class Address:
    """postgresql://USER@HOST:PORT/DATABASE; `password_file` holds the password alone."""

    url: str
    password_file: Path | None = None

    def password(self) -> str | None:
        """Return the password, read anew: it may have been rotated. Raise DatabaseRefusedError."""
        if self.password_file is None:
            return None
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise DatabaseRefusedError(
                f"the password for {self} cannot be read: {error}. Check views.password_file."
            ) from error

    def __str__(self) -> str:
        """Return it for people: whatever it holds, no password."""
        parts = urlsplit(self.url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{query}"


def fault(address: Address, error: BaseException) -> Exception:
    """Return what an error of the client means, and what to do."""
    match error:
        case asyncpg.InvalidAuthorizationSpecificationError():  # a wrong password is one of them
            return DatabaseRefusedError(
                f"PostgreSQL at {address} lets nobody in as we said: {error}. Check the user in"
                f" views.url and the password in views.password_file."
            )
        case asyncpg.InvalidCatalogNameError():
            return DatabaseRefusedError(
                f"PostgreSQL at {address}: {error}. Make it with `createdb`, or correct views.url."
            )
        case asyncpg.InsufficientPrivilegeError():
            return DatabaseRefusedError(
                f"PostgreSQL at {address}: {error}. The user of views.url must own the tables, and"
                f" may create in its schema: GRANT CREATE, USAGE ON SCHEMA public."
            )
        case asyncpg.UndefinedTableError():
            return DatabaseRefusedError(
                f"PostgreSQL at {address}: {error}. Make its schema with `kingmaker db migrate`."
            )
        case _ if _may_pass(error) and not isinstance(error, ValueError):  # that is a row of ours
            said = str(error) or f"no answer in time ({type(error).__name__})"
            return DatabaseUnreachableError(
                f"PostgreSQL at {address} does not answer: {said}. See that it runs and that"
                f" views.url is right. Nothing is lost: the views catch up from the log."
            )
        case _:
            return DatabaseRefusedError(
                f"PostgreSQL at {address} refused: {error}. Mend it there; the views catch up."
            )


def _may_pass(error: BaseException) -> bool:
    kinds = (
        OSError,
        TimeoutError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,  # shut down, starting up
        asyncpg.TooManyConnectionsError,
        asyncpg.TransactionRollbackError,  # a deadlock, which somebody else's lock made
    )
    return isinstance(error, kinds)

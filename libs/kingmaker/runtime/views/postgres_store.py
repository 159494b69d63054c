"""Views in PostgreSQL: arrays through `unnest`, rows and positions in one transaction.

It is asked in the thread that calls, and every answer has its deadline. After any error it is
dropped and opened anew: what was not written, the log tells again.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views import migrating
from kingmaker.runtime.views.batch import Batch, Folded, Row, Upsert
from kingmaker.runtime.views.postgres_address import Address, fault
from kingmaker.runtime.views.schema import TABLES
from kingmaker.runtime.views.store import FOLDS_VERSION, fits, require_fit
from kingmaker.runtime.views.texts import as_moment

import asyncpg  # isort: skip - the extra is named by `postgres_address` where it is missing

# The last: where the server dies amid an answer, the client loses its own place.
FAULTS = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
CONNECT_S = 5.0
CALL_S = 60.0
CLOSE_S = 5.0
LOCK = 0x6B696E676D616B65  # of whoever writes rows or schema, in this database

# How a parameter is sent, and how the column is made of it.
ARRAYS: Mapping[str, tuple[str, str]] = {
    "TEXT": ("text[]", ""),
    "BIGINT": ("bigint[]", ""),
    "DOUBLE PRECISION": ("float8[]", ""),
    "JSONB": ("text[]", "::jsonb"),
    "TIMESTAMPTZ": ("timestamptz[]", ""),
}
# How a column is read: JSON as text, moments as milliseconds.
READ: Mapping[str, str] = {
    "JSONB": "{0}::text",
    "TIMESTAMPTZ": "(extract(epoch from {0}) * 1000)::bigint",
}


class PostgresStore:
    """A `ViewStore` on a server. Not for two threads."""

    def __init__(self, address: Address) -> None:
        """Connect. Raise DatabaseUnreachableError or DatabaseRefusedError."""
        self._address, self._incarnation = address, ""
        self._loop = asyncio.new_event_loop()
        try:
            self._db: asyncpg.Connection = self._run(lambda: _connect(address))
        except BaseException:
            self._loop.run_until_complete(asyncio.sleep(0))  # what was half open is closed
            self._loop.close()
            raise

    @property
    def place(self) -> str:
        """Return the address, without a secret."""
        return str(self._address)

    def applied(self) -> Mapping[str, str]:
        """Return the checksums of the migrations it has, by name."""
        return self._run(self._applied)

    def migrate(self) -> Sequence[str]:
        """Apply what is missing in one transaction that nobody else can be in."""
        return self._run(self._migrate)

    def bind(self, incarnation: str) -> None:
        """Make it hold rows of this log, by the folds of this release."""
        if not fits(self._run(self._of), incarnation, self.place):
            self.rebuild(incarnation)
        self._incarnation = incarnation

    def positions(self) -> dict[Lane, Folded]:
        """Return up to where each lane is folded."""
        return self._run(self._positions)

    def write(self, batch: Batch, known: Mapping[Lane, Folded]) -> bool:
        """Write everything in one transaction, if nobody else folded meanwhile."""
        return self._run(lambda: self._write(batch, known))

    def rebuild(self, incarnation: str) -> None:
        """Drop every row."""
        self._run(lambda: self._rebuild(incarnation))
        self._incarnation = incarnation

    def rows(self, table: str, columns: Sequence[str]) -> Iterable[Row]:
        """Return rows: JSON as text, moments as milliseconds."""
        return self._run(lambda: self._rows(table, columns))

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - names of our own schema
        return int(self._run(lambda: self._db.fetchval(query)))

    def ping(self) -> None:
        """Return if it answers."""
        self._run(lambda: self._db.execute("SELECT 1"))

    def close(self) -> None:
        """Let go of the connection, at once if the server is gone."""
        if self._loop.is_closed():
            return
        with suppress(Exception):  # gone already: there is nothing to say goodbye to
            self._loop.run_until_complete(self._db.close(timeout=CLOSE_S))
        self._db.terminate()
        self._loop.run_until_complete(asyncio.sleep(0))  # the transport lets go of its socket
        self._loop.close()

    async def _applied(self) -> dict[str, str]:
        if await self._db.fetchval("SELECT to_regclass('schema_migrations')") is None:
            return {}
        return {
            row["name"]: row["checksum"]
            for row in await self._db.fetch("SELECT name, checksum FROM schema_migrations")
        }

    async def _migrate(self) -> Sequence[str]:
        async with self._db.transaction():
            await self._db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            missing = migrating.pending(await self._applied(), self.place)
            await self._db.execute(migrating.RECORD)
            for migration in missing:
                await self._db.execute(migration.of("postgresql"))
                await self._db.execute(
                    "INSERT INTO schema_migrations VALUES ($1, $2, now()::text)",
                    migration.name,
                    migration.checksum,
                )
        return [migration.name for migration in missing]

    async def _of(self) -> tuple[str, int] | None:
        """Return whose rows these are: the log, and the folds."""
        found = await self._db.fetchrow("SELECT incarnation, folds FROM folded_log")
        return None if found is None else (found["incarnation"], found["folds"])

    async def _positions(self) -> dict[Lane, Folded]:
        rows = await self._db.fetch("SELECT topic, lane, seq, hash, place FROM folded")
        return {Lane(topic, lane): Folded(*rest) for topic, lane, *rest in rows}

    async def _write(self, batch: Batch, known: Mapping[Lane, Folded]) -> bool:
        async with self._db.transaction():
            await self._db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            require_fit(await self._of(), self._incarnation, self.place)
            if await self._positions() != known:
                return False
            batch.settle({table: await self._there(table) for table in batch.needs})
            for upsert in batch.upserts():
                await self._db.execute(statement(upsert), *arrays(upsert))
            rows = [(lane.topic, lane.index, *folded) for lane, folded in batch.folded.items()]
            await self._db.execute(FOLDED, *zip(*rows, strict=True))
        return True

    async def _rebuild(self, incarnation: str) -> None:
        async with self._db.transaction():
            await self._db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            await self._db.execute(f"TRUNCATE {', '.join(TABLES)}, folded, folded_log")
            await self._db.execute(
                "INSERT INTO folded_log VALUES ($1, $2)", incarnation, FOLDS_VERSION
            )

    async def _rows(self, table: str, columns: Sequence[str]) -> list[Row]:
        types = TABLES[table].types
        shown = [READ.get(types[column], "{0}").format(column) for column in columns]
        query = f"SELECT {', '.join(shown)} FROM {table}"  # noqa: S608 - names of our own schema
        return [tuple(row) for row in await self._db.fetch(query)]

    async def _there(self, table: str) -> list[dict[str, Any]]:
        names = list(TABLES[table].types)
        return [dict(zip(names, row, strict=True)) for row in await self._rows(table, names)]

    def _run[T](self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        try:
            return self._loop.run_until_complete(call())
        except FAULTS as error:
            raise fault(self._address, error) from error


FOLDED = """
INSERT INTO folded (topic, lane, seq, hash, place)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[])
ON CONFLICT (topic, lane) DO UPDATE
SET seq = excluded.seq, hash = excluded.hash, place = excluded.place
"""


def statement(upsert: Upsert) -> str:
    """Return what writes rows that are sent as one array a column."""
    table, types, names = upsert.table, TABLES[upsert.table].types, upsert.names
    sent = [ARRAYS[types[name]] for name in names]
    arrays = ", ".join(f"${at}::{array}" for at, (array, _) in enumerate(sent, start=1))
    made = ", ".join(f"sent.{name}{cast}" for name, (_, cast) in zip(names, sent, strict=True))
    listed = ", ".join(names)
    updates = [f"{name} = excluded.{name}" for name in upsert.sets]
    updates += [f"{name} = {table}.{name} + excluded.{name}" for name in upsert.adds]
    then = f"UPDATE SET {', '.join(updates)}" if updates else "NOTHING"
    return (
        f"INSERT INTO {table} ({listed}) SELECT {made} FROM unnest({arrays}) AS sent ({listed})"  # noqa: S608 - names of our own schema
        f" ON CONFLICT ({', '.join(upsert.keys)}) DO {then}"
    )


def arrays(upsert: Upsert) -> Iterator[Sequence[Any]]:
    """Yield one array a column."""
    types = TABLES[upsert.table].types
    for name, column in zip(upsert.names, zip(*upsert.rows, strict=True), strict=True):
        if types[name] == "TIMESTAMPTZ":
            yield [None if value is None else as_moment(value) for value in column]
        else:
            yield column


async def _connect(address: Address) -> asyncpg.Connection:
    return await asyncpg.connect(
        address.url,
        password=address.password(),
        timeout=CONNECT_S,
        command_timeout=CALL_S,
        server_settings={"application_name": "kingmaker views"},
    )

"""Rows of the views in a real PostgreSQL, against bare batched inserts of the same rows."""

import asyncio
import copy
import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Protocol

import asyncpg

from bench.figures import Figure, Goal, Skipped
from bench.stage import Bench
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.log import Log
from kingmaker.runtime.views.batch import Batch, Folded, Upsert
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.postgres_address import Address
from kingmaker.runtime.views.postgres_store import PostgresStore, arrays, statement
from kingmaker.runtime.views.schema import TABLES
from tests.postgres import PostgresServer, missing_for_postgres

INCARNATION = "bench"


def measure(bench: Bench) -> Iterator[Figure | Skipped]:
    """Take turns: batches written by the views, the same rows inserted bare, a whole fold."""
    if missing := missing_for_postgres():
        yield Skipped("postgres_views", f"no PostgreSQL: {missing}")
        return
    with bench.hourly.log() as log, _server() as server:
        yield from _figures(bench, log, server)


def _figures(bench: Bench, log: Log, server: PostgresServer) -> Iterator[Figure]:
    batches = _batches(log, bench.hourly.desks)
    upserts = [_settled(batch) for batch in batches]
    rows = sum(len(one.rows) for batch in upserts for one in batch)
    store, bare = PostgresStore(Address(server.new_database())), Bare(server.new_database())
    store.migrate()
    whole = Whole(store, log, bench.hourly.desks)
    turns = (Written(store, batches), Inserted(bare, upserts), whole)
    written, inserted, folded = _take_turns(bench.size.rounds, turns)
    events = whole.events
    store.close()
    bare.close()
    yield Figure(
        "view rows/s : bare batched inserts of the same",
        inserted / written,
        goal=Goal(0.5, at_least=True),
        notes=(
            f"{rows:,} rows in {len(batches)} transactions, of {events:,} events",
            f"merged, written on conflict, with positions: {rows / written:,.0f} rows/s",
            f"bare, into tables without keys: {rows / inserted:,.0f} rows/s",
        ),
    )
    yield Figure(
        "events/s from the log on SQLite to rows",
        events / folded,
        notes=(f"read, proved, decoded, folded, written: {rows / folded:,.0f} rows/s",),
    )


class Turn(Protocol):
    """What is timed, after what must be done before."""

    def prepare(self) -> None:
        """Empty the tables."""
        ...

    def act(self) -> None:
        """Fill them."""
        ...


def _take_turns(rounds: int, turns: Sequence[Turn]) -> list[float]:
    """Return the median of the wall's seconds: most of the work is another process's."""
    taken: list[list[float]] = [[] for _ in turns]
    for _ in range(rounds):
        for turn, times in zip(turns, taken, strict=True):
            turn.prepare()
            gc.collect()
            began = time.perf_counter()
            turn.act()
            times.append(time.perf_counter() - began)
    return [median(times) for times in taken]


@dataclass
class Whole:
    """From the log to rows."""

    store: PostgresStore
    log: Log
    desks: Sequence[Desk]
    events: int = 0

    def prepare(self) -> None:
        """Drop every row."""
        self.store.rebuild(self.log.incarnation)

    def act(self) -> None:
        """Fold everything."""
        self.events = Views(self.store, self.log, self.desks).catch_up()


@dataclass
class Written:
    """Batches that were folded already, as the views write them."""

    store: PostgresStore
    batches: Sequence[Batch]
    fresh: Sequence[Batch] = ()

    def prepare(self) -> None:
        """Drop every row; a batch is settled once, so each round has its own."""
        self.store.rebuild(INCARNATION)
        self.fresh = copy.deepcopy(self.batches)

    def act(self) -> None:
        """Write one after the other."""
        known: Mapping[Lane, Folded] = {}
        for batch in self.fresh:
            assert self.store.write(batch, known)
            known = {**known, **batch.folded}


@dataclass
class Inserted:
    """The same rows, bare."""

    bare: "Bare"
    batches: Sequence[Sequence[Upsert]]

    def prepare(self) -> None:
        """Drop every row."""
        self.bare.execute(f"TRUNCATE {', '.join(TABLES)}")

    def act(self) -> None:
        """Insert a transaction a batch."""
        for batch in self.batches:
            self.bare.insert(batch)


class Recorder:
    """Takes what views would write to a database."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self.batches: list[Batch] = []

    def bind(self, incarnation: str) -> None:
        """Hold rows of any log."""

    def positions(self) -> dict[Lane, Folded]:
        """Return nothing: everything is news."""
        return {}

    def write(self, batch: Batch, _known: Mapping[Lane, Folded]) -> bool:
        """Keep it."""
        self.batches.append(batch)
        return True


def _batches(log: Log, desks: Sequence[Desk]) -> list[Batch]:
    recorder = Recorder()
    Views(recorder, log, desks).catch_up()  # type: ignore[arg-type] # all that a first fold asks for
    return recorder.batches


def _settled(batch: Batch) -> list[Upsert]:
    """Return the rows of a batch, as if nothing were there before."""
    settled = copy.deepcopy(batch)
    settled.settle(dict.fromkeys(settled.needs, ()))
    return list(settled.upserts())


class Bare:
    """The same arrays into tables of the same columns, without keys: nothing can be in the way."""

    def __init__(self, url: str) -> None:
        """Make the tables."""
        self._loop = asyncio.new_event_loop()
        self._db: asyncpg.Connection = self._loop.run_until_complete(asyncpg.connect(url))
        self.execute(";".join(_table(name) for name in TABLES))

    def execute(self, statement: str) -> None:
        """Execute something."""
        self._loop.run_until_complete(self._db.execute(statement))

    def insert(self, batch: Sequence[Upsert]) -> None:
        """Insert rows in one transaction."""
        self._loop.run_until_complete(self._insert(batch))

    def close(self) -> None:
        """Let go."""
        self._loop.run_until_complete(self._db.close())
        self._loop.close()

    async def _insert(self, batch: Sequence[Upsert]) -> None:
        async with self._db.transaction():
            for upsert in batch:
                await self._db.execute(_insert(upsert), *arrays(upsert))


def _table(name: str) -> str:
    columns = ", ".join(f"{column} {kind}" for column, kind in TABLES[name].types.items())
    return f"CREATE TABLE {name} ({columns})"


def _insert(upsert: Upsert) -> str:
    return statement(upsert).partition(" ON CONFLICT")[0]


@contextmanager
def _server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()

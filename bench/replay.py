"""Full replay of every lane against a raw read of the same rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.figures import Figure, Goal
from bench.rounds import interleave
from bench.stage import Bench
from kingmaker.kernel.lane import Chain, Lane
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.snapshots import Snapshots
from kingmaker.runtime.sqlite_log import COLUMNS, SqliteLog

RAW = f"SELECT {COLUMNS}, hash FROM records ORDER BY lane, seq"  # noqa: S608 - constants


def measure(bench: Bench) -> Iterator[Figure]:
    """Replay as a start without snapshots does; also what the lane rule alone takes."""
    stage = bench.hourly
    with stage.log() as log:
        services = build_services(stage.desks)
        lanes = [service.lane for service in services]

        def replay() -> None:
            for service in services:
                Engine(service, log).replay({})

        def replay_from_snapshots() -> None:
            snapshots = Snapshots(stage.home.snapshots, RELEASE)
            for service in services:
                Engine(service, log).replay(snapshots.newest(service.lane))

        seconds = interleave(
            bench.size.rounds,
            {
                "raw": lambda: _read_raw(stage.home.log),
                "replay": replay,
                "snapshots": replay_from_snapshots,
                "rule": lambda: _read_by_rule(log, lanes),
            },
        )
        events = len(_read_raw(stage.home.log))
    yield Figure(
        "full replay, events/s : raw read, rows/s",
        seconds["raw"] / seconds["replay"],
        goal=Goal(0.5, at_least=True),
        notes=(
            f"{events:,} events of {len(lanes)} lanes",
            f"replay {events / seconds['replay']:,.0f}/s, raw {events / seconds['raw']:,.0f}/s",
            f"from snapshots {events / seconds['snapshots']:,.0f}/s",
            f"the lane rule alone {events / seconds['rule']:,.0f}/s",
        ),
    )


def _read_raw(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(RAW).fetchall()


def _read_by_rule(log: SqliteLog, lanes: list[Lane]) -> None:
    for lane in lanes:
        chain, place = Chain(lane, log.incarnation), 0
        while (page := log.read(lane, place))[0]:
            records, place = page
            for record in records:
                chain.feed(record)

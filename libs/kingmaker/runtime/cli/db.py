"""`kingmaker db`: the views in SQL, folded from the log, as often as anyone likes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.cli import opening
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import note, one
from kingmaker.runtime.cli.progress import Progress
from kingmaker.runtime.log import Log
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_load import Sources, load
from kingmaker.runtime.sqlite_log import SqliteLog
from kingmaker.runtime.views import migrating
from kingmaker.runtime.views.chosen import open_store
from kingmaker.runtime.views.digest import digests
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.schema import TABLES
from kingmaker.runtime.views.store import ViewStore

app = App(name="db", help="The views in SQL: migrate, look at, fold anew.")

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]


@app.command
def migrate(*, config: Files = (), options: Options | None = None) -> int:
    """Make the tables, or bring them to this release; rows are kept. Safe to run at any time.

    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    with _store(_settings(config, options), options) as store:
        applied = store.migrate()
        lines = [f"applied {name}" for name in applied] or ["already applied: nothing to do"]
        one({"database": store.place, "applied": list(applied)}, lines, options.output)
    return Exit.DONE


@app.command
def status(*, digest: bool = False, config: Files = (), options: Options | None = None) -> int:
    """Show migrations, how many rows there are, and up to where each lane is folded.

    Exit 3 if a migration is missing.

    :param digest: Read every row, too: equal rows have equal hashes, a hash a table.
    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    with _store(_settings(config, options), options) as store:
        standing = migrating.standing(store.applied())
        missing = migrating.pending(store.applied(), store.place)
        answer: dict[str, Any] = {
            "ok": not missing,
            "database": store.place,
            "migrations": [asdict(each) for each in standing],
        }
        if not missing:
            answer |= _rows(store, digest=digest)
    one(answer, _told(answer), options.output)
    return Exit.NO if missing else Exit.DONE


@app.command
def rebuild(*, config: Files = (), options: Options | None = None) -> int:
    """Drop every row and fold the whole log anew. Nothing of the log is touched.

    The log is that of the home if --home is given or no cluster is set, else that of Kafka.

    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    settings = _settings(config, options)
    with _log(settings, options) as (log, desks), _store(settings, options) as store:
        store.migrate()
        store.rebuild(log.incarnation)
        with Progress(f"folding the log into {store.place}") as progress:
            events = Views(store, log, desks).catch_up(progress.show)
        answer = {"database": store.place, "log": log.incarnation, "events": events}
        one(answer, [f"folded {events:,} events into {store.place}"], options.output)
    return Exit.DONE


def _rows(store: ViewStore, *, digest: bool) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "rows": {name: store.count(name) for name in TABLES},
        "lanes": [
            {"lane": str(lane), "seq": folded.seq, "hash": folded.hash}
            for lane, folded in sorted(store.positions().items())
        ],
    }
    return {**found, "digests": dict(digests(store))} if digest else found


def _told(answer: Mapping[str, Any]) -> list[str]:
    lines = [f"views in {answer['database']}"]
    lines += [
        f"  {'✓' if each['applied'] else '✗'} {each['name']}" for each in answer["migrations"]
    ]
    if not answer["ok"]:
        return [*lines, "  → kingmaker db migrate"]
    hashes = answer.get("digests", {})
    for name, count in answer["rows"].items():
        lines.append(f"  {name:<22} {count:>10,}  {hashes.get(name, '')[:16]}".rstrip())
    return lines + [
        f"  {lane['lane']:<22} {lane['seq']:>10,}  {lane['hash'][:16]}" for lane in answer["lanes"]
    ]


@contextmanager
def _store(settings: Settings, options: Options) -> Iterator[ViewStore]:
    """Open the database that is meant: of the settings, or of a home that there is."""
    file = Path() if settings.views.url else opening.find_home(options.home).views
    store = open_store(settings, file)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _log(settings: Settings, options: Options) -> Iterator[tuple[Log, tuple[Desk, ...]]]:
    if options.home is None and settings.kafka.servers:
        from kingmaker.runtime.live.views import open_kafka  # noqa: PLC0415 - an optional library

        log: Log = open_kafka(settings)
        desks = tuple(Desk(desk.name, at) for at, desk in enumerate(settings.desks))
    else:
        home = opening.find_home(options.home)
        desks = opening.remembered_desks(home)
        log = SqliteLog(home.log, home.incarnation(), read_only=True)
    try:
        yield log, desks
    finally:
        log.close()


def _settings(config: Files, options: Options) -> Settings:
    flags = {"home": str(options.home) if options.home else None}
    loaded = load(Sources(flags=flags, files=config))
    for warning in loaded.warnings:
        note(f"warning: {warning}")
    return loaded.settings

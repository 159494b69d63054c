"""`kingmaker log`: move a whole history between the file of a home and Kafka."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from kingmaker.contracts.topics import event_lanes
from kingmaker.runtime.cli import opening
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, note, rows
from kingmaker.runtime.home import Home, HomeError, Lock
from kingmaker.runtime.log import Log
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_load import Sources, load

app = App(name="log", help="Move a whole history from one store to another.")

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]

COPIED = (
    Column("LANE", "lane"),
    Column("RECORDS", "records", right=True),
    Column("NEW", "new", right=True),
    Column("LAST HASH", "hash"),
)


@app.command
def copy(
    *, to: Literal["kafka", "home"], config: Files = (), options: Options | None = None
) -> int:
    """Copy every lane of every desk; every record keeps its hash. Nobody may write meanwhile.

    :param to: kafka copies from the home's file to the cluster of the settings; home the other way.
    :param config: A YAML file; may be given several times, later ones win.
    """
    from kingmaker.runtime.copying import copy as copy_lanes  # noqa: PLC0415 - not for --help

    options = options or Options()
    loaded = load(Sources(files=config))
    for warning in loaded.warnings:
        note(f"warning: {warning}")
    home = Home(opening.home_folder(options.home))
    with _stores(home, loaded.settings, to) as (source, target, desks):
        done = copy_lanes(source, target, event_lanes(desks))
    found = [
        {"lane": str(one.lane), "records": one.records, "new": one.new, "hash": one.hash}
        for one in done
    ]
    rows(found, COPIED, options.output)
    return Exit.DONE


@contextmanager
def _stores(home: Home, settings: Settings, to: str) -> Iterator[tuple[Log, Log, int]]:
    """Yield source, target and the number of desks; the home's file is ours alone meanwhile."""
    from kingmaker.runtime.kafka import configured  # noqa: PLC0415 - an optional library
    from kingmaker.runtime.kafka.log import KafkaLog  # noqa: PLC0415 - as above
    from kingmaker.runtime.sqlite_log import SqliteLog  # noqa: PLC0415 - not for --help

    cluster, named = configured.cluster_of(settings), settings.kafka.incarnation
    if to == "home":
        wanted = configured.wanted_of(settings)
        home.begin(named or configured.incarnation_in(cluster) or _nothing(settings))
        opening.remember_desks(
            home, [desk.model_dump(exclude_none=True) for desk in settings.desks]
        )
        desks = wanted.desks
    else:
        desks = len(opening.remembered_desks(home))
    with Lock(home):
        incarnation = home.begin(named)
        file = SqliteLog(home.log, incarnation)
        kafka = KafkaLog(cluster, incarnation)
        try:
            yield (file, kafka, desks) if to == "kafka" else (kafka, file, desks)
        finally:
            kafka.close()
            file.close()


def _nothing(settings: Settings) -> str:
    raise HomeError(
        f"Kafka at {settings.kafka.servers} holds no log yet: there is nothing to copy. Check"
        f" kafka.servers."
    )

"""Looks at a cluster as at a home: what its log holds now is copied into a file, and folded there.

Nobody is asked and nothing is written on Kafka; lanes are copied one after the other, each up to
where it has come by then. Every record that is shown was proved by the rule and by its hash.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kingmaker.contracts.topics import event_lanes
from kingmaker.runtime.cli import opening
from kingmaker.runtime.cli.exits import CommandError
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_load import FILE_NAME, Sources, load


def cluster_settings(files: tuple[Path, ...], named: Path | None) -> Settings | None:
    """Return the settings of a cluster; None: look at a home, one that is named before all others.

    Whoever names a file means a cluster: without one in it `observed` says what is missing.
    """
    if named is not None or not (files or Path(FILE_NAME).is_file()):
        return None
    settings = load(Sources(files=files)).settings
    return settings if files or settings.kafka.servers else None


@contextmanager
def observed(settings: Settings) -> Iterator[Home]:
    """Yield a home of this process alone with what the cluster's log holds now."""
    from kingmaker.runtime.copying import copy  # noqa: PLC0415 - not where a home is looked at
    from kingmaker.runtime.kafka import configured  # noqa: PLC0415 - an optional library
    from kingmaker.runtime.kafka.log import KafkaLog  # noqa: PLC0415 - as above
    from kingmaker.runtime.sqlite_log import SqliteLog  # noqa: PLC0415 - as above

    cluster, wanted = configured.cluster_of(settings), configured.wanted_of(settings)
    incarnation = settings.kafka.incarnation or configured.incarnation_in(cluster)
    if not incarnation:
        raise CommandError(
            f"Kafka at {cluster.servers} holds no log yet: no service has run there. Check"
            f" kafka.servers, or start the services: docs/cluster.md."
        )
    with tempfile.TemporaryDirectory(prefix="kingmaker-observed-") as folder:
        home = Home(Path(folder) / "home")
        home.begin(incarnation)
        desks = [desk.model_dump(exclude_none=True) for desk in settings.desks]
        opening.remember_desks(home, desks)
        source, target = KafkaLog(cluster, incarnation), SqliteLog(home.log, incarnation)
        try:
            copy(source, target, event_lanes(wanted.desks))
        finally:
            target.close()
            source.close()
        yield home

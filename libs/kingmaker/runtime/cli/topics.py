"""`kingmaker topics`: make and check the topics of a cluster, and print who may use them."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import note, one
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_load import Sources, load

app = App(name="topics", help="Make and check the topics of a cluster.")

POLL_S = 1.0

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]


@app.command
def init(*, wait: float = 0.0, config: Files = (), options: Options | None = None) -> int:
    """Make the topics that are missing, then check them all. Nothing that is there is altered.

    :param wait: Seconds to wait for a Kafka that does not answer yet.
    :param config: A YAML file; may be given several times, later ones win.
    """
    from kingmaker.runtime.kafka import configured, topics  # noqa: PLC0415 - an optional library

    settings = _settings(config)
    cluster, wanted = configured.cluster_of(settings), configured.wanted_of(settings)
    made = _patient(lambda: topics.create(cluster, wanted), wait)
    differences = topics.differences(cluster, wanted)
    told_there = configured.incarnation_in(cluster)
    incarnation = settings.kafka.incarnation or told_there or secrets.token_hex(8)
    if told_there not in ("", incarnation):
        differences.append(
            f"kafka.incarnation is {incarnation}, but the log there is called {told_there}. Write"
            f" {told_there}, or name the cluster that was meant."
        )
    told = [f"made {name}" for name in made] or ["every topic was there"]
    if not settings.kafka.incarnation:
        told += [
            "kafka.incarnation is not set. Write it into the settings of every service, for ever:",
            f"  kafka: {{incarnation: {incarnation}}}",
        ]
    answer = {"made": made, "differences": differences, "incarnation": incarnation}
    one(answer, [*told, *differences], (options or Options()).output)
    return Exit.NO if differences else Exit.DONE


@app.command
def check(*, wait: float = 0.0, config: Files = (), options: Options | None = None) -> int:
    """Check the topics. Exit 3 with every difference and its remedy.

    :param wait: Seconds to wait until everything is as it must be.
    :param config: A YAML file; may be given several times, later ones win.
    """
    from kingmaker.runtime.kafka import configured, topics  # noqa: PLC0415 - an optional library

    settings = _settings(config)
    cluster, wanted = configured.cluster_of(settings), configured.wanted_of(settings)
    ends = time.monotonic() + wait
    found = _patient(lambda: topics.differences(cluster, wanted), wait)
    while found and time.monotonic() < ends:
        time.sleep(POLL_S)
        found = topics.differences(cluster, wanted)
    answer = {"ok": not found, "differences": found}
    lines = found or [f"ok: {len(wanted.lanes())} topics are as they must be"]
    one(answer, lines, (options or Options()).output)
    return Exit.NO if found else Exit.DONE


@app.command
def acl(*, config: Files = (), options: Options | None = None) -> int:
    """Print a kafka-acls line for every right that anybody has; no line, no right.

    :param config: A YAML file; may be given several times, later ones win.
    """
    from kingmaker.runtime.kafka.rights import rights  # noqa: PLC0415 - costs more than a parse

    servers = _settings(config).kafka.servers or "$KAFKA"
    lines = [right.line(servers) for right in rights()]
    one({"lines": lines}, lines, (options or Options()).output)
    return Exit.DONE


def _settings(config: Files) -> Settings:
    loaded = load(Sources(files=config))
    for warning in loaded.warnings:
        note(f"warning: {warning}")
    return loaded.settings


def _patient(question: Callable[[], list[str]], wait_s: float) -> list[str]:
    """Ask until Kafka answers; after `wait_s` its TopicsError is raised."""
    from kingmaker.runtime.kafka.topics import TopicsError  # noqa: PLC0415 - an optional library

    ends = time.monotonic() + wait_s
    while True:
        try:
            return question()
        except TopicsError:
            if time.monotonic() >= ends:
                raise
            time.sleep(POLL_S)

"""`kingmaker service`: the services, and who reads whom."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from kingmaker.contracts.topics import TOPICS, Topic
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, note, one, rows

app = App(name="service", help="The services, and who reads whom.")

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]

LISTED = (
    Column("SERVICE", "service"),
    Column("TOPIC", "topic"),
    Column("LANES", "lanes"),
    Column("READERS", "readers"),
)


@app.command(name="ls")
def list_services(*, graph: bool = False, options: Options | None = None) -> int:
    """List the services with their topics.

    :param graph: Draw who reads whom, as declared: deciders, and reactors for their effects alone.
        JSON holds the edges.
    """
    options = options or Options()
    if graph:
        one({"edges": _edges()}, [_drawn(topic) for topic in TOPICS], options.output)
        return Exit.DONE
    rows([_row(topic) for topic in TOPICS], LISTED, options.output)
    return Exit.DONE


@app.command
def run(  # noqa: PLR0913 - each is an option of the command
    name: str,
    /,
    *,
    ordinal: int = 0,
    of: int = 1,
    health: str = "127.0.0.1:0",
    bars_a_second: float = 0.0,
    until_over: bool = False,
    config: Files = (),
    home: Path | None = None,
) -> int:
    """Run one service on the Kafka of the settings, until SIGTERM: then it drains and ends.

    :param name: feed, trader, shadow, learners, registry, promotion, risk, alerting; or views.
    :param ordinal: Which of the processes of this service this is, from 0.
    :param of: How many there are; the lane of desk N belongs to ordinal N modulo this.
    :param health: Where /startupz, /livez, /readyz and /metrics are answered. Port 0: a free one.
    :param bars_a_second: With clock: bars, how quickly the feed plays. 0: as it can.
    :param until_over: With clock: bars, end once the bars are over and all is consumed.
    :param config: A YAML file; may be given several times, later ones win.
    :param home: Folder of this process alone: anchors, snapshots, lock.
    """
    from kingmaker.runtime.endpoint import address_of  # noqa: PLC0415 - costs 60 ms
    from kingmaker.runtime.live import process  # noqa: PLC0415 - an optional library
    from kingmaker.runtime.settings_load import Sources, load  # noqa: PLC0415 - costs 60 ms

    flags = {"home": str(home) if home else None}
    loaded = load(Sources(flags=flags, files=config))
    for warning in loaded.warnings:
        note(f"warning: {warning}")
    host, port = address_of(health, "--health")
    wish = process.Wish(name, ordinal, of, host, port, bars_a_second, until_over)
    process.run(wish, loaded.settings, note)
    return Exit.DONE


def _edges() -> list[dict[str, str]]:
    """Return who reads whom; `by`: the decider, which records what it read, or reactors alone."""
    return [
        {"from": topic.service, "to": to, "by": by}
        for topic in TOPICS
        for by, found in (("decider", topic.readers), ("reactors", topic.reactors_of))
        for to in found
    ]


def _drawn(topic: Topic) -> str:
    effects = [f"reactors of {name}" for name in topic.reactors_of]
    readers = ", ".join([*topic.readers, *effects]) or "nobody"
    return f"{topic.service:<10} ── {topic.name:<18} ──▶ {readers}"


def _row(topic: Topic) -> dict[str, Any]:
    return {
        "service": topic.service,
        "topic": topic.name,
        "lanes": "one a desk" if topic.per_desk else "one",
        "readers": ", ".join(topic.readers),
    }

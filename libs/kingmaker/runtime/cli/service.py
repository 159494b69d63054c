"""`kingmaker service`: the services, and who reads whom."""

from typing import Any

from cyclopts import App

from kingmaker.contracts.topics import TOPICS, Topic
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, one, rows

app = App(name="service", help="The services, and who reads whom.")

LISTED = (
    Column("SERVICE", "service"),
    Column("TOPIC", "topic"),
    Column("LANES", "lanes"),
    Column("READERS", "readers"),
)


@app.command(name="ls")
def list_services(*, graph: bool = False, options: Options | None = None) -> int:
    """List the services with their topics.

    :param graph: Draw who reads whom, as declared; JSON holds the edges.
    """
    options = options or Options()
    if graph:
        edges = [{"from": topic.service, "to": to} for topic in TOPICS for to in topic.readers]
        one({"edges": edges}, [_drawn(topic) for topic in TOPICS], options.output)
        return Exit.DONE
    rows([_row(topic) for topic in TOPICS], LISTED, options.output)
    return Exit.DONE


def _drawn(topic: Topic) -> str:
    readers = ", ".join(topic.readers) or "nobody"
    return f"{topic.service:<10} ── {topic.name:<18} ──▶ {readers}"


def _row(topic: Topic) -> dict[str, Any]:
    return {
        "service": topic.service,
        "topic": topic.name,
        "lanes": "one a desk" if topic.per_desk else "one",
        "readers": ", ".join(topic.readers),
    }

"""Records that nobody can read: what people signed for reaches promotion before anybody goes on."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SIGNED
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.inbox import Inbox

SKIP_INPUT = "kingmaker.governance.v1.SkipInput"


def waiting(engine: Engine, inbox: Path, time_ms: int) -> Sequence[Input]:
    """Return what an engine has not heard of the commands up to the last such exception.

    All of them, in their order: a command that is overtaken would be taken for heard.
    """
    lane = Lane(command_topic(engine.service.name), engine.lane.index)
    heard = engine.host.consumption.position(lane).seq
    news = [one for one in _all(inbox, time_ms) if one.lane == lane and one.number > heard]
    ends = [at for at, one in enumerate(news, start=1) if _is_exception(one)]
    return news[: ends[-1]] if ends else ()


def tell(engines: Iterable[Engine]) -> None:
    """Tell every host which records its promotion lets it pass over."""
    hosts = {engine.lane: engine.host for engine in engines}
    for engine in list(engines):
        for skip in engine.service.skips(engine.host.state):
            if skip.reader in hosts:
                hosts[skip.reader].allow(skip)


def _all(inbox: Path, time_ms: int) -> list[Input]:
    found: list[Input] = []
    reader = Inbox(inbox)
    while page := reader.take(time_ms):
        found.extend(page)
    reader.close()
    return found


def _is_exception(command: Input) -> bool:
    if command.kind != SIGNED:
        return False
    package, _, name = SIGNED.rpartition(".")
    try:
        signed: Any = message_class(package, name).FromString(command.value)
    except DecodeError:
        return False
    return bool(signed.type == SKIP_INPUT)

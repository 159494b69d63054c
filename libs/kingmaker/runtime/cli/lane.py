"""`kingmaker lane`: what to do where a record cannot be read."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cyclopts import App

from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import moment, one
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.history import accepted
from kingmaker.runtime.services import build_services

if TYPE_CHECKING:
    from kingmaker.runtime.cli.commanding import Command

app = App(name="lane", help="What to do where a record cannot be read.")

BYTES_SHOWN = 64


@app.command
def skip(  # noqa: PLR0913 - what is said on one command line
    service: str,
    lane: str,
    seq: int,
    /,
    *,
    words: Words,
    yes: bool = False,
    options: Options | None = None,
) -> int:
    """Let a service pass over one record that no release can read. Asks for an admin's key.

    It stands in the log for ever, with what was signed; no other record is passed over.

    :param service: Who stops at the record: trader.
    :param lane: Where the record stands: km.feed.v1/0.
    :param seq: Its number there.
    :param yes: Do not ask.
    """
    from kingmaker.runtime.cli import commanding  # noqa: PLC0415 - costs only this command

    options = options or Options()
    with opened(options.home) as home:
        place, record = _find(home, lane, seq)
        name = {"topic": place.topic, "lane": place.index, "seq": seq, "hash": record.hash}
        stopped = _readers(home, service, place, record)
        key = commanding.find_key(home.home, words.key)
        signed = [commanding.sign(_command(home, one, name, words), key) for one in stopped]
    commanding.confirm("\n".join(_shown(place, record, service)), yes=yes)
    answers = commanding.deliver(options.home, signed, words.timeout)
    events = [said[-1].event for said in answers]
    answer = {**name, "service": service, "events": events}
    one(answer, [f"{service} passes over {place}/{seq} · {', '.join(events)}"], options.output)
    return Exit.DONE


def _command(
    home: Opened, stopped: AnyService, record: Mapping[str, Any], words: Words
) -> "Command":
    from kingmaker.runtime.cli.commanding import Command  # noqa: PLC0415 - costs only this

    fields = {**record, "service": stopped.name, "index": stopped.index}
    desk = home.desks[stopped.index]
    return Command("SkipInput", desk, fields, words.reason, words.actor)


def _find(home: Opened, text: str, seq: int) -> tuple[Lane, Record]:
    topic, _, index = text.partition("/")
    lane = Lane(topic, int(index) if index.isdecimal() else -1)
    if lane not in home.log.lanes():
        known = ", ".join(map(str, home.log.lanes()))
        raise CommandError(f"{text!r} is no lane here. Lanes: {known}.", Exit.USAGE)
    for record in accepted(home.log, lane):
        if record.seq == seq:
            return lane, record
    raise CommandError(f"{lane} has no record {seq}.", Exit.USAGE)


def _readers(home: Opened, service: str, lane: Lane, record: Record) -> Sequence[AnyService]:
    """Return the lanes of a service that stop at the record; CommandError if none does."""
    named = [one for one in build_services(home.desks) if one.name == service]
    reading = [one for one in named if lane in one.reads]
    if not reading:
        fault = f"does not read {lane}" if named else "is no service"
        raise CommandError(f"{service!r} {fault}. See `kingmaker service ls --graph`.", Exit.USAGE)
    if not any(_stops(one, record) for one in reading):
        raise CommandError(
            f"{service} can read {lane}/{record.seq}: there is nothing to pass over.", Exit.NO
        )
    return reading


def _stops(service: AnyService, record: Record) -> bool:
    try:
        service.messages.decode(record.kind, record.value)
    except UndecodableError:
        return True
    return False


def _shown(lane: Lane, record: Record, service: str) -> list[str]:
    return [
        f"{lane}/{record.seq}  {record.kind}  {moment(record.time_ms)}",
        f"hash   {record.hash}",
        f"bytes  {record.value[:BYTES_SHOWN].hex()} ({len(record.value)} in all)",
        f"{event_topic(service)} will never decide on it.",
    ]

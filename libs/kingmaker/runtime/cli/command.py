"""`kingmaker command` and `countersign`: what people asked for, and what came of it."""

from pathlib import Path
from typing import Any, Literal

from cyclopts import App

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SIGNED, seal
from kingmaker.kernel.lane import Draft
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Signature
from kingmaker.runtime.cli.output import Column, moment, one, rows
from kingmaker.runtime.refusals import dated

app = App(name="command", help="What people asked for, and what came of it.")

LISTED = (
    Column("TIME", "time_ms", moment),
    Column("DESK", "desk"),
    Column("COMMAND", "command"),
    Column("TARGET", "target"),
    Column("ACTOR", "actor"),
    Column("KEY", "key_id"),
    Column("KEY OF", "owner"),
    Column("OUTCOME", "outcome"),
    Column("REASON", "reason", dated),
    Column("ID", "command_id"),
    Column("EVENT", "event"),
)
COMMANDS = """
    SELECT commands.*, keys.owner FROM commands
    LEFT JOIN keys ON keys.desk = commands.desk AND keys.key_id = commands.key_id
    ORDER BY commands.time_ms, commands.event
"""
FILE_BYTES_MAX = 1_000_000

type Outcome = Literal["taken", "refused", "pending"]


@app.command(name="ls")
def list_commands(outcome: Outcome | None = None, /, *, options: Options | None = None) -> int:
    """List commands in the order in which they were answered.

    :param outcome: Only those that came to this.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query(COMMANDS)
    chosen = [row for row in found if outcome in (None, row["outcome"])]
    none = f"No command is {outcome}." if outcome else "Nobody asked for anything yet."
    rows(chosen, LISTED, options.output, none)
    return Exit.DONE


@app.command
def send(
    file: Path,
    /,
    *,
    desk: str | None = None,
    timeout: float = 30.0,
    options: Options | None = None,
) -> int:
    """Hand out a command that was signed elsewhere: the bytes of kingmaker.governance.v1.Signed.

    :param file: The bytes.
    :param desk: Which desk is asked; may be left out where there is one desk.
    :param timeout: Seconds to wait for the answer.
    """
    from kingmaker.runtime.cli.commanding import (  # noqa: PLC0415 - costs only this
        Sealed,
        asked_by,
        deliver,
    )

    options = options or Options()
    value = _bytes_of(file)
    kind, command_id = _named(file, value)
    with opened(options.home) as home:
        asked = home.desk(desk)
    sealed = Sealed(command_id, asked, Draft(SIGNED, value), asked_by(kind))
    [said] = deliver(options.home, [sealed], timeout)
    answer = [{"event": each.event, "kind": each.kind} for each in said]
    lines = [f"{each.kind} · {each.event}" for each in said]
    one({"command_id": command_id, "said": answer}, lines, options.output)
    return Exit.DONE


def countersign(
    command_id: str, /, *, signature: Signature | None = None, options: Options | None = None
) -> int:
    """Sign a command that waits for a second person: the same bytes, with another owner's key.

    :param command_id: As `kingmaker command ls pending` shows it.
    """
    from kingmaker.runtime.cli.commanding import (  # noqa: PLC0415 - costs only this
        Sealed,
        deliver,
        find_key,
    )

    options, signature = options or Options(), signature or Signature()
    with opened(options.home) as home:
        pending = _pending(home, command_id)
        desk, event = home.desk(pending["desk"]), _read(home, pending["event"])
        key = find_key(home.home, signature.key)
    draft = seal(key, Draft(event.type, event.payload))
    [said] = deliver(options.home, [Sealed(command_id, desk, draft)], signature.timeout)
    answer = [{"event": each.event, "kind": each.kind} for each in said]
    lines = [f"{each.kind} · {each.event}" for each in said]
    one({"command_id": command_id, "said": answer}, lines, options.output)
    return Exit.DONE


def _pending(home: Opened, command_id: str) -> dict[str, Any]:
    found = home.query("SELECT * FROM commands WHERE outcome = 'pending' ORDER BY time_ms")
    named = [row for row in found if row["command_id"] == command_id]
    if not named:
        known = ", ".join(str(row["command_id"]) for row in found) or "none"
        raise CommandError(
            f"no command {command_id!r} waits for a second signature. Waiting: {known}.",
            Exit.USAGE,
        )
    return named[0]


def _read(home: Opened, event: str) -> Any:  # noqa: ANN401 - a CommandPending
    from kingmaker.kernel.lane import Lane  # noqa: PLC0415 - costs only this

    topic, index, seq = event.split("/")
    place = home.log.place_of(Lane(topic, int(index)), int(seq))
    assert place is not None, f"{event} is in the views and not in the log"
    [record, *_] = home.log.read(Lane(topic, int(index)), place)[0]
    package, _, name = record.kind.rpartition(".")
    return message_class(package, name).FromString(record.value)


def _bytes_of(file: Path) -> bytes:
    try:
        value = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error}).", Exit.USAGE) from error
    if len(value) > FILE_BYTES_MAX:
        raise CommandError(f"{file} has more than {FILE_BYTES_MAX:,} bytes.", Exit.USAGE)
    return value


def _named(file: Path, value: bytes) -> tuple[str, str]:
    """Return kind and id, by which the answer is found; CommandError without a command in it."""
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - costs only this

    package, _, name = SIGNED.rpartition(".")
    try:
        signed: Any = message_class(package, name).FromString(value)
        package, _, name = signed.type.rpartition(".")
        command: Any = message_class(package, name).FromString(signed.payload)
        return str(signed.type), str(command.command_id)
    except (DecodeError, TypeError, ValueError, ImportError, AttributeError) as error:
        raise CommandError(
            f"{file} holds no signed command ({error}). docs/how-to/sign-a-command.md shows how to"
            f" make one.",
            Exit.USAGE,
        ) from error

"""`kingmaker freeze` and `thaw`: crown nobody on a desk or in a slot, and crown again."""

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import one


def freeze(scope: str = "", /, *, words: Words, options: Options | None = None) -> int:
    """Crown nobody until thaw. A rollback stays allowed.

    :param scope: A desk, or a slot; may be left out where there is one desk.
    """
    return _say("Freeze", scope, words, options or Options())


def thaw(scope: str = "", /, *, words: Words, options: Options | None = None) -> int:
    """Crown again, after a freeze or a rollback.

    :param scope: A desk, or a slot; may be left out where there is one desk.
    """
    return _say("Thaw", scope, words, options or Options())


def _say(name: str, scope: str, words: Words, options: Options) -> int:
    from kingmaker.runtime.cli.commanding import (  # noqa: PLC0415 - costs only this command
        Command,
        find_slot,
        send,
    )

    with opened(options.home) as home:
        if not scope or scope in {desk.name for desk in home.desks}:
            desk, meant = home.desk(scope or None), "desk"
        else:
            meant = find_slot(home, scope)["slot"]
            desk = home.desk(desk_of(meant))
    command = Command(name, desk, {"scope": meant}, words.reason, words.actor)
    said = send(options.home, command, words)
    event = next(each for each in said if each.kind in {"Frozen", "Thawed"})
    told = desk.name if meant == "desk" else meant
    answer = {"event": event.event, "scope": told, "frozen": event.kind == "Frozen"}
    last = getattr(event.message, "last_promotion", "")
    line = f"{told} is {'frozen' if answer['frozen'] else 'thawed'} · {event.event}"
    if last:
        answer["last_promotion"] = last
        line += f" · the last coronation before it: {last}"
    one(answer, [line], options.output)
    return Exit.DONE

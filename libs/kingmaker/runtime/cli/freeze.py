"""`kingmaker freeze` and `thaw`: crown nobody on a desk or in a slot, and crown again."""

from dataclasses import dataclass

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Common
from kingmaker.runtime.cli.output import one

TIMEOUT_S = 30.0


def freeze(
    scope: str = "",
    /,
    *,
    reason: str,
    actor: str = "",
    timeout: float = TIMEOUT_S,
    common: Common | None = None,
) -> int:
    """Crown nobody until thaw. A rollback stays allowed.

    :param scope: A desk, or a slot; may be left out where there is one desk.
    :param reason: Why; it stands in the log for ever.
    :param actor: Who. Default: the user of this machine.
    :param timeout: Seconds to wait for the answer.
    """
    return _say("Freeze", scope, _Words(reason, actor, timeout), common or Common())


def thaw(
    scope: str = "",
    /,
    *,
    reason: str,
    actor: str = "",
    timeout: float = TIMEOUT_S,
    common: Common | None = None,
) -> int:
    """Crown again, after a freeze or a rollback.

    :param scope: A desk, or a slot; may be left out where there is one desk.
    :param reason: Why; it stands in the log for ever.
    :param actor: Who. Default: the user of this machine.
    :param timeout: Seconds to wait for the answer.
    """
    return _say("Thaw", scope, _Words(reason, actor, timeout), common or Common())


@dataclass(frozen=True, slots=True)
class _Words:
    reason: str
    actor: str
    timeout_s: float


def _say(name: str, scope: str, words: _Words, common: Common) -> int:
    from kingmaker.runtime.cli.commanding import (  # noqa: PLC0415 - costs only this command
        Command,
        find_slot,
        send,
    )

    with opened(common.home) as home:
        if not scope or scope in {desk.name for desk in home.desks}:
            desk, meant = home.desk(scope or None), "desk"
        else:
            meant = find_slot(home, scope)["slot"]
            desk = home.desk(desk_of(meant))
    command = Command(name, desk, {"scope": meant}, words.reason, words.actor)
    said = send(common.home, command, words.timeout_s)
    event = next(each for each in said if each.kind in {"Frozen", "Thawed"})
    told = desk.name if meant == "desk" else meant
    answer = {"event": event.event, "scope": told, "frozen": event.kind == "Frozen"}
    last = getattr(event.message, "last_promotion", "")
    line = f"{told} is {'frozen' if answer['frozen'] else 'thawed'} · {event.event}"
    if last:
        answer["last_promotion"] = last
        line += f" · the last coronation before it: {last}"
    one(answer, [line], common.output)
    return Exit.DONE

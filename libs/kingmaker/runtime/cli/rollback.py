"""`kingmaker rollback`: gives the crown back to the champion before."""

import time
from collections.abc import Mapping
from typing import Any

from kingmaker.contracts.desks import PARAMETERS, component_of, desk_of
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import one


def rollback(
    slot: str = "",
    /,
    *,
    words: Words,
    to: str = "",
    yes: bool = False,
    options: Options | None = None,
) -> int:
    """Give the crown back to the champion before; a second rollback undoes the first.

    `parameters@DESK` takes the last change of settings back instead.

    Never blocked, not by a freeze. The slot is frozen afterwards, until `kingmaker thaw`.

    :param slot: A slot (online_learning@btc-1h) or a component; not needed if one was crowned.
    :param to: A version that reigned here. Default: the one before.
    :param yes: Do not ask.
    """
    from kingmaker.runtime.cli.commanding import confirm, find_slot  # noqa: PLC0415 - costly

    options = options or Options()
    if component_of(slot) == PARAMETERS:
        return _roll_parameters_back(slot, to, words, options, yes=yes)
    with opened(options.home) as home:
        champion = find_slot(home, slot or _crowned_last(home))
        target = to or _before(home, champion["slot"])
    confirm(
        f"{champion['model']} → {target} on {champion['slot']}. Open trades keep the exits they"
        f" were entered with; {target} decides from the next bar.",
        yes=yes,
    )
    began = time.monotonic()
    answer = _send(champion, to, words, options)
    answer["seconds"] = round(time.monotonic() - began, 3)
    one(answer, _told(answer), options.output)
    return Exit.DONE


def _send(champion: Mapping[str, Any], to: str, words: Words, options: Options) -> dict[str, Any]:
    """Hand the command over; return what came of it."""
    from kingmaker.runtime.cli.commanding import Command, send  # noqa: PLC0415 - costly

    slot = str(champion["slot"])
    with opened(options.home) as home:
        desk = home.desk(desk_of(slot))
    fields = {"slot": slot, "to_version": to, "expected_champion": str(champion["model"])}
    command = Command("Rollback", desk, fields, words.reason, words.actor)
    said = {each.kind: each for each in send(options.home, command, words)}
    record, activated = said["ChampionRolledBack"], said["ChampionActivated"]
    return {
        "promotion": record.message.promotion,
        "record": record.event,
        "slot": slot,
        "from": record.message.from_model,
        "to": record.message.to_model,
        "reign": record.message.reign,
        "activated": activated.event,
    }


def _roll_parameters_back(slot: str, to: str, words: Words, options: Options, *, yes: bool) -> int:
    """Let the settings before the last change be in force again."""
    from kingmaker.runtime.cli.commanding import Command, confirm, send  # noqa: PLC0415 - costly

    with opened(options.home) as home:
        desk = home.desk(desk_of(slot))
    confirm(
        f"The last change of settings of {desk.name} is taken back. They stay so until the"
        f" settings are changed again.",
        yes=yes,
    )
    fields = {"slot": slot, "to_version": to}
    command = Command("Rollback", desk, fields, words.reason, words.actor)
    said = {each.kind: each for each in send(options.home, command, words)}
    record, restored = said["ParametersRolledBack"], said["ParametersRestored"]
    answer = {
        "change": record.message.change,
        "record": record.event,
        "restored": restored.event,
        "values": dict(record.message.values),
    }
    values = ", ".join(f"{key} = {value}" for key, value in sorted(answer["values"].items()))
    one(answer, [f"{answer['change']} taken back {answer['record']}: {values}"], options.output)
    return Exit.DONE


def _told(answer: Mapping[str, Any]) -> list[str]:
    record = f"rolled back {answer['record']} · reign {answer['reign']}"
    thaw = f"The slot is frozen until `kingmaker thaw {answer['slot']} --reason ...`."
    return [
        f"{record} · activated by the trader {answer['activated']}",
        f"{answer['to']} reigns. {answer['seconds']:.1f} s. {thaw}",
    ]


def _crowned_last(home: Opened) -> str:
    """Return the slot that is meant when none is named: the only one with more than one reign."""
    found = home.query("SELECT DISTINCT slot FROM reigns WHERE reign > 1 ORDER BY slot")
    if len(found) == 1:
        return str(found[0]["slot"])
    if not found:
        raise CommandError("nobody was crowned after the bootstrap: nothing to take back.", Exit.NO)
    slots = ", ".join(row["slot"] for row in found)
    raise CommandError(f"several slots have a champion before: {slots}. Name one.", Exit.USAGE)


def _before(home: Opened, slot: str) -> str:
    """Return who reigned before, as people will see it; promotion decides."""
    rows = home.query(
        "SELECT from_model FROM reigns WHERE slot = ? ORDER BY reign DESC LIMIT 1", slot
    )
    if not rows or not rows[0]["from_model"]:
        raise CommandError(f"nobody reigned before on {slot}: nothing to go back to.", Exit.NO)
    return str(rows[0]["from_model"])

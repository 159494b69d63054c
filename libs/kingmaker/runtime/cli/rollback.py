"""`kingmaker rollback`: gives the crown back to the champion before."""

import time

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Common
from kingmaker.runtime.cli.output import one

TIMEOUT_S = 30.0


def rollback(  # noqa: PLR0913 - each is a flag
    slot: str = "",
    /,
    *,
    reason: str,
    to: str = "",
    actor: str = "",
    yes: bool = False,
    timeout: float = TIMEOUT_S,
    common: Common | None = None,
) -> int:
    """Give the crown back to the champion before; a second rollback undoes the first.

    Never blocked, not by a freeze. The slot is frozen afterwards, until `kingmaker thaw`.

    :param slot: A slot (online_learning@btc-1h) or a component; not needed if one was crowned.
    :param reason: Why; it stands in the log for ever.
    :param to: A version that reigned here. Default: the one before.
    :param actor: Who. Default: the user of this machine.
    :param yes: Do not ask.
    :param timeout: Seconds to wait for the trader.
    """
    from kingmaker.runtime.cli.commanding import (  # noqa: PLC0415 - costs only this command
        Command,
        confirm,
        find_slot,
        send,
    )

    common = common or Common()
    with opened(common.home) as home:
        champion = find_slot(home, slot or _crowned_last(home))
        desk = home.desk(desk_of(champion["slot"]))
        target = to or _before(home, champion["slot"])
    confirm(
        f"{champion['model']} → {target} on {champion['slot']}. Open trades keep the exits they"
        f" were entered with; {target} decides from the next bar.",
        yes=yes,
    )
    began = time.monotonic()
    fields = {
        "slot": champion["slot"],
        "to_version": to,
        "expected_champion": champion["model"],
    }
    said = send(common.home, Command("Rollback", desk, fields, reason, actor), timeout)
    record = next(each for each in said if each.kind == "ChampionRolledBack")
    activated = next(each for each in said if each.kind == "ChampionActivated")
    seconds = time.monotonic() - began
    answer = {
        "promotion": record.message.promotion,
        "record": record.event,
        "slot": champion["slot"],
        "from": record.message.from_model,
        "to": record.message.to_model,
        "reign": record.message.reign,
        "activated": activated.event,
        "seconds": round(seconds, 3),
    }
    done = f"rolled back {answer['record']} · reign {answer['reign']}"
    thaw = f"The slot is frozen until `kingmaker thaw {champion['slot']} --reason ...`."
    lines = [
        f"{done} · activated by the trader {answer['activated']}",
        f"{answer['to']} reigns. {seconds:.1f} s. {thaw}",
    ]
    one(answer, lines, common.output)
    return Exit.DONE


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

"""`kingmaker risk`: stop a desk at once, start it again, and show in which mode each trades."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cyclopts import App

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import Column, moment, percent, rows

if TYPE_CHECKING:
    from kingmaker.contracts.desks import Desk
    from kingmaker.runtime.cli.commanding import Said

app = App(name="risk", help="Stop a desk at once, and start it again.")

NORMAL, KILLED = "normal", "killed"
LISTED = (
    Column("DESK", "desk"),
    Column("MODE", "mode"),
    Column("SINCE", "since_ms", moment),
    Column("BY", "actor"),
    Column("REASON", "reason"),
    Column("FLATTEN", "flatten", lambda flatten: "yes" if flatten else "no"),
    Column("OPEN POSITIONS", "open_positions", str, right=True),
    Column("EVENT", "event"),
    Column("TRADER FOLLOWS", "trader_event"),
    Column("PROMOTION FOLLOWS", "promotion_event"),
)
GUARDED = (
    Column("DESK", "desk"),
    Column("GUARD", "guard"),
    Column("SINCE", "guard_since_ms", moment),
    Column("BECAUSE OF", "guard_cause"),
    Column("LATEST TRADES", "guard_trades", str, right=True),
    Column("WON", "guard_win_rate", percent, right=True),
    Column("DRAWDOWN", "guard_drawdown", percent, right=True),
    Column("LOSSES IN A ROW", "guard_losses", str, right=True),
    Column("TRADES SINCE", "guard_trades_since", str, right=True),
    Column("TRADER FOLLOWS", "guard_trader_event"),
)
GUARDS = """
    SELECT desk, coalesce(level, 'normal') AS guard, since_ms AS guard_since_ms,
           cause AS guard_cause, trades AS guard_trades, win_rate AS guard_win_rate,
           drawdown AS guard_drawdown, losses AS guard_losses,
           trades_since AS guard_trades_since, event AS guard_event,
           CASE WHEN trader_number = number THEN trader_event END AS guard_trader_event
    FROM guards
"""
# An answer to an earlier change is none to this one.
MODES = """
    SELECT desk, mode, since_ms, actor, reason, flatten, event,
           CASE WHEN trader_number = number THEN open_positions END AS open_positions,
           CASE WHEN trader_number = number THEN trader_event END AS trader_event,
           CASE WHEN promotion_number = number THEN promotion_event END AS promotion_event
    FROM modes
"""


@app.command
def kill(
    desk: str = "", /, *, words: Words, flatten: bool = False, options: Options | None = None
) -> int:
    """Open no position and crown nobody until `risk resume`, whatever restarts in between.

    What is open is led to its own exits. A rollback stays allowed.

    :param desk: A desk. Default: every desk that is not killed.
    :param flatten: Close what is open at the next bar. A desk that is killed may be told so later.
    """
    options = options or Options()
    with opened(options.home) as home:
        modes = _modes(home)
        chosen = [
            one.name
            for one in _named(home, desk)
            if modes[one.name]["mode"] == NORMAL or (flatten and not modes[one.name]["flatten"])
        ]
    if not chosen:
        raise CommandError(f"{desk or 'every desk'} is killed already: `kingmaker risk mode`.")
    return _say("Kill", chosen, {"flatten": flatten}, words, options)


@app.command
def resume(desk: str = "", /, *, words: Words, options: Options | None = None) -> int:
    """Trade again. An admin's key signs; what was left alone meanwhile is not made up for.

    :param desk: A desk. Default: every desk that is killed.
    """
    options = options or Options()
    with opened(options.home) as home:
        modes = _modes(home)
        chosen = [one.name for one in _named(home, desk) if modes[one.name]["mode"] == KILLED]
    if not chosen:
        raise CommandError(f"{desk or 'no desk'} is {'not ' if desk else ''}killed.", Exit.REFUSED)
    return _say("Resume", chosen, {}, words, options)


@app.command
def mode(*, options: Options | None = None) -> int:
    """Show in which mode each desk trades, since when and why. Exit 3 if one is killed.

    Below it, where the performance guard of a desk is on: the latest trades and what follows from
    them. There is no maintenance mode.
    """
    options = options or Options()
    with opened(options.home) as home:
        guards = {row["desk"]: row for row in home.query(GUARDS)}
        found = [row | guards.get(row["desk"], {}) for row in _modes(home).values()]
    rows(found, LISTED, options.output)
    if guards and options.output == "table":
        rows([row for row in found if row["desk"] in guards], GUARDED, options.output)
    return Exit.NO if any(row["mode"] == KILLED for row in found) else Exit.DONE


def _say(
    name: str, desks: Sequence[str], fields: Mapping[str, Any], words: Words, options: Options
) -> int:
    """Send the command to each desk; print where its trader and its promotion follow."""
    from kingmaker.runtime.cli import commanding  # noqa: PLC0415 - costs only these commands

    with opened(options.home) as home:
        meant = [home.desk(desk) for desk in desks]
        key = commanding.find_key(home.home, words.key)
    sealed = []
    for desk in meant:
        own = {"desk": desk.name, **fields}
        command = commanding.Command(name, desk, own, words.reason, words.actor)
        sealed.append(commanding.sign(command, key))
    answers = commanding.deliver(options.home, sealed, words.timeout)
    rows([_answer(said) for said in answers], LISTED, options.output)
    return Exit.DONE


def _answer(said: "Sequence[Said]") -> dict[str, Any]:
    [changed] = [one for one in said if one.kind == "ModeChanged"]
    followed = {
        one.event.split(".")[1]: one for one in said if one.kind == "ModeFollowed"
    }  # by service, as the topic names it
    message = changed.message
    return {
        "desk": message.desk,
        "mode": message.mode,
        "since_ms": message.time_ms,
        "actor": message.actor,
        "reason": message.reason,
        "flatten": message.flatten,
        "open_positions": followed["trader"].message.open_positions,
        "event": changed.event,
        "trader_event": followed["trader"].event,
        "promotion_event": followed["promotion"].event,
    }


def _named(home: Opened, desk: str) -> "Sequence[Desk]":
    return [home.desk(desk)] if desk else home.desks


def _modes(home: Opened) -> dict[str, dict[str, Any]]:
    """Return a row for every desk, also for one that nobody ever stopped."""
    unknown = dict.fromkeys(column.key for column in LISTED) | {"mode": NORMAL, "flatten": 0}
    told = {row["desk"]: row for row in home.query(MODES)}
    modes = {
        desk.name: {**unknown, "desk": desk.name} | told.get(desk.name, {}) for desk in home.desks
    }
    return {desk: {**row, "flatten": bool(row["flatten"])} for desk, row in modes.items()}

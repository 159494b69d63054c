"""`kingmaker key`: who may command."""

from collections.abc import Sequence
from typing import Any, Literal

from cyclopts import App

from kingmaker.runtime.cli.approve import milliseconds
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import Column, moment, one, rows

app = App(name="key", help="Who may command: make, list, rotate and revoke keys.")

type Role = Literal["viewer", "operator", "admin"]

LISTED = (
    Column("DESK", "desk"),
    Column("KEY", "key_id"),
    Column("OWNER", "owner"),
    Column("ROLE", "role"),
    Column("UNTIL", "not_after_ms", moment),
    Column("REVOKED FROM", "revoked_from_ms", moment),
    Column("STATE", "state"),
)
ALL = "SELECT * FROM keys ORDER BY desk, trusted_ms, key_id"


@app.command
def new(  # noqa: PLR0913 - what is said on one command line
    name: str,
    /,
    *,
    role: Role,
    words: Words,
    owner: str = "",
    public_key: str = "",
    options: Options | None = None,
) -> int:
    """Make a key and have every desk trust it; or have them trust a key made elsewhere.

    :param name: What its file is called: keys/NAME.pem in the home, for your eyes only.
    :param role: viewer reads; operator acts on crowns and trials; admin also on keys.
    :param owner: Whom it stands for; two signatures of one owner count once. Default: NAME.
    :param public_key: 64 hexadecimal digits: trust this key, whose private half stays elsewhere.
    """
    from kingmaker.runtime.cli import trusting  # noqa: PLC0415 - costs only this command

    options = options or Options()
    with opened(options.home) as home:
        made = trusting.make(home.home, name, owner or name, role, public_key)
        trusting.trust(home, made, words)
    one(made.told, made.lines, options.output)
    return Exit.DONE


@app.command(name="ls")
def list_keys(*, options: Options | None = None) -> int:
    """List every key that a desk trusts or trusted."""
    options = options or Options()
    with opened(options.home) as home:
        found = [row | {"state": _state(home, row)} for row in home.query(ALL)]
    rows(found, LISTED, options.output, "No desk trusts a key yet: `kingmaker up` begins with one.")
    return Exit.DONE


@app.command
def revoke(key_id: str, /, *, words: Words, options: Options | None = None) -> int:
    """Trust a key no longer, on every desk, at once and for ever.

    :param key_id: Its 16 digits, as `kingmaker key ls` shows them.
    """
    from kingmaker.runtime.cli import trusting  # noqa: PLC0415 - costs only this command

    options = options or Options()
    with opened(options.home) as home:
        _require(home, key_id)
        events = trusting.revoke(home, key_id, words, overlap_ms=None)
    one({"key_id": key_id, "events": events}, [f"{key_id} is revoked."], options.output)
    return Exit.DONE


@app.command
def rotate(
    key_id: str, /, *, words: Words, overlap: str = "24h", options: Options | None = None
) -> int:
    """Put a new key in the place of an old one, which stays good for a while.

    :param key_id: The old one.
    :param overlap: How long both are good, of market time: 90m, 12h, 3d.
    """
    from kingmaker.runtime.cli import trusting  # noqa: PLC0415 - costs only this command

    options = options or Options()
    overlap_ms = milliseconds(overlap)
    with opened(options.home) as home:
        old = _require(home, key_id)[0]
        made = trusting.succeed(home, old, words, overlap_ms)
    lines = [*made.lines, f"{key_id} stays good for {overlap} of market time."]
    one(made.told | {"replaces": key_id}, lines, options.output)
    return Exit.DONE


def _require(home: Opened, key_id: str) -> Sequence[dict[str, Any]]:
    found = home.query(ALL)
    named = [row for row in found if row["key_id"] == key_id]
    if not named:
        known = ", ".join(sorted({row["key_id"] for row in found})) or "none"
        raise CommandError(f"no desk knows a key {key_id!r}. Keys: {known}.", Exit.USAGE)
    return named


def _state(home: Opened, row: dict[str, Any]) -> str:
    """Return what a key is good for, at the market time of its desk."""
    from kingmaker.runtime.cli.commanding import now_of  # noqa: PLC0415 - costs only this

    now_ms = now_of(home, home.desk(row["desk"]))
    if row["revoked_from_ms"] is not None and row["revoked_from_ms"] <= now_ms:
        return "revoked"
    if now_ms < row["not_before_ms"]:
        return "not yet valid"
    if row["not_after_ms"] and row["not_after_ms"] < now_ms:
        return "expired"
    return "good" if row["revoked_from_ms"] is None else "ends"

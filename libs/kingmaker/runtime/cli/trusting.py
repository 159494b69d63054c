"""Commands about keys go to every desk: each has a lane of its own, and trusts by itself."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import SigningKey, key_id_of
from kingmaker.runtime import keyring
from kingmaker.runtime.cli.commanding import Command, deliver, find_key, now_of, sign
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened
from kingmaker.runtime.cli.options import Words
from kingmaker.runtime.home import Home

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Made:
    """A key that is to be trusted, and the file of its private half, if it is here."""

    key_id: str
    public_key: str
    owner: str
    role: str
    file: Path | None

    @property
    def told(self) -> dict[str, Any]:
        """Everything about it that is no secret."""
        return {
            "key_id": self.key_id,
            "public_key": self.public_key,
            "owner": self.owner,
            "role": self.role,
            "file": str(self.file) if self.file else None,
        }

    @property
    def lines(self) -> list[str]:
        """The same in words."""
        where = f" · private key in {self.file}" if self.file else ""
        return [f"{self.key_id} of {self.owner} is trusted as {self.role}{where}"]


def make(home: Home, name: str, owner: str, role: str, public_key: str = "") -> Made:
    """Make a key pair and write its private half; with `public_key` only check that."""
    if not NAME.fullmatch(name):
        raise CommandError(f"{name!r} cannot name a file. Letters, digits, . _ @ -.", Exit.USAGE)
    if public_key:
        public_key = public_key.lower()
        try:
            return Made(key_id_of(public_key), public_key, owner, role, None)
        except ValueError:
            raise CommandError(
                "--public-key is no Ed25519 key in 64 hexadecimal digits.", Exit.USAGE
            ) from None
    key, path = SigningKey.generate(), keyring.folder(home) / f"{name}.pem"
    try:
        keyring.write_key(path, key)
    except FileExistsError:
        raise CommandError(f"{path} is there already. Choose another name.", Exit.USAGE) from None
    return Made(key.key_id, key.public_key, owner, role, path)


def trust(home: Opened, made: Made, words: Words) -> list[str]:
    """Have every desk that lacks it trust a key; a private half that nobody trusts is not kept."""
    known = home.query("SELECT desk FROM keys WHERE key_id = ?", made.key_id)
    lacking = {desk.name for desk in home.desks} - {row["desk"] for row in known}
    if not lacking:
        raise CommandError(f"every desk knows {made.key_id} already.", Exit.REFUSED)
    key = {
        "key_id": made.key_id,
        "public_key": made.public_key,
        "owner": made.owner,
        "role": made.role,
    }
    try:
        return _to_all(home, "TrustKey", lambda _desk: {"key": key}, words, lacking)
    except CommandError as refused:
        if made.file and refused.code == Exit.REFUSED:
            made.file.unlink()
        raise


def revoke(
    home: Opened,
    key_id: str,
    words: Words,
    overlap_ms: int | None,
    successor: Mapping[str, Any] | None = None,
) -> list[str]:
    """Have every desk that knows a key trust it no longer, at once or after a while."""

    def fields(desk: Desk) -> dict[str, Any]:
        from_ms = 0 if overlap_ms is None else now_of(home, desk) + overlap_ms
        return {"key_id": key_id, "from_ms": from_ms}

    rows = home.query("SELECT desk FROM keys WHERE key_id = ? ORDER BY desk", key_id)
    knowing = {row["desk"] for row in rows}
    events = _to_all(home, "RevokeKey", fields, words, knowing)
    keyring.forget(home.home, key_id, successor)
    return events


def succeed(home: Opened, old: Mapping[str, Any], words: Words, overlap_ms: int) -> Made:
    """Trust a new key of the same owner and role, then end the old one; return the new."""
    seed = SigningKey.generate()
    stem = old["owner"] if NAME.fullmatch(old["owner"]) else "key"
    path = keyring.folder(home.home) / f"{stem}-{seed.key_id}.pem"
    keyring.write_key(path, seed)
    made = Made(seed.key_id, seed.public_key, old["owner"], old["role"], path)
    trust(home, made, words)
    own = keyring.own_file(home.home)
    successor = {"public_key": made.public_key, "owner": made.owner, "role": made.role}
    revoke(home, old["key_id"], words, overlap_ms, successor)
    if own.exists() and keyring.read_key(own).key_id == old["key_id"]:
        own.rename(own.with_name(f"home-{old['key_id']}.pem"))
        path.rename(own)
        return Made(made.key_id, made.public_key, made.owner, made.role, own)
    return made


def _to_all(
    home: Opened,
    name: str,
    fields: Callable[[Desk], Mapping[str, Any]],
    words: Words,
    only: Collection[str] | None = None,
) -> list[str]:
    """Send a command to every desk, or to some; return the events that followed."""
    key = find_key(home.home, words.key)
    commands = [
        sign(Command(name, desk, fields(desk), words.reason, words.actor), key)
        for desk in home.desks
        if only is None or desk.name in only
    ]
    answers = deliver(home.home.path, commands, words.timeout)
    return [said[-1].event for said in answers]

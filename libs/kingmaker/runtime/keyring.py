"""The keys of a home: its own private one, and the public ones that it trusts from the start.

Whoever begins a home is its root of trust: the home makes one key, an admin's, for its owner. All
other keys are trusted and revoked by signed commands, and stand in the log.
"""

import getpass
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import BadKeyError, SigningKey, key_id_of
from kingmaker.kernel.lane import Draft
from kingmaker.runtime.home import Home, HomeError, write_file

APPLY_KEYS = "kingmaker.governance.v1.ApplyKeys"
PRIVATE, FOLDER_PRIVATE = 0o600, 0o700


class KeyFileError(HomeError):
    """A file of keys cannot be used: which, why, and what to do."""


def folder(home: Home) -> Path:
    """Return where the keys of a home lie."""
    return home.path / "keys"


def own_file(home: Home) -> Path:
    """Return the private key that signs where nobody names another."""
    return folder(home) / "home.pem"


def trusted_file(home: Home) -> Path:
    """Return the public keys that promotion is handed at every start."""
    return folder(home) / "trusted.json"


def begin(home: Home, given: Path | None = None) -> None:
    """Make the home's own key, once, and trust it; where a file of keys is given, only those."""
    if given is not None:
        folder(home).mkdir(mode=FOLDER_PRIVATE, parents=True, exist_ok=True)
        write_trusted(home, _trusted(given, "Name another one in trusted_keys."))
        return
    with suppress(FileExistsError):
        write_key(own_file(home), SigningKey.generate())
    if not trusted_file(home).exists():
        own = read_key(own_file(home))
        write_trusted(home, {own.key_id: _row(own.public_key, getpass.getuser())})


def write_key(path: Path, key: SigningKey) -> None:
    """Write a private key for its owner's eyes; FileExistsError if the file is there."""
    path.parent.mkdir(mode=FOLDER_PRIVATE, parents=True, exist_ok=True)
    proposal = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(proposal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor, made private above
            file.write(key.pem)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(proposal)
    finally:
        proposal.unlink()


def read_key(path: Path) -> SigningKey:
    """Return the private key of a file; KeyFileError says what is wrong with it."""
    try:
        return SigningKey.from_pem(path.read_bytes())
    except FileNotFoundError:
        raise KeyFileError(
            f"{path} is missing. Name a key with --key or KINGMAKER_KEY, or restore it from a copy."
        ) from None
    except (OSError, BadKeyError) as error:
        raise KeyFileError(
            f"{path} cannot be used ({error}). `kingmaker key new` makes a key; --key names one."
        ) from error


def is_exposed(path: Path) -> bool:
    """Tell whether anybody but the owner may read or change a private key."""
    return bool(path.stat().st_mode & 0o077)


def trusted(home: Home) -> Mapping[str, Mapping[str, Any]]:
    """Return the keys that the home trusts from the start, by id."""
    remedy = "Restore it from a copy; without it, delete it and the home trusts its own key again."
    return _trusted(trusted_file(home), remedy)


def write_trusted(home: Home, keys: Mapping[str, Mapping[str, Any]]) -> None:
    """Write which keys the home trusts from the start."""
    content = json.dumps({"keys": list(keys.values())}, indent=1)
    write_file(trusted_file(home), content.encode())


def forget(home: Home, key_id: str, successor: Mapping[str, Any] | None = None) -> None:
    """No longer trust a key on desks that are yet to come, but its successor if there is one."""
    keys = dict(trusted(home))
    if keys.pop(key_id, None) is not None:
        if successor is not None:
            keys[key_id_of(successor["public_key"])] = successor
        write_trusted(home, keys)


def apply_keys(home: Home) -> Draft:
    """Return what promotion is told at a start."""
    keys = [
        {
            "key_id": key_id,
            "public_key": row["public_key"],
            "owner": row["owner"],
            "role": row["role"],
        }
        for key_id, row in trusted(home).items()
    ]
    message = message_class("kingmaker.governance.v1", "ApplyKeys")(keys=keys)
    return Draft(APPLY_KEYS, message.SerializeToString(deterministic=True))


def _trusted(path: Path, remedy: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["keys"]
        return {
            str(key_id_of(row["public_key"])): _row(row["public_key"], row["owner"], row["role"])
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileError(f"{path} cannot be read ({error!r}). {remedy}") from error


def _row(public_key: str, owner: str, role: str = "admin") -> dict[str, str]:
    return {"public_key": public_key, "owner": owner, "role": role}

"""The people of the tests and their keys, from fixed seeds: the same bits in every run."""

import hashlib
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SigningKey, seal
from kingmaker.kernel.lane import Draft

APPLY_KEYS = "kingmaker.governance.v1.ApplyKeys"


def key_of(name: str) -> SigningKey:
    """Return the key that a name stands for."""
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())


ADA, BEN = key_of("ada"), key_of("ben")  # admins
OPAL = key_of("opal")  # operator
VIC = key_of("vic")  # viewer
EVE = key_of("eve")  # nobody trusts her
EVES = {"key_id": EVE.key_id, "public_key": EVE.public_key, "owner": "eve", "role": "admin"}
TRUSTED = (("ada", "admin"), ("ben", "admin"), ("opal", "operator"), ("vic", "viewer"))


def apply_keys(*people: tuple[str, str]) -> Draft:
    """Return what a home that trusts these people tells promotion; all of ours by default."""
    rows: list[dict[str, Any]] = [
        {
            "key_id": key_of(name).key_id,
            "public_key": key_of(name).public_key,
            "owner": name,
            "role": role,
        }
        for name, role in people or TRUSTED
    ]
    message = message_class("kingmaker.governance.v1", "ApplyKeys")(keys=rows)
    return Draft(APPLY_KEYS, message.SerializeToString(deterministic=True))


def signed(command: Draft, key: SigningKey = ADA) -> Draft:
    """Return a command as somebody sends it."""
    return seal(key, command)

"""From a signed envelope to an order: whose key it bears, and whether that key is good for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kingmaker.governance.keys import Key, Trusted, fault_of
from kingmaker.governance.roles import reaches
from kingmaker.kernel.service import UndecodableError

PAYLOAD_BYTES_MAX = 65_536
CLAIM_LENGTH_MAX = 200  # of what is recorded of a command that proves nothing
UNSIGNED = "unsigned: a command acts only as the payload of kingmaker.governance.v1.Signed"


class RefusedError(Exception):
    """The command may not act; the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A command as it was signed: its kind, its bytes, and by which key."""

    key_id: str
    type: str
    payload: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Seal[C]:
    """What needs a library: handed in, pure functions of bytes."""

    verify: Callable[[str, str, bytes, bytes], bool]  # public key, kind, payload, signature
    read: Callable[[str, bytes], C | None]  # of kind and payload; raises UndecodableError
    key_id_of: Callable[[str], str]  # of a public key; raises ValueError


@dataclass(frozen=True, slots=True)
class Order[C]:
    """A command whose signature holds: whose it is, and when it was heard."""

    command: C
    signed: Signed
    key: Key
    now_ms: int

    @property
    def name(self) -> str:
        """What is asked, in one word."""
        return type(self.command).__name__


def command_in[C](signed: Signed, seal: Seal[C], service: str) -> C:
    """Return what the envelope carries; RefusedError if it is no command of this service."""
    if len(signed.payload) > PAYLOAD_BYTES_MAX:
        raise RefusedError(f"its payload is longer than {PAYLOAD_BYTES_MAX} bytes")
    try:
        command = seal.read(signed.type, signed.payload)
    except UndecodableError as error:
        raise RefusedError(f"its payload is no {short(signed.type)}: {error}") from error
    if command is None:
        raise RefusedError(f"{short(signed.type)!r} is no command of {service}")
    return command


def authorise[C](  # noqa: PLR0913, PLR0917 - a command, its proof, and what it is held against
    keys: Mapping[str, Trusted],
    needed: Mapping[str, str],
    command: C,
    signed: Signed,
    seal: Seal[C],
    now_ms: int,
) -> Order[C]:
    """Return the command as an order; RefusedError if the key is not good for it.

    `needed` is the role that each command asks for, by name.
    """
    trusted = keys.get(signed.key_id)
    if trusted is None:
        raise RefusedError(f"unknown key {signed.key_id[:16]!r}: nobody here trusts it")
    key = trusted.key
    if not seal.verify(key.public_key, signed.type, signed.payload, signed.signature):
        raise RefusedError(f"forged: this is no signature of {key.owner}'s key over these bytes")
    fault = fault_of(trusted, now_ms)
    if fault:
        raise RefusedError(fault)
    name = type(command).__name__
    if not reaches(key.role, needed[name]):
        raise RefusedError(f"wrong role: {name} asks for {needed[name]}, {key.owner} is {key.role}")
    return Order(command, signed, key, now_ms)


def short(text: str) -> str:
    """Return as much of a claim as is recorded."""
    return text[:CLAIM_LENGTH_MAX]

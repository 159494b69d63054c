"""Signatures of commands: Ed25519 over the exact bytes, in the manner of DSSE.

    key = SigningKey.generate()
    signed = seal(key, draft)                # a Draft of kind kingmaker.governance.v1.Signed
    verify(key.public_key, kind, payload, signature)

Whether a signature holds follows from the bytes alone, so a replay and an audit find it again.
"""

import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft

SIGNED = "kingmaker.governance.v1.Signed"
KEY_ID_DIGITS = 16

_PRIME = 2**255 - 19
_Y_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_Y_OF_SMALL_ORDER = {0, 1, _PRIME - 1, _Y_OF_ORDER_8, _PRIME - _Y_OF_ORDER_8}


class BadKeyError(ValueError):
    """What should be a private key is none that we can sign with."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. It never shows itself: neither in a log line nor in a traceback."""

    _private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> Self:
        """Return a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key of 32 bytes; the same seed gives the same key."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Return the key of an unencrypted PKCS #8 file; BadKeyError says what else it is."""
        try:
            private = load_pem_private_key(pem, password=None)
        except (TypeError, ValueError, UnsupportedAlgorithm) as error:
            raise BadKeyError(f"no unencrypted private key in PEM: {error}") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise BadKeyError(f"a key of type {type(private).__name__}, not Ed25519")
        return cls(private)

    @property
    def pem(self) -> bytes:
        """The private key, as a file holds it."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public_key(self) -> str:
        """The raw public key, in 64 hexadecimal digits."""
        return self._private.public_key().public_bytes_raw().hex()

    @property
    def key_id(self) -> str:
        """What others call it."""
        return key_id_of(self.public_key)

    def sign(self, kind: str, payload: bytes) -> bytes:
        """Return the signature, 64 bytes; the same bytes give the same."""
        return self._private.sign(pae(kind, payload))

    def __repr__(self) -> str:
        """Name the key, and nothing secret."""
        return f"SigningKey({self.key_id})"


def pae(kind: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding: what is signed."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def verify(public_key: str, kind: str, payload: bytes, signature: bytes) -> bool:
    """Tell whether the key signed exactly this. Never raises: anything else is a no."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signature, pae(kind, payload))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id_of(public_key: str) -> str:
    """Return the first 16 digits of SHA-256 of the raw key; ValueError if it is no key."""
    raw = bytes.fromhex(public_key)
    if raw.hex() != public_key:
        raise ValueError("a public key is written in 64 hexadecimal digits, small and unparted")
    Ed25519PublicKey.from_public_bytes(raw)
    if int.from_bytes(raw, "little") % 2**255 % _PRIME in _Y_OF_SMALL_ORDER:
        raise ValueError("a point of small order: anybody can sign under it")
    return hashlib.sha256(raw).hexdigest()[:KEY_ID_DIGITS]


def seal(key: SigningKey, command: Draft) -> Draft:
    """Return a command in its envelope, ready for a commands topic."""
    package, _, name = SIGNED.rpartition(".")
    signed = message_class(package, name)(
        key_id=key.key_id,
        type=command.kind,
        payload=command.value,
        signature=key.sign(command.kind, command.value),
    )
    return Draft(SIGNED, signed.SerializeToString(deterministic=True))

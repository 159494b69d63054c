"""Signatures of commands: over the exact bytes, and nothing but them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import (
    SIGNED,
    BadKeyError,
    SigningKey,
    key_id_of,
    pae,
    seal,
    verify,
)
from kingmaker.kernel.lane import Draft

KIND, PAYLOAD = "kingmaker.promotion.v1.Rollback", b"\x0a\x03c-1"

# RFC 8032, section 7.1, test 1: seed, public key, signature of the empty message.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
KEY = SigningKey.from_seed(SEED)


def test_what_is_signed_is_the_encoding_of_dsse() -> None:
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pae("é", b"") == b"DSSEv1 2 \xc3\xa9 0 "


def test_the_key_of_a_seed_is_that_of_the_standard() -> None:
    assert KEY.public_key == PUBLIC
    assert KEY.key_id == key_id_of(PUBLIC) == "21fe31dfa154a261"


@pytest.mark.parametrize(
    "public_key",
    [
        "01" + "00" * 31,  # the neutral element: R = itself and S = 0 sign everything
        "01" + "00" * 30 + "80",
        "00" * 32,
        "ec" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",  # the neutral element again, written above the prime
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ],
)
def test_a_key_under_which_anybody_can_sign_is_none(public_key: str) -> None:
    with pytest.raises(ValueError, match="anybody can sign"):
        key_id_of(public_key)


def test_a_public_key_has_one_way_to_be_written() -> None:
    for text in (PUBLIC.upper(), f"{PUBLIC[:32]} {PUBLIC[32:]}"):
        with pytest.raises(ValueError, match="64 hexadecimal digits"):
            key_id_of(text)


def test_a_signature_holds_for_its_bytes_its_kind_and_its_key() -> None:
    signature = KEY.sign(KIND, PAYLOAD)
    other = SigningKey.generate()
    assert len(signature) == 64
    assert verify(PUBLIC, KIND, PAYLOAD, signature)
    assert not verify(PUBLIC, KIND, PAYLOAD + b"\0", signature)
    assert not verify(PUBLIC, "kingmaker.promotion.v1.Freeze", PAYLOAD, signature)
    assert not verify(other.public_key, KIND, PAYLOAD, signature)


def test_moving_a_byte_from_kind_to_payload_breaks_it() -> None:
    signature = KEY.sign("ab", b"c")
    assert not verify(PUBLIC, "a", b"bc", signature)


@given(st.text(), st.text(max_size=80), st.binary(max_size=80), st.binary(max_size=80))
def test_whatever_else_is_a_no_and_never_a_crash(
    public_key: str, kind: str, payload: bytes, signature: bytes
) -> None:
    assert not verify(public_key, kind, payload, signature)
    assert not verify(PUBLIC, kind, payload, signature)


@given(st.integers(min_value=0, max_value=511))
def test_one_bit_of_the_signature_breaks_it(bit: int) -> None:
    signature = bytearray(KEY.sign(KIND, PAYLOAD))
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify(PUBLIC, KIND, PAYLOAD, bytes(signature))


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "00" * 33])
def test_what_is_no_key_has_no_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        key_id_of(text)


def test_a_key_survives_its_file_and_does_not_show_itself() -> None:
    key = SigningKey.generate()
    assert SigningKey.from_pem(key.pem).key_id == key.key_id
    assert repr(key) == f"SigningKey({key.key_id})"


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        X25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
        X25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
        ),
    ],
    ids=["empty", "garbage", "another kind", "encrypted"],
)
def test_a_file_that_is_no_key_of_ours_is_refused(pem: bytes) -> None:
    with pytest.raises(BadKeyError):
        SigningKey.from_pem(pem)


def test_the_envelope_carries_the_bytes_as_they_are() -> None:
    sealed = seal(KEY, Draft(KIND, PAYLOAD))
    signed = message_class("kingmaker.governance.v1", "Signed").FromString(sealed.value)
    assert sealed.kind == SIGNED
    assert (signed.key_id, signed.type, signed.payload) == (KEY.key_id, KIND, PAYLOAD)  # type: ignore[attr-defined] # generated at run time
    assert verify(PUBLIC, signed.type, signed.payload, signed.signature)  # type: ignore[attr-defined] # generated at run time

"""From an envelope to an order: every way in which a signature may not be good is refused."""

from dataclasses import dataclass, replace

import pytest

from kingmaker.contracts import signing
from kingmaker.governance.keys import Key, Trusted
from kingmaker.governance.orders import (
    PAYLOAD_BYTES_MAX,
    Order,
    RefusedError,
    Seal,
    Signed,
    authorise,
    command_in,
    short,
)
from kingmaker.kernel.service import UndecodableError
from tests.people import EVE, OPAL

KIND, BYTES = "kingmaker.any.v1.Stop", b"stop"


@dataclass(frozen=True, slots=True)
class Stop:
    """A command of a service that there is not."""


def read(kind: str, payload: bytes) -> Stop | None:
    if payload == b"\xff":
        raise UndecodableError("these are no bytes of it")
    return Stop() if kind == KIND else None


SEAL = Seal(signing.verify, read, signing.key_id_of)
SIGNED = Signed(OPAL.key_id, KIND, BYTES, OPAL.sign(KIND, BYTES))
KEYS = {OPAL.key_id: Trusted(Key(OPAL.key_id, OPAL.public_key, "opal", "operator", 0, 100))}


def judged(signed: Signed = SIGNED, *, needed: str = "operator", now_ms: int = 0) -> Order[Stop]:
    return authorise(KEYS, {"Stop": needed}, Stop(), signed, SEAL, now_ms)


def test_a_good_signature_makes_an_order() -> None:
    order = judged()
    assert (order.name, order.key.owner, order.now_ms) == ("Stop", "opal", 0)


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (replace(SIGNED, key_id=EVE.key_id), "unknown key"),
        (replace(SIGNED, signature=bytes(64)), "forged"),
        (replace(SIGNED, payload=b"start"), "forged"),
        (replace(SIGNED, type="kingmaker.any.v1.Start"), "forged"),
        (replace(SIGNED, signature=EVE.sign(KIND, BYTES)), "forged"),
    ],
)
def test_a_signature_that_is_not_good_makes_none(signed: Signed, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        judged(signed)


def test_a_good_signature_of_a_key_that_may_not_makes_none() -> None:
    with pytest.raises(RefusedError, match="wrong role: Stop asks for admin, opal is operator"):
        judged(needed="admin")
    with pytest.raises(RefusedError, match="expired key"):
        judged(now_ms=101)


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (replace(SIGNED, type="kingmaker.any.v1.Start"), "no command of the toy"),
        (replace(SIGNED, payload=b"\xff"), "its payload is no kingmaker.any.v1.Stop"),
        (replace(SIGNED, payload=bytes(PAYLOAD_BYTES_MAX + 1)), "longer than"),
    ],
)
def test_an_envelope_without_a_command_is_refused(signed: Signed, reason: str) -> None:
    assert command_in(SIGNED, SEAL, "the toy") == Stop()
    with pytest.raises(RefusedError, match=reason):
        command_in(signed, SEAL, "the toy")


def test_no_more_of_a_claim_is_recorded_than_can_be_read() -> None:
    assert len(short("k" * 999)) == 200

"""Answers to signed commands: taken and acted upon at once, or refused with what was claimed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from kingmaker.contracts import signing
from kingmaker.governance import answers
from kingmaker.governance.answers import CommandRefused, CommandTaken, Hearing
from kingmaker.governance.keys import Key, Trusted
from kingmaker.governance.orders import CLAIM_LENGTH_MAX, Order, RefusedError, Seal, Signed
from tests.people import EVE, OPAL

KIND, BYTES = "kingmaker.any.v1.Stop", b"stop"


@dataclass(frozen=True, slots=True)
class Stop:
    """A command of a service that there is not."""

    command_id: str = "c-1"
    actor: str = "opal"
    reason: str = "smoke"
    issued_at_ms: int = 50
    not_after_ms: int = 90
    place: str = "oak"


def read(kind: str, payload: bytes) -> Stop | None:
    return Stop(reason=payload.decode()) if kind == KIND else None


def signed(payload: bytes = BYTES) -> Signed:
    return Signed(OPAL.key_id, KIND, payload, OPAL.sign(KIND, payload))


HEARING = Hearing(
    service="any",
    seal=Seal(signing.verify, read, signing.key_id_of),
    needed={"Stop": "operator"},
    target_of=lambda stop: stop.place,
    keys={OPAL.key_id: Trusted(Key(OPAL.key_id, OPAL.public_key, "opal", "operator", 0, 0))},
    acted=(),
    now_ms=60,
    ahead_ms_max=10,
)


def act(order: Order[Stop]) -> Sequence[str]:
    return (f"{order.command.place} stands still",)


def test_a_command_that_may_act_is_taken_and_acted_upon() -> None:
    taken = CommandTaken("c-1", "Stop", "opal", "stop", "oak", OPAL.key_id, 90, 60)
    assert answers.answer(signed(), HEARING, act) == (taken, "oak stands still")


@pytest.mark.parametrize(
    ("command", "hearing", "why"),
    [
        (replace(signed(), key_id=EVE.key_id), HEARING, "unknown key"),
        (replace(signed(), signature=bytes(64)), HEARING, "forged"),
        (signed(), replace(HEARING, needed={"Stop": "admin"}), "wrong role"),
        (signed(b""), HEARING, "mandatory"),
        (signed(), replace(HEARING, acted=("c-1",)), "repeated"),
        (signed(), replace(HEARING, now_ms=91), "expired"),
        (signed(), replace(HEARING, now_ms=39), "from the future"),
    ],
)
def test_a_command_that_may_not_act_is_refused_with_what_it_claims(
    command: Signed, hearing: Hearing[Stop], why: str
) -> None:
    [refused] = answers.answer(command, hearing, act)
    assert isinstance(refused, CommandRefused)
    assert why in refused.reason
    claimed = (refused.command_id, refused.command, refused.actor, refused.target)
    assert claimed == ("c-1", "Stop", "opal", "oak")
    assert (refused.key_id, refused.time_ms) == (command.key_id, hearing.now_ms)


def test_what_is_no_command_of_the_service_is_refused_by_its_kind() -> None:
    [refused] = answers.answer(replace(signed(), type="kingmaker.any.v1.Go"), HEARING, act)
    why = "'kingmaker.any.v1.Go' is no command of any"
    assert refused == CommandRefused("", "Go", why, "", "", OPAL.key_id, 60)


def test_what_cannot_be_done_is_refused_and_not_taken() -> None:
    def cannot(order: Order[Stop]) -> Sequence[str]:
        raise RefusedError(f"{order.command.place} stands still already")

    [refused] = answers.answer(signed(), HEARING, cannot)
    assert isinstance(refused, CommandRefused)
    assert refused.reason == "oak stands still already"


def test_no_more_of_a_claim_is_recorded_than_is_allowed() -> None:
    long = "x" * (CLAIM_LENGTH_MAX + 1)
    refused = answers.refusal(Stop(long, long), long, "unsigned", 60, long)
    for claimed in (refused.command_id, refused.actor, refused.target, refused.key_id):
        assert claimed == long[:CLAIM_LENGTH_MAX]

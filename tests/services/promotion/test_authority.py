"""Who may command: every way in which a signature may not be good is refused, on record."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kingmaker.contracts.signing import SigningKey
from kingmaker.governance.orders import PAYLOAD_BYTES_MAX
from kingmaker.kernel.service import Tick
from kingmaker.promotion.domain import Message
from kingmaker.promotion.heard import ApplyKeys, Command, Signed
from kingmaker.promotion.said import CommandRefused, CommandTaken, KeyRevoked, KeyTrusted
from tests.people import ADA, BEN, EVE, OPAL, VIC, key_of
from tests.services.promotion.story import (
    START_MS,
    Story,
    approve,
    begun,
    direct,
    freeze,
    home_keys,
    key_named,
    kinds,
    refusal_of,
    replace_trial,
    revoke_key,
    rollback,
    sign,
    skip_input,
    thaw,
    trust_key,
    veto,
)

ALL = (
    *(rollback(), freeze(), thaw(), direct(), approve(), veto(), replace_trial()),
    *(trust_key("k1", key_named("cy", "viewer")), revoke_key("k2", VIC.key_id), skip_input()),
)
CY = key_named("cy", "operator")


def refused(story: Story, message: Message) -> CommandRefused:
    """Return the refusal that was the only answer; nothing else may have changed."""
    before = story.state
    [said] = story.hear_bare(message)
    assert isinstance(said, CommandRefused)
    assert story.state == before
    return said


@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_what_nobody_signed_is_refused(command: Command) -> None:
    said = refused(begun(), command)
    assert said.reason.startswith("unsigned: ")
    assert (said.command_id, said.actor, said.key_id) == (command.command_id, "ada", "")


@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_a_viewer_commands_nothing_and_a_stranger_neither(command: Command) -> None:
    said = refused(begun(), sign(command, VIC))
    assert said.reason.startswith("wrong role: ")
    assert (said.actor, said.key_id) == ("ada", VIC.key_id)
    said = refused(begun(), sign(command, EVE))
    assert said.reason.startswith("unknown key ")
    assert said.key_id == EVE.key_id


def test_an_operator_freezes_and_does_not_crown() -> None:
    story = begun()
    assert kinds(story.hear_bare(sign(freeze(), OPAL))) == ["CommandTaken", "Frozen"]
    assert "asks for admin, opal is operator" in refused(story, sign(direct(), OPAL)).reason


@pytest.mark.parametrize(
    "forge",
    [
        lambda signed: replace(signed, signature=bytes(64)),
        lambda signed: replace(signed, signature=b""),
        lambda signed: replace(signed, payload=sign(freeze("f1", "elsewhere")).payload),
        lambda signed: replace(signed, type="kingmaker.promotion.v1.Thaw"),
        lambda signed: replace(signed, key_id=BEN.key_id),
        lambda signed: replace(signed, signature=sign(freeze(), EVE).signature),
    ],
    ids=["zeros", "empty", "other bytes", "another kind", "another's name", "another's key"],
)
def test_a_forged_signature_is_refused(forge: Callable[[Signed], Signed]) -> None:
    said = refused(begun(), forge(sign(freeze())))
    assert said.reason.startswith("forged: ")
    assert said.command_id == "f1"


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (Signed(ADA.key_id, "", b"", b""), "no command of promotion"),
        (Signed("", "kingmaker.promotion.v1.ChampionCrowned", b"", b""), "no command"),
        (Signed("", "kingmaker.governance.v1.ApplyKeys", b"", b""), "no command"),
        (Signed("", "kingmaker.governance.v1.Signed", b"", b""), "no command"),
        (Signed("", "kingmaker.promotion.v1.Freeze", b"\xff", b""), "its payload is no"),
        (Signed("", "kingmaker.promotion.v2.Freeze", b"", b""), "version"),
        (Signed("k" * 999, "t" * 999, b"", b""), "no command of promotion"),
        (Signed("", "kingmaker.promotion.v1.Freeze", bytes(PAYLOAD_BYTES_MAX + 1), b""), "longer"),
    ],
)
def test_an_envelope_that_carries_no_command_is_refused(signed: Signed, reason: str) -> None:
    said = refused(begun(), signed)
    assert reason in said.reason
    assert max(len(said.key_id), len(said.command)) <= 200


def test_a_signed_command_acts_once() -> None:
    story = begun()
    story.hear(freeze(), thaw())
    assert "repeated" in refused(story, sign(freeze())).reason
    assert "repeated" in refused(story, sign(freeze(), BEN)).reason


def test_an_expired_command_is_refused_however_well_it_is_signed() -> None:
    story = begun()
    story.hear(Tick(START_MS + 2))
    assert "expired: " in refused(story, sign(rollback(not_after_ms=START_MS + 1))).reason


def test_a_key_is_good_from_its_beginning_to_its_end() -> None:
    story = begun()
    own = SigningKey.from_seed(bytes(32))
    limited = replace(CY, key_id=own.key_id, public_key=own.public_key)
    limited = replace(limited, not_before_ms=START_MS + 10, not_after_ms=START_MS + 20)
    story.hear(trust_key("k1", limited))
    assert "not valid before" in refused(story, sign(freeze(), own)).reason
    story.hear(Tick(START_MS + 10))
    assert kinds(story.hear_bare(sign(freeze(), own))) == ["CommandTaken", "Frozen"]
    story.hear(Tick(START_MS + 20))
    assert kinds(story.hear_bare(sign(thaw(), own))) == ["CommandTaken", "Thawed"]
    story.hear(Tick(START_MS + 21))
    assert "expired key" in refused(story, sign(freeze("f2"), own)).reason


def test_who_is_trusted_may_command_and_the_log_says_who_trusted_whom() -> None:
    story = begun()
    _, trusted = story.hear(trust_key("k1", CY))
    assert trusted == KeyTrusted(CY, ADA.key_id, "ada", "a colleague", "k1", START_MS)
    taken, _ = story.hear_bare(sign(freeze(), key_of("cy")))
    assert isinstance(taken, CommandTaken)
    assert taken.key_id == CY.key_id


def test_a_revoked_key_commands_nothing_and_is_never_trusted_again() -> None:
    story = begun()
    _, revoked = story.hear(revoke_key("k1", OPAL.key_id))
    assert revoked == KeyRevoked(
        OPAL.key_id, START_MS, ADA.key_id, "ada", "it leaked", "k1", START_MS
    )
    assert "revoked key" in refused(story, sign(freeze(), OPAL)).reason
    assert "none is trusted twice" in refusal_of(
        story.hear(trust_key("k2", key_named("opal", "operator")))
    )
    assert story.hear(home_keys()) == []
    assert "revoked key" in refused(story, sign(freeze(), OPAL)).reason


def test_a_revocation_may_lie_ahead_and_only_come_nearer() -> None:
    story = begun()
    story.hear(revoke_key("k1", OPAL.key_id, START_MS + 10))
    assert kinds(story.hear_bare(sign(freeze(), OPAL))) == ["CommandTaken", "Frozen"]
    assert "already" in refusal_of(story.hear(revoke_key("k2", OPAL.key_id, START_MS + 11)))
    story.hear(revoke_key("k3", OPAL.key_id, START_MS + 5), Tick(START_MS + 5))
    assert "revoked key" in refused(story, sign(thaw(), OPAL)).reason


def test_two_admins_cannot_end_each_other() -> None:
    """Else there would be none once both ends have come."""
    story = begun()
    story.hear(revoke_key("k1", BEN.key_id, START_MS + 10))
    ends_ada = sign(revoke_key("k2", ADA.key_id, START_MS + 5), BEN)
    assert "no admin would be left" in refusal_of(story.hear_bare(ends_ada))


def test_the_last_admin_stays() -> None:
    story = begun()
    story.hear(revoke_key("k1", BEN.key_id))
    assert "no admin would be left" in refusal_of(story.hear(revoke_key("k2", ADA.key_id)))
    assert "unknown key" in refusal_of(story.hear(revoke_key("k3", EVE.key_id)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"role": "root"}, "is no role"),
        ({"owner": ""}, "owner"),
        ({"owner": "o" * 101}, "owner"),
        ({"key_id": "0" * 16}, "public_key is that of"),
        ({"public_key": "00"}, "no Ed25519 key"),
        ({"public_key": "no hex"}, "no Ed25519 key"),
        ({"not_after_ms": -1}, "not negative"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_trusted(changes: dict[str, object], reason: str) -> None:
    story = begun()
    key = replace(CY, **changes)  # type: ignore[arg-type] # named fields
    assert reason in refusal_of(story.hear(trust_key("k1", key)))
    assert reason in refusal_of(story.hear(ApplyKeys((key,))))


def test_the_home_is_trusted_at_its_first_start_and_said_once() -> None:
    story = Story()
    said = story.hear(home_keys(), home_keys())
    assert kinds(said) == ["KeyTrusted"] * 4
    assert isinstance(said[0], KeyTrusted)
    assert (said[0].by_key_id, said[0].reason) == ("", "the home trusts it")


def test_under_rotation_no_command_is_lost() -> None:
    story = begun()
    story.hear(trust_key("k1", CY), revoke_key("k2", OPAL.key_id, START_MS + 10))
    new = key_of("cy")
    for step in range(20):
        story.hear(Tick(START_MS + step))
        key = OPAL if step % 2 == 0 and step < 10 else new
        command = (freeze if step % 2 == 0 else thaw)(f"c{step}")
        assert kinds(story.hear_bare(sign(command, key)))[0] == "CommandTaken"

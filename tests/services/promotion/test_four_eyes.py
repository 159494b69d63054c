"""Four eyes: the first signature waits, the second acts, and they are two people."""

from dataclasses import replace

from kingmaker.kernel.service import Tick
from kingmaker.promotion.four_eyes import PENDING_MAX
from kingmaker.promotion.heard import ApplyPolicy
from kingmaker.promotion.said import CommandPending, CommandTaken
from tests.people import ADA, BEN, OPAL, VIC, key_of
from tests.services.promotion.story import (
    DAY_MS,
    MINUTE_MS,
    START_MS,
    Story,
    begun,
    freeze,
    key_named,
    kinds,
    refusal_of,
    revoke_key,
    rollback,
    sign,
    thaw,
    trust_key,
)


def asked() -> Story:
    """Return a desk on which freezes need two people."""
    return begun(governance__four_eyes="Freeze")


def test_the_first_signature_waits_and_the_second_acts() -> None:
    story = asked()
    first = sign(freeze())
    [pending] = story.hear_bare(first)
    assert isinstance(pending, CommandPending)
    assert (pending.payload, pending.key_id, pending.owner) == (first.payload, ADA.key_id, "ada")
    assert pending.expires_ms == START_MS + 30 * MINUTE_MS
    assert story.state.frozen == frozenset()
    taken, frozen = story.hear_bare(sign(freeze(), BEN))
    assert isinstance(taken, CommandTaken)
    assert (taken.first_key_id, taken.key_id) == (ADA.key_id, BEN.key_id)
    assert kinds([frozen]) == ["Frozen"]
    assert story.state.pending == {}


def test_the_same_signer_twice_is_refused_under_whatever_key() -> None:
    story = asked()
    story.hear(freeze())
    assert "same signer twice" in refusal_of(story.hear(freeze()))
    own = replace(key_named("ada-2", "admin"), owner="ada")
    story.hear(trust_key("k1", own))
    story.hear_bare(sign(trust_key("k1", own), BEN))
    assert "same signer twice" in refusal_of(story.hear_bare(sign(freeze(), key_of("ada-2"))))
    assert story.state.frozen == frozenset()


def test_nobody_becomes_two_people_by_a_key_of_another_name() -> None:
    story = asked()
    second = key_named("ada-under-another-name", "admin")
    assert kinds(story.hear(trust_key("k1", second))) == ["CommandPending"]
    assert kinds(story.hear(revoke_key("k2", BEN.key_id))) == ["CommandPending"]
    assert second.key_id not in story.state.keys


def test_keys_need_one_person_where_nothing_needs_two() -> None:
    story = begun()
    second = key_named("eve-of-ada", "admin")
    assert kinds(story.hear(trust_key("k1", second))) == ["CommandTaken", "KeyTrusted"]


def test_two_signatures_are_over_the_same_bytes() -> None:
    story = asked()
    story.hear(freeze())
    other = replace(freeze(), reason="another")
    assert "not the bytes" in refusal_of(story.hear_bare(sign(other, BEN)))
    assert "not the bytes" in refusal_of(story.hear_bare(sign(thaw("f1"), BEN)))


def test_the_second_signature_needs_the_role_too() -> None:
    story = asked()
    story.hear(freeze())
    assert "wrong role" in refusal_of(story.hear_bare(sign(freeze(), VIC)))


def test_the_second_signature_may_come_too_late() -> None:
    story = asked()
    story.hear(freeze(), Tick(START_MS + 30 * MINUTE_MS))
    assert kinds(story.hear_bare(sign(freeze(), BEN))) == ["CommandTaken", "Frozen"]
    story = asked()
    story.hear(freeze(), Tick(START_MS + 30 * MINUTE_MS + 1))
    assert "late: " in refusal_of(story.hear_bare(sign(freeze(), BEN)))


def test_what_cannot_act_does_not_wait() -> None:
    story = begun(governance__four_eyes="Rollback")
    assert "nobody reigned before" in refusal_of(story.hear(rollback()))


def test_what_is_not_listed_acts_at_once() -> None:
    assert kinds(asked().hear(rollback(), freeze(), thaw()))[1] == "CommandPending"
    assert kinds(begun().hear(freeze())) == ["CommandTaken", "Frozen"]


def test_no_more_than_so_many_of_one_person_wait() -> None:
    story = asked()
    for number in range(PENDING_MAX):
        story.hear(freeze(f"f-{number}"))
    assert "wait for a second signature already" in refusal_of(story.hear(freeze("one more")))
    assert kinds(story.hear_bare(sign(freeze("of another"), BEN))) == ["CommandPending"]


def test_what_has_expired_takes_nobodys_place() -> None:
    story = asked()
    for number in range(PENDING_MAX):
        story.hear(freeze(f"f-{number}"))
    later_ms = START_MS + DAY_MS + 1
    fresh = replace(freeze("fresh"), issued_at_ms=later_ms, not_after_ms=later_ms + DAY_MS)
    assert kinds(story.hear(Tick(later_ms), fresh)) == ["CommandPending"]
    assert list(story.state.pending) == ["fresh"]


def test_a_first_signature_counts_only_while_its_key_is_good() -> None:
    story = asked()
    story.hear_bare(sign(freeze(), OPAL))
    story.hear(revoke_key("k1", OPAL.key_id))
    story.hear_bare(sign(revoke_key("k1", OPAL.key_id), BEN))
    assert "revoked key" in refusal_of(story.hear_bare(sign(freeze(), BEN)))
    assert story.state.frozen == frozenset()


def test_only_commands_that_there_are_can_be_listed() -> None:
    said = asked().hear(ApplyPolicy("h", {"governance.four_eyes": "Freeze,Kill"}))
    assert "governance.four_eyes" in refusal_of(said)

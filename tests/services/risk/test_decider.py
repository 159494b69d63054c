"""Whom risk believes follows from promotion's words, which it repeats; ticks decide nothing."""

from kingmaker.governance.keys import KeyRevoked
from kingmaker.governance.orders import Signed
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Input, Tick
from tests import people
from tests.people import ADA, OPAL
from tests.services.risk.desk import START_MS, Story, begun, kill, kinds, sign, trusted


def test_a_tick_decides_nothing() -> None:
    assert begun().hear(Tick(START_MS + 1)) == []


def test_it_repeats_whom_promotion_trusts_and_believes_them_from_there_on() -> None:
    story = Story()
    story.hear(Tick(START_MS))
    assert kinds(story.hear_bare(sign(kill()))) == ["CommandRefused"]
    word = trusted("ada", "admin")
    assert story.hear(word) == [word]
    assert kinds(story.hear(kill())) == ["CommandTaken", "ModeChanged"]


def test_a_key_that_promotion_revoked_stops_nothing_from_that_moment_on() -> None:
    story = begun()
    word = KeyRevoked(OPAL.key_id, START_MS + 10, ADA.key_id, "ada", "it leaked", "c", START_MS)
    assert story.hear(word) == [word]
    assert kinds(story.hear_bare(sign(kill(), OPAL))) == ["CommandTaken", "ModeChanged"]
    story.hear(Tick(START_MS + 10))
    assert kinds(story.hear_bare(sign(kill("k2", flatten=True), OPAL))) == ["CommandRefused"]


def test_a_word_on_a_key_that_was_passed_over_is_dropped() -> None:
    word = KeyRevoked("nobody's", START_MS, ADA.key_id, "ada", "it leaked", "c", START_MS)
    assert begun().hear(word) == []


def test_that_a_key_is_trusted_is_believed_of_promotion_only() -> None:
    """Else whoever may ask could say whom to believe."""
    service = Story().service
    kind, value = service.events.encode(trusted("eve", "admin")).kind, b""
    for topic in ("km.risk.commands.v1", "km.risk.facts.v1", "km.risk.keys.v1"):
        item = Input(Lane(topic), 0, kind, value)
        assert not service.may_carry(item.lane.topic, item.kind)
    assert service.reads[0] == Lane("km.promotion.v1")


def test_signatures_are_read_as_people_make_them() -> None:
    command = people.signed(Story().service.messages.encode(kill()))
    signed = Story().service.messages.decode(command.kind, command.value)
    assert isinstance(signed, Signed)
    assert kinds(begun().hear_bare(signed)) == ["CommandTaken", "ModeChanged"]


def test_what_the_learners_repeat_of_keys_is_not_said_again() -> None:
    story = Story()
    assert kinds(story.hear(trusted("eve", "admin"), trusted("eve", "admin"))) == ["KeyTrusted"]

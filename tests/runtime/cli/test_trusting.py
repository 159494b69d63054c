"""Commands about keys go to every desk that knows the key, and to no other."""

from kingmaker.contracts.codec import message_class
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Words
from kingmaker.runtime.cli.trusting import Made, revoke, trust
from kingmaker.runtime.home import Home
from tests.people import BEN


def test_every_desk_answers_by_itself(own: Home) -> None:
    words = Words("a test")
    made = Made(BEN.key_id, BEN.public_key, "ben", "admin", None)
    with opened(own.path) as home:
        [event] = trust(home, made, words)
    with opened(own.path) as home:
        topic, index, seq = event.split("/")
        rows = home.query("SELECT * FROM keys WHERE key_id = ?", BEN.key_id)
        assert [row["event"] for row in rows] == [event]
        assert (topic, index, seq.isdecimal()) == ("km.promotion.v1", "0", True)
        assert len(revoke(home, BEN.key_id, words, None)) == 1
        assert revoke(home, "0" * 16, words, None) == []


def test_what_is_told_of_a_key_is_no_secret() -> None:
    made = Made(BEN.key_id, BEN.public_key, "ben", "admin", None)
    assert made.told["file"] is None
    assert made.lines == [f"{BEN.key_id} of ben is trusted as admin"]
    assert message_class("kingmaker.governance.v1", "Key").DESCRIPTOR.fields_by_name["public_key"]

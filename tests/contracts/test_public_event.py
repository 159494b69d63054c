"""What the headers of a republished event tell, and what is refused as none of ours."""

import pytest

from kingmaker.contracts.envelope import (
    EnvelopeError,
    PublicEvent,
    public_event,
    statement_headers,
)

KIND = "kingmaker.trader.v1.PositionOpened"


def test_number_kind_and_time_come_back() -> None:
    headers = statement_headers("km.trader.v1/3/482", "/km.trader.v1/3", KIND, 1_490_346_000_123)
    assert public_event(headers) == PublicEvent(482, KIND, 1_490_346_000_123)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ce_id", b"482", "ce_id is b'482', not TOPIC/LANE/SEQ"),
        ("ce_id", b"km.trader.v1/3/last", "not TOPIC/LANE/SEQ"),
        ("ce_id", b"\xff/1", "ce_id is not UTF-8"),
        ("ce_time", b"noon", "ce_time is 'noon', not a time in UTC"),
    ],
)
def test_headers_that_are_not_of_an_event_are_refused(name: str, content: bytes, said: str) -> None:
    headers = dict(statement_headers("km.trader.v1/3/482", "/km.trader.v1/3", KIND, 0))
    with pytest.raises(EnvelopeError, match=said):
        public_event([*(headers | {name: content}).items()])

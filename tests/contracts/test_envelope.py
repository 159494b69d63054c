"""Records travel as CloudEvents and come back bit for bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.contracts.envelope import EnvelopeError, Header, headers, record, trace_of
from kingmaker.kernel.lane import STARTED, Lane, Record

LANE = Lane("km.trader.v1", 2)
CROWNED = Record(
    term=3,
    writer="laptop-1",
    seq=41,
    prev="ab" * 32,
    n=0,
    of=2,
    kind="kingmaker.promotion.v1.ChampionCrowned",
    value=b"\x08\x01",
    consumed=b'[["km.shadow.v1",0,1,2,"cd"]]',
    time_ms=1_763_717_400_123,
)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(codec="utf-8"))
RECORDS = st.builds(
    Record,
    term=NUMBERS,
    writer=TEXTS,
    seq=NUMBERS,
    prev=TEXTS,
    n=NUMBERS,
    of=NUMBERS,
    kind=TEXTS,
    value=st.binary(),
    consumed=st.binary(),
    time_ms=st.integers(0, 253_402_300_799_999),  # until the year 9999
)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("km_seq", b"", "km_seq is b'', not a whole number"),
        ("km_seq", b"1.5", "km_seq is b'1.5'"),
        ("km_term", b"--1", "km_term is b'--1'"),
        ("km_of", "²".encode(), "km_of is"),
        ("km_of", b"9223372036854775808", "not a whole number of 64 bits"),
        ("km_of", b"9" * 5000, "not a whole number of 64 bits"),
        ("km_writer", b"\xff", "km_writer is not UTF-8"),
        ("ce_time", b"yesterday", "ce_time is 'yesterday', not a time in UTC"),
        ("ce_time", b"2026-11-21T09:30:00", "not a time in UTC"),
        ("ce_time", b"2026-11-21T09:30:00.000001Z", "finer than a millisecond"),
        ("ce_specversion", b"2.0", "ce_specversion is b'2.0'"),
    ],
)
def test_a_malformed_header_is_named(name: str, content: bytes, complaint: str) -> None:
    with pytest.raises(EnvelopeError, match=complaint):
        record(replaced(name, content), CROWNED.value)


@pytest.mark.parametrize(
    "name", ["ce_specversion", "ce_time", "km_term", "km_seq", "km_n", "km_of"]
)
def test_a_missing_header_is_named(name: str) -> None:
    with pytest.raises(EnvelopeError, match=name):
        record([pair for pair in headers(LANE, CROWNED) if pair[0] != name], CROWNED.value)


def test_a_repeated_header_is_refused_since_readers_might_choose_differently() -> None:
    with pytest.raises(EnvelopeError, match="km_seq is there twice"):
        record([*headers(LANE, CROWNED), ("km_seq", b"42")], CROWNED.value)


def test_a_subscriber_sees_a_cloud_event() -> None:
    assert dict(headers(LANE, CROWNED)) == {
        "ce_specversion": b"1.0",
        "ce_id": b"km.trader.v1/2/41",
        "ce_source": b"/km.trader.v1/2",
        "ce_type": b"kingmaker.promotion.v1.ChampionCrowned",
        "ce_time": b"2025-11-21T09:30:00.123Z",
        "content-type": b"application/protobuf",
        "km_term": b"3",
        "km_writer": b"laptop-1",
        "km_seq": b"41",
        "km_prev": b"ab" * 32,
        "km_n": b"0",
        "km_of": b"2",
        "km_in": b'[["km.shadow.v1",0,1,2,"cd"]]',
    }


def test_the_machine_s_own_kinds_are_json() -> None:
    start = Record(1, "a", 0, "", 0, 1, STARTED, b"{}")
    named = dict(headers(LANE, start))
    assert named["content-type"] == b"application/json"
    assert "km_in" not in named


@given(RECORDS)
def test_a_record_comes_back_bit_for_bit(sent: Record) -> None:
    received = record(headers(LANE, sent), sent.value)
    assert received == sent
    assert received.hash == sent.hash


@given(RECORDS, st.binary(max_size=60))
def test_a_trace_stands_beside_the_record_and_changes_nothing_of_it(
    sent: Record, trace: bytes
) -> None:
    traced = headers(LANE, sent, trace)
    received = record(traced, sent.value)
    assert (received, received.hash) == (sent, sent.hash)
    assert trace_of(traced) == trace
    assert [one for one in traced if one[0] != "traceparent"] == headers(LANE, sent)
    assert trace_of(headers(LANE, sent)) == b""


@given(RECORDS)
def test_headers_of_strangers_are_ignored(sent: Record) -> None:
    strange = [*headers(LANE, sent), ("traceparent", b"00-ab-cd-01")]
    assert record(strange, sent.value) == sent


def replaced(name: str, content: bytes) -> list[Header]:
    return [(key, content if key == name else old) for key, old in headers(LANE, CROWNED)]

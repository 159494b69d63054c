"""Every event and message of every service travels as protobuf and comes back as it was."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kingmaker.contracts.codec import Codec, message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime.services import build_services

INTEGERS = {
    FieldDescriptor.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: st.integers(-(2**63), 2**63 - 1),
}
SCALARS: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    bytes: st.binary(max_size=9),
    float: st.floats(allow_nan=False),
    str: st.text(st.characters(codec="utf-8"), max_size=9),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One class of one service, with the codec that carries it."""

    service: str
    codec: Codec[Any]
    cls: type
    message: type[Message]

    def __str__(self) -> str:
        return f"{self.service}-{self.message.DESCRIPTOR.full_name}"


def spoken() -> Iterator[Spoken]:
    for service in build_services([Desk("one", 0)]):
        for codec in (service.messages, service.events):
            assert isinstance(codec, Codec)
            for cls, binding in codec._by_class.items():
                yield Spoken(service.name, codec, cls, binding._message)


def instances(cls: type, descriptor: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - of two kinds
    hints = get_type_hints(cls)
    return st.builds(
        cls,
        **{
            field.name: values(hints[field.name], descriptor.fields_by_name[field.name])
            for field in fields(cls)
        },
    )


def values(hint: Any, field: FieldDescriptor) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key, inner = (field.message_type.fields_by_name[name] for name in ("key", "value"))
        of_keys, of_values = get_args(hint)
        return st.dictionaries(one(of_keys, key), one(of_values, inner), max_size=3)
    if field.is_repeated:
        return st.lists(one(get_args(hint)[0], field), max_size=3).map(tuple)
    return one(hint, field)


def one(hint: Any, field: FieldDescriptor) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type
    if field.message_type is not None:
        return instances(hint, field.message_type)
    return INTEGERS[field.type] if hint is int else SCALARS[hint]


@pytest.mark.parametrize("said", list(spoken()), ids=str)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_message_comes_back_as_it_was_and_always_as_the_same_bytes(
    said: Spoken, data: st.DataObject
) -> None:
    sent = data.draw(instances(said.cls, said.message.DESCRIPTOR))
    draft = said.codec.encode(sent)
    received = said.codec.decode(draft.kind, draft.value)
    assert received == sent
    assert type(received) is said.cls
    assert said.codec.encode(received) == draft


@dataclass(frozen=True, slots=True)
class BarClosed:
    """As a reader declares it that needs three fields only."""

    symbol: str
    close: float
    open_ms: int


READER: Codec[BarClosed] = Codec({"kingmaker.feed.v1": (BarClosed,)})
KIND = "kingmaker.feed.v1.BarClosed"


@given(st.binary(max_size=64))
def test_damaged_bytes_are_a_message_or_undecodable_and_nothing_else(value: bytes) -> None:
    with suppress(UndecodableError):
        assert isinstance(READER.decode(KIND, value), BarClosed)


def test_damaged_bytes_name_their_kind() -> None:
    with pytest.raises(UndecodableError, match=KIND):
        READER.decode(KIND, b"\x0a\xff")


def test_a_reader_ignores_what_it_leaves_out_and_what_a_newer_writer_added() -> None:
    wire = message_class("kingmaker.feed.v1", "BarClosed")(
        symbol="BTCUSDT", close=3.5, open_ms=7, volume=2.0
    ).SerializeToString()
    from_the_future = wire + b"\xf8\x7f\x01"  # field 2047, a number
    assert READER.decode(KIND, from_the_future) == BarClosed("BTCUSDT", 3.5, 7)


def test_a_map_in_another_order_gives_the_same_bytes() -> None:
    (said,) = (
        said for said in spoken() if said.service == "feed" and said.cls.__name__ == "PolicyApplied"
    )
    forth = said.cls(hash="h", values={"a": "1", "b": "2"})
    back = said.cls(hash="h", values={"b": "2", "a": "1"})
    assert said.codec.encode(forth) == said.codec.encode(back)


@pytest.mark.parametrize("kind", ["kingmaker.feed.v1.BarMissing", "km.Started", "nonsense", ""])
def test_an_unknown_kind_is_nobody_s_business(kind: str) -> None:
    assert READER.decode(kind, b"\xff") is None


def test_a_newer_major_of_a_known_kind_names_the_remedy() -> None:
    with pytest.raises(UndecodableError, match=r"v2\.BarClosed.*Start the release that wrote it"):
        READER.decode("kingmaker.feed.v2.BarClosed", b"")


def test_a_class_without_a_message_is_refused_at_the_start() -> None:
    @dataclass
    class Invented:
        symbol: str

    with pytest.raises(TypeError, match=r"feed\.v1\.Invented is not declared in proto/"):
        Codec({"kingmaker.feed.v1": (Invented,)})


def test_a_field_without_a_counterpart_is_refused_at_the_start() -> None:
    @dataclass
    class BarClosed:
        weather: str

    with pytest.raises(TypeError, match=r"BarClosed\.weather has no counterpart"):
        Codec({"kingmaker.feed.v1": (BarClosed,)})

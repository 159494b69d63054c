"""State as bytes and back, canonically: the same state gives the same bytes on every machine.

Knows frozen dataclasses, tuples, frozensets, dicts with string keys, enums, numbers, text, bytes
and None. Floats are written as hex: no digit is lost.
"""

import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

type Plain = bool | int | str | list["Plain"] | None
type Decode = Callable[[Any], Any]


def encode(state: object) -> bytes:
    """Return the canonical bytes of `state`."""
    return json.dumps(_plain(state), separators=(",", ":"), ensure_ascii=True).encode()


def decode(hint: Any, content: bytes) -> Any:  # noqa: ANN401 - a type, and an instance of it
    """Return the state of type `hint` that `encode` was given."""
    return _decoder(hint)(json.loads(content))


def digest(content: bytes) -> str:
    """Return the SHA-256 by which a snapshot is known."""
    return hashlib.sha256(content).hexdigest()


def shape(hint: Any) -> str:  # noqa: ANN401 - a type
    """Return a digest of what a state of type `hint` is made of, by names and types."""
    return _shape(hint)


@functools.cache
def _shape(hint: Any) -> str:  # noqa: ANN401 - as above
    return digest(_describe(hint, frozenset()).encode())


def _describe(hint: Any, above: frozenset[Any]) -> str:  # noqa: ANN401 - a type, as annotated
    if isinstance(hint, typing.TypeAliasType):
        return _describe(hint.__value__, above)
    arguments = typing.get_args(hint)
    if arguments:
        inner = ",".join(_describe(argument, above) for argument in arguments)
        return f"{typing.get_origin(hint)}[{inner}]"
    if not is_dataclass(hint) or hint in above:
        return str(hint)
    hints = typing.get_type_hints(hint)
    rows = [
        f"{field.name}:{_describe(hints[field.name], above | {hint})}" for field in fields(hint)
    ]
    return f"{hint}({','.join(rows)})"


def _plain(value: Any) -> Plain:  # noqa: ANN401 - any part of a state
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case float():
            return value.hex()
        case bytes():
            return value.hex()
        case tuple():
            return [_plain(item) for item in value]
        case frozenset():
            return sorted([_plain(item) for item in value], key=json.dumps)
        case dict():
            return [[_plain(key), _plain(value[key])] for key in sorted(value)]
        case _ if is_dataclass(value):
            content = [_plain(getattr(value, field.name)) for field in fields(value)]
            return [type(value).__name__, *content]
    raise TypeError(f"a state cannot hold a {type(value).__name__}: {value!r}")


@functools.cache
def _decoder(hint: Any) -> Decode:  # noqa: ANN401 - a type, as annotated
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if isinstance(hint, typing.TypeAliasType):
        return _decoder(hint.__value__)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(arguments)
    if origin is tuple:
        return _decode_tuple(arguments)
    if origin is frozenset:
        inner = _decoder(arguments[0])
        return lambda items: frozenset(inner(item) for item in items)
    if origin is dict or _is_mapping(origin):
        key, content = _decoder(arguments[0]), _decoder(arguments[1])
        return lambda rows: {key(k): content(v) for k, v in rows}
    if hint is float:
        return float.fromhex
    if hint is bytes:
        return bytes.fromhex
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return _decode_dataclass(hint)
    return lambda value: value


def _is_mapping(origin: Any) -> bool:  # noqa: ANN401 - a type or None
    return isinstance(origin, type) and issubclass(origin, typing.Mapping)


def _decode_tuple(arguments: tuple[Any, ...]) -> Decode:
    if len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        inner = _decoder(arguments[0])
        return lambda items: tuple([inner(item) for item in items])
    return lambda items: tuple(
        [_decoder(hint)(item) for hint, item in zip(arguments, items, strict=True)]
    )


def _decode_union(arguments: tuple[Any, ...]) -> Decode:
    """Tell members apart: None by itself, dataclasses by name; at most one member is neither."""
    classes = {
        hint.__name__: _decoder(hint)
        for hint in arguments
        if isinstance(hint, type) and is_dataclass(hint)
    }
    others = [hint for hint in arguments if hint is not types.NoneType and not is_dataclass(hint)]
    assert len(others) <= 1, f"a state cannot tell {others} apart"
    other = _decoder(others[0]) if others else None

    def decode_member(value: Any) -> Any:  # noqa: ANN401 - see decode
        if value is None:
            return None
        if isinstance(value, list) and value and value[0] in classes:
            return classes[value[0]](value)
        assert other, f"{value!r} is none of {arguments}"
        return other(value)

    return decode_member


def _decode_dataclass(cls: Any) -> Decode:  # noqa: ANN401 - a dataclass
    hints = typing.get_type_hints(cls)
    decoders: list[Decode] | None = None

    def decode_fields(row: list[Any]) -> Any:  # noqa: ANN401 - see decode
        nonlocal decoders
        if decoders is None:  # late: a class may hold itself
            decoders = [_decoder(hints[field.name]) for field in fields(cls)]
        content = row[1:]
        return cls(*[read(item) for read, item in zip(decoders, content, strict=True)])

    return decode_fields

"""Frozen dataclasses as protobuf and back, by reflection.

A class has the name and the fields of its message in `proto/`; a reader may leave fields out.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from operator import attrgetter
from typing import Any, get_type_hints

from google.protobuf.message import DecodeError, Message

from kingmaker.kernel.frozen import quick
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import UndecodableError

GENERATED = "kingmaker.contracts.generated"

type Convert = Callable[[Any], Any]
type Packages = Mapping[str, Sequence[type]]


class Codec[T]:
    """Encodes the classes it was given; answers None to kinds that it was not given."""

    def __init__(self, packages: Packages) -> None:
        """Bind classes to messages: {"kingmaker.feed.v1": (BarClosed, ...)}.

        Raises TypeError where a class or one of its fields has no counterpart in `proto/`.
        """
        self._by_class: dict[type, _Binding] = {}
        self._by_kind: dict[str, _Binding] = {}
        for package, classes in packages.items():
            for cls in classes:
                binding = _Binding(cls, message_class(package, cls.__name__))
                self._by_class[cls] = self._by_kind[binding.kind] = binding
        self._versions = {kind: _without_version(kind) for kind in self._by_kind}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds it knows."""
        return tuple(self._by_kind)

    def encode(self, message: T) -> Draft:
        """Return kind and bytes; the same message gives the same bytes."""
        binding = self._by_class[type(message)]
        return Draft(binding.kind, binding.encode(message))

    def decode(self, kind: str, value: bytes) -> T | None:
        """Return the message, or None for a kind that this reader does not care about.

        Raises UndecodableError for damaged bytes and for a version that this release cannot read.
        """
        binding = self._by_kind.get(kind)
        if binding is None:
            self._refuse_newer_version(kind)
            return None
        message: T = binding.decode(value)
        return message

    def _refuse_newer_version(self, kind: str) -> None:
        if kind.startswith("kingmaker.") and _without_version(kind) in self._versions.values():
            raise UndecodableError(
                f"{kind} is of a version that this release cannot read. Start the release that"
                f" wrote it, or a newer one."
            )


class _Binding:
    """One dataclass and its message class."""

    def __init__(self, cls: type, message: type[Message]) -> None:
        with suppress(TypeError):  # of another kind: then it is made as it always was
            quick(cls)
        self.kind = str(message.DESCRIPTOR.full_name)
        self._message = message
        known = {field.name for field in message.DESCRIPTOR.fields}
        hints = get_type_hints(cls)
        readers: list[Convert | None] = []
        self._writers: list[tuple[str, Convert | None]] = []
        for field in fields(cls):
            if field.name not in known:
                raise TypeError(f"{cls.__name__}.{field.name} has no counterpart in {self.kind}")
            reader, writer = _converters(hints[field.name], message, field.name)
            readers.append(reader)
            self._writers.append((field.name, writer))
        self.from_message = _reader(cls, readers)

    def encode(self, value: object) -> bytes:
        return self._message(**self.as_fields(value)).SerializeToString(deterministic=True)

    def as_fields(self, value: object) -> dict[str, Any]:
        return {
            name: getattr(value, name) if writer is None else writer(getattr(value, name))
            for name, writer in self._writers
        }

    def decode(self, value: bytes) -> Any:  # noqa: ANN401 - an instance of the bound class
        try:
            message = self._message.FromString(value)
        except DecodeError as error:
            raise UndecodableError(f"{self.kind}: {error}") from error
        return self.from_message(message)


def message_class(package: str, name: str) -> type[Message]:
    """Return the generated class of `package.name`; TypeError if `proto/` does not declare it."""
    service, version = package.split(".")[1:]
    module = importlib.import_module(f"{GENERATED}.{service}.{version}.{service}_pb2")
    found: type[Message] | None = getattr(module, name, None)
    if found is None:
        raise TypeError(f"{package}.{name} is not declared in proto/")
    return found


def _reader(cls: type, readers: Sequence[Convert | None]) -> Convert:
    """Return how a message becomes an instance: all its fields at once, for replay lives on it."""
    names = [field.name for field in fields(cls)]
    if len(names) < 2:  # noqa: PLR2004 - of one field attrgetter returns no tuple
        both = [(name, reader or _as_it_is) for name, reader in zip(names, readers, strict=True)]
        return lambda message: cls(*[reader(getattr(message, name)) for name, reader in both])
    take = attrgetter(*names)
    converted = [(at, reader) for at, reader in enumerate(readers) if reader is not None]
    if not converted:
        return lambda message: cls(*take(message))

    def read(message: Message) -> Any:  # noqa: ANN401 - an instance of the class
        values = list(take(message))
        for at, reader in converted:
            values[at] = reader(values[at])
        return cls(*values)

    return read


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - of any field
    return value


def _converters(
    hint: Any,  # noqa: ANN401 - a type, as written on the field
    message: type[Message],
    name: str,
) -> tuple[Convert | None, Convert | None]:
    """Return how to read and how to write one field; None where nothing is to be done."""
    descriptor = message.DESCRIPTOR.fields_by_name[name]
    nested = descriptor.message_type
    if nested is not None and nested.GetOptions().map_entry:
        return dict, None
    if nested is None:
        return (tuple, None) if descriptor.is_repeated else (None, None)
    inner = hint.__args__[0] if descriptor.is_repeated else hint
    package = ".".join(str(nested.full_name).split(".")[:-1])
    binding = _Binding(inner, message_class(package, nested.name))
    if descriptor.is_repeated:
        read = binding.from_message
        return (
            lambda values: tuple(map(read, values)),
            lambda values: [binding.as_fields(value) for value in values],
        )
    return binding.from_message, binding.as_fields


def _without_version(kind: str) -> str:
    """Return `kingmaker.feed.v1.BarClosed` as `kingmaker.feed.BarClosed`."""
    parts = kind.split(".")
    return ".".join(part for part in parts if not (part[:1] == "v" and part[1:].isdigit()))

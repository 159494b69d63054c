"""How a component's rows look as bytes: what goes into a graph, and what comes out of it."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from math import isfinite, prod
from typing import Self

from kingmaker.contracts.models import BATCH, FLOAT32, SIGNATURES, Port
from kingmaker.kernel.service import Answer, Fault, Tensor

MATRIX = 2  # axes of a tensor of rows


class BadInputError(Exception):
    """A row is not what the graph takes: the graph is not asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """One port within the bytes: `first` and `end` count numbers, `offset` and `size` bytes."""

    port: Port
    shape: tuple[int, ...]  # with a batch of one
    first: int
    end: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The bytes of one row in, and of one row out; integers stand where C would align them."""

    inputs: tuple[Place, ...]
    outputs: tuple[Place, ...]
    row: struct.Struct
    answer: struct.Struct
    carried: tuple[tuple[Place, Place], ...]  # outputs `<name>_next` and the inputs they become

    @classmethod
    def of(cls, component: str) -> Self:
        """Return the layout of a component."""
        signature = SIGNATURES[component]
        inputs, row = _places(signature.inputs)
        outputs, answer = _places(signature.outputs)
        by_name = {place.port.name: place for place in outputs}
        carried = tuple(
            (by_name[name], place)
            for place in inputs
            if (name := f"{place.port.name}_next") in by_name
        )
        # Only the standard sizes ("=") notice a number too large for float32. Inputs are float32,
        # all of them, so nothing has to be aligned.
        packed = struct.Struct(row.replace("@", "="))
        return cls(inputs, outputs, packed, struct.Struct(answer), carried)

    def pack(self, inputs: Mapping[str, Tensor]) -> bytes:
        """Return a row as bytes. Raise BadInputError where it is missing, too long or infinite."""
        try:
            if len(self.inputs) == 1:
                [place] = self.inputs
                values = _flat(place, inputs[place.port.name])
            else:
                parts = [_flat(place, inputs[place.port.name]) for place in self.inputs]
                self._measure(parts)
                values = tuple(chain.from_iterable(parts))
            if not isfinite(sum(values)):
                raise BadInputError(self._infinite(inputs))
            return self.row.pack(*values)
        except KeyError as error:
            raise BadInputError(f"the input {error} is missing") from error
        except (struct.error, OverflowError) as error:
            raise BadInputError(f"the row is not {self.row.format} of float32: {error}") from error

    def unpack(self, content: bytes | bytearray | memoryview) -> Answer | Fault:
        """Return the answer, or a fault where a number is not finite."""
        values = self.answer.unpack_from(content)
        if not isfinite(sum(values)):
            return Fault(f"{self._first_infinite(values)} is not finite")
        return Answer(
            {
                place.port.name: values[place.first : place.end]
                if place.port.dtype == FLOAT32
                else tuple(map(float, values[place.first : place.end]))
                for place in self.outputs
            }
        )

    def _measure(self, parts: list[tuple[float, ...]]) -> None:
        """Refuse a number that would stand in another input's place."""
        for place, part in zip(self.inputs, parts, strict=True):
            if len(part) != place.end - place.first:
                raise BadInputError(
                    f"{place.port.name} has {len(part)} numbers, not {place.end - place.first}"
                )

    def _infinite(self, inputs: Mapping[str, Tensor]) -> str:
        for place in self.inputs:
            for index, value in enumerate(_flat(place, inputs[place.port.name])):
                if not isfinite(value):
                    return f"{place.port.name}[{index}] is {value}: the graph was not asked"
        return "the numbers are too large for float32"

    def _first_infinite(self, values: tuple[float, ...]) -> str:
        return next(
            place.port.name
            for place in self.outputs
            if not all(map(isfinite, values[place.first : place.end]))
        )


def _places(ports: tuple[Port, ...]) -> tuple[tuple[Place, ...], str]:
    """Lay the ports one after the other."""
    places: list[Place] = []
    layout, first = "@", 0
    for port in ports:
        shape = tuple(1 if size == BATCH else int(size) for size in port.shape)
        count = prod(shape)
        kind = "f" if port.dtype == FLOAT32 else "q"
        layout += f"{count}{kind}"
        size = struct.calcsize(f"@{count}{kind}")
        offset = struct.calcsize(layout) - size
        places.append(Place(port, shape, first, first + count, offset, size))
        first += count
    return tuple(places), layout


def _flat(place: Place, tensor: Tensor) -> tuple[float, ...]:
    """Return the numbers of a row; of rows, one row after the other."""
    if len(place.shape) > MATRIX:
        return tuple(chain.from_iterable(tensor))  # type: ignore[arg-type] # the signature says: rows
    return tensor  # type: ignore[return-value] # the signature says: one row

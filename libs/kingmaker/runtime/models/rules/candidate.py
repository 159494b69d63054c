"""What the rules look at: a bundle and what was found in it so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError, Message

from kingmaker.runtime.models.bundle import Bundle, Manifest
from kingmaker.runtime.models.errors import ModelRefusedError

if TYPE_CHECKING:
    import onnx

    from kingmaker.runtime.models.graph import Graph


@dataclass
class Candidate:
    """A bundle offered for a component under a digest; nothing in it is believed.

    `graph` is there once it loaded; `options` are those of its runs.
    """

    component: str
    digest: str
    bundle: Bundle
    options: Any = None
    graph: "Graph | None" = field(default=None, init=False)

    @cached_property
    def manifest(self) -> Manifest:
        """What the bundle says of itself."""
        return Manifest.read(self.bundle.manifest)

    @cached_property
    def proto(self) -> "onnx.ModelProto":
        """The model, parsed; no tensor outside the bytes is read."""
        import onnx  # noqa: PLC0415 - heavy, and only a confined process gets here

        try:
            return onnx.ModelProto.FromString(self.bundle.model)
        except DecodeError as error:
            raise ModelRefusedError("not_loadable", f"it is not an ONNX model: {error}") from error


def parts_of[T: Message](message: Message, kind: type[T]) -> Iterator[T]:
    """Yield every part of that kind, however deep: in subgraphs, attributes, functions."""
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        for part in value if descriptor.is_repeated else (value,):
            if isinstance(part, kind):
                yield part
            yield from parts_of(part, kind)

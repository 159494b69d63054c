"""A bundle: the model's bytes, golden rows, and what the manifest says of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import REGIME_MEMORY_MAX
from kingmaker.runtime.models.errors import ModelRefusedError

FORMAT = 1
MODEL, GOLDEN, MANIFEST = "model.onnx", "golden.npz", "manifest.json"
MODEL_BYTES_MAX = 64 << 20
GOLDEN_BYTES_MAX = 16 << 20
MANIFEST_BYTES_MAX = 64 << 10


@dataclass(frozen=True, slots=True)
class Bundle:
    """The only product of training, as bytes; nothing in it has been believed yet."""

    model: bytes
    golden: bytes
    manifest: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself; keys beyond these are for people."""

    component: str
    sha256: str
    schema: str  # hash of the component's signature
    memory: int  # rows fed through a step graph before the present one

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Return the manifest. Raise ModelRefusedError naming what is wrong with it."""
        values = _parse(content)
        component = _take(values, "component", str, lambda _: True)
        if component not in COMPONENTS:
            raise ModelRefusedError(
                "unknown_component", f"{component!r} is none of {', '.join(COMPONENTS)}"
            )
        if "sha256" not in values:
            raise ModelRefusedError("digest_missing", f"{MANIFEST} names no sha256")
        return cls(
            component,
            _take(values, "sha256", str, _is_digest),
            _take(values, "schema", str, _is_digest),
            _take(values, "memory", int, lambda rows: 0 <= rows <= REGIME_MEMORY_MAX),
        )


def is_digest(text: object) -> bool:
    """Tell whether a text is SHA-256 in hex: then it is safe as the name of a folder, too."""
    return isinstance(text, str) and _is_digest(text)


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004 - 32 bytes


def _parse(content: bytes) -> dict[str, Any]:
    if len(content) > MANIFEST_BYTES_MAX:
        raise ModelRefusedError(
            "too_large", f"{MANIFEST} has {len(content)} bytes, {MANIFEST_BYTES_MAX} are the most"
        )
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelRefusedError("not_loadable", f"{MANIFEST} is not JSON: {error}") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ModelRefusedError("not_loadable", f"{MANIFEST} is not of format {FORMAT}")
    return values


def _take[T](values: dict[str, Any], key: str, kind: type[T], fits: Callable[[T], bool]) -> T:
    value = values.get(key)
    if not isinstance(value, kind) or isinstance(value, bool) or not fits(value):
        raise ModelRefusedError("not_loadable", f"{MANIFEST}: {key} is {value!r}")
    return value

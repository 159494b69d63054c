"""Refuses by their first bytes files that are no ONNX: above all those that run code when read."""

from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate

ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"ustar")
# Protocol 2 and later begin so; earlier ones are text that ends in a full stop.
PICKLE_BINARY = b"\x80"
PICKLE_TEXT = (b"(", b"c", b"]", b"}", b"I", b"S", b"V", b"i")


def check(candidate: Candidate) -> None:
    """Raise `pickle` or `archive_unsafe`, with the remedy."""
    content = candidate.bundle.model
    text = content.rstrip().endswith(b".") and content.startswith(PICKLE_TEXT)
    if content.startswith(PICKLE_BINARY) or text:
        raise ModelRefusedError(
            "pickle", "this is a pickle: reading it would run code. Export the model to ONNX"
        )
    if content.startswith(ARCHIVES):
        raise ModelRefusedError(
            "archive_unsafe", "this is an archive: offer the model.onnx that is inside"
        )

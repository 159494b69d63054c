"""Refuses files that are larger than any model of ours, or empty."""

from kingmaker.runtime.models.bundle import GOLDEN_BYTES_MAX, MODEL_BYTES_MAX
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate


def check(candidate: Candidate) -> None:
    """Raise `too_large`, or `not_loadable` for an empty file."""
    bundle = candidate.bundle
    for name, content, bytes_max in (
        ("the model", bundle.model, MODEL_BYTES_MAX),
        ("the golden rows", bundle.golden, GOLDEN_BYTES_MAX),
    ):
        if len(content) > bytes_max:
            raise ModelRefusedError(
                "too_large", f"{name}: {len(content)} bytes, {bytes_max} are the most"
            )
        if not content:
            raise ModelRefusedError("not_loadable", f"{name}: the file is empty")

"""Refuses bytes that are not those that were offered, or not those that the manifest names."""

import hashlib

from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate


def check(candidate: Candidate) -> None:
    """Raise `digest_mismatch`."""
    found = hashlib.sha256(candidate.bundle.model).hexdigest()
    for who, expected in (
        ("offered", candidate.digest),
        ("named in the manifest", candidate.manifest.sha256),
    ):
        if found != expected:
            raise ModelRefusedError(
                "digest_mismatch", f"the bytes have {found}, {who} was {expected}"
            )

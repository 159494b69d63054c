"""Where bundles lie, by the digest of the model: a folder (`store.py`), or `bucket_store.py`."""

from typing import Protocol

from kingmaker.runtime.models.bundle import Bundle


class Artifacts(Protocol):
    """What runners, verifications and trainings need; held to `tests/conformance`."""

    def put(self, bundle: Bundle) -> str:
        """Keep a bundle and return its digest; what is there and whole stays."""
        ...

    def read(self, digest: str) -> Bundle:
        """Return the very bytes that were hashed. Raise ModelRefusedError."""
        ...

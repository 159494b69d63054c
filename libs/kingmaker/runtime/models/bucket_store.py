"""Artifacts and snapshots in a bucket: the bytes are proved at every reading.

    s3://BUCKET/PREFIX/<digest>/{golden.npz, manifest.json, model.onnx}
    s3://BUCKET/PREFIX/snapshots/<release>/<topic>/<lane>/<digest>

Objects are created and never replaced, unless their bytes are proved to be damaged. The model comes
last: without it there is no artifact.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from kingmaker.kernel import snapshot
from kingmaker.kernel.host import Snapshot
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.models.bucket import Bucket, BucketError
from kingmaker.runtime.models.bundle import (
    GOLDEN,
    GOLDEN_BYTES_MAX,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    MODEL,
    MODEL_BYTES_MAX,
    Bundle,
    is_digest,
)
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.snapshots import KEPT

SNAPSHOT_BYTES_MAX = 64 << 20


@dataclass(frozen=True, slots=True)
class BucketArtifacts:
    """Bundles in a bucket; create-only, so that two that put the same one cannot part."""

    bucket: Bucket

    def put(self, bundle: Bundle) -> str:
        """Keep a bundle and return its digest; there once its model is, which comes last."""
        digest = hashlib.sha256(bundle.model).hexdigest()
        found = self.bucket.read(f"{digest}/{MODEL}", MODEL_BYTES_MAX)
        if found == bundle.model:
            return digest
        damaged = found is not None
        for name, content in (
            (GOLDEN, bundle.golden),
            (MANIFEST, bundle.manifest),
            (MODEL, bundle.model),
        ):
            if damaged:
                self.bucket.replace(f"{digest}/{name}", content)
            else:
                self.bucket.create(f"{digest}/{name}", content)
        return digest

    def read(self, digest: str) -> Bundle:
        """Return the very bytes that were hashed.

        Raise ModelRefusedError: digest_missing, digest_mismatch, too_large, or unavailable where
        the bucket does not answer.
        """
        if not is_digest(digest):
            raise ModelRefusedError("digest_missing", f"there is no artifact {digest}")
        model = self._object(f"{digest}/{MODEL}", MODEL_BYTES_MAX)
        found = hashlib.sha256(model).hexdigest()
        if found != digest:
            raise ModelRefusedError(
                "digest_mismatch",
                f"{digest}/{MODEL} has the digest {found}: its bytes have changed. Restore it from"
                f" a copy, or train again",
            )
        golden = self._object(f"{digest}/{GOLDEN}", GOLDEN_BYTES_MAX)
        return Bundle(model, golden, self._object(f"{digest}/{MANIFEST}", MANIFEST_BYTES_MAX))

    def _object(self, path: str, bytes_max: int) -> bytes:
        try:
            content = self.bucket.read(path, bytes_max)
        except BucketError as error:
            raise ModelRefusedError("unavailable", str(error)) from error
        if content is None:
            raise ModelRefusedError("digest_missing", f"{path} is missing")
        return content


@dataclass(frozen=True, slots=True)
class BucketSnapshots:
    """Snapshots in a bucket, by lane and digest.

    They may be lost at any time: a bucket that does not answer costs a longer start, nothing else.
    """

    bucket: Bucket
    release: str

    def keep(self, lane: Lane, taken: Snapshot) -> None:
        """Put one; drop all but the newest two of its lane."""
        with suppress(BucketError):
            self.bucket.create(f"{self._folder(lane)}{taken.digest}", taken.content)
            for _, old in self.bucket.names(self._folder(lane))[KEPT:]:
                self.bucket.delete(old)

    def newest(self, lane: Lane) -> dict[str, bytes]:
        """Return the newest whole one by digest; nothing if there is none. Others go."""
        with suppress(BucketError):
            for _, path in self.bucket.names(self._folder(lane)):
                content = self._whole(path)
                if content is not None:
                    return {path.rpartition("/")[2]: content}
                self.bucket.delete(path)
        return {}

    def _whole(self, path: str) -> bytes | None:
        """Return what lies there; None if it is too large to be believed, damaged or gone."""
        with suppress(ModelRefusedError):
            content = self.bucket.read(path, SNAPSHOT_BYTES_MAX)
            if content is not None and snapshot.digest(content) == path.rpartition("/")[2]:
                return content
        return None

    def _folder(self, lane: Lane) -> str:
        return f"snapshots/{self.release}/{lane.topic}/{lane.index}/"

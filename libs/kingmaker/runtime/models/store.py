"""Artifacts: bundles in folders, addressed by the SHA-256 of the model's bytes."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname
from threading import get_native_id

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


@dataclass(frozen=True, slots=True)
class ArtifactStore:
    """One folder: <digest>/{model.onnx, golden.npz, manifest.json}."""

    folder: Path

    def put(self, bundle: Bundle) -> str:
        """Keep a bundle and return its digest; there wholly or not at all, after a crash too.

        A bundle that is already there stays, unless its model is damaged: then it is replaced.
        """
        digest = hashlib.sha256(bundle.model).hexdigest()
        place = self.folder / digest
        if place.exists():
            if self._is_whole(digest):
                return digest
            shutil.rmtree(place)
        self._write(bundle, place)
        return digest

    def has(self, digest: str) -> bool:
        """Tell whether there is a folder for the digest."""
        return is_digest(digest) and (self.folder / digest).is_dir()

    def read(self, digest: str) -> Bundle:
        """Return the very bytes that were hashed.

        Raise ModelRefusedError: digest_missing, digest_mismatch, too_large, or unavailable where
        the disk fails.
        """
        if not self.has(digest):
            raise ModelRefusedError("digest_missing", f"there is no artifact {digest}")
        place = self.folder / digest
        model = _read_file(place / MODEL, MODEL_BYTES_MAX)
        found = hashlib.sha256(model).hexdigest()
        if found != digest:
            raise ModelRefusedError(
                "digest_mismatch",
                f"{digest}/{MODEL} has the digest {found}: its bytes have changed. Restore it from"
                f" a copy, or train again",
            )
        golden = _read_file(place / GOLDEN, GOLDEN_BYTES_MAX)
        return Bundle(model, golden, _read_file(place / MANIFEST, MANIFEST_BYTES_MAX))

    def fault_of(self, digests: Iterable[str]) -> str:
        """Return what is wrong with the first damaged artifact; nothing if all are whole."""
        for digest in digests:
            try:
                self.read(digest)
            except ModelRefusedError as refused:
                return str(refused)
        return ""

    def digests(self) -> tuple[str, ...]:
        """Return every digest kept, sorted."""
        if not self.folder.exists():
            return ()
        return tuple(sorted(path.name for path in self.folder.iterdir() if is_digest(path.name)))

    def _is_whole(self, digest: str) -> bool:
        try:
            self.read(digest)
        except ModelRefusedError:
            return False
        return True

    def _write(self, bundle: Bundle, place: Path) -> None:
        """Write aside, flush to disk, rename into place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".{place.name}.{gethostname()}.{get_native_id()}"  # pods share it
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for name, content in (
            (MODEL, bundle.model),
            (GOLDEN, bundle.golden),
            (MANIFEST, bundle.manifest),
        ):
            with (aside / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _sync_folder(aside)
        try:
            aside.rename(place)
        except OSError:
            shutil.rmtree(aside)
            if not place.is_dir():
                raise
            return  # another process was quicker: the same model under the same name
        _sync_folder(self.folder)


def _read_file(path: Path, bytes_max: int) -> bytes:
    """Read a plain file of at most `bytes_max`; neither a link nor a device."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(bytes_max + 1)
    except FileNotFoundError as error:
        raise ModelRefusedError("digest_missing", f"{_name(path)} is missing") from error
    except OSError as error:
        raise ModelRefusedError(
            "unavailable", f"{_name(path)} cannot be read: {error.strerror}"
        ) from error
    if len(content) > bytes_max:
        raise ModelRefusedError("too_large", f"{_name(path)} has more than {bytes_max} bytes")
    return content


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(path: Path) -> str:
    """Return how an artifact's file is called in a log: the same in every home."""
    return f"{path.parent.name}/{path.name}"

"""The artifact store: what it returns is what was hashed, or nothing."""

import os
from dataclasses import replace
from pathlib import Path
from socket import gethostname

import pytest

from kingmaker.runtime.models import store as module
from kingmaker.runtime.models.bundle import GOLDEN, MODEL
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.store import ArtifactStore
from tests.hostile import forge

BUNDLE = forge.bundle(forge.linear())
DIGEST = forge.digest_of(BUNDLE)


def reason(store: ArtifactStore, digest: str = DIGEST) -> str:
    """Return why an artifact cannot be read."""
    with pytest.raises(ModelRefusedError) as caught:
        store.read(digest)
    return caught.value.reason


@pytest.mark.parametrize("digest", [DIGEST, "", "..", "../" + "a" * 61, "A" * 64])
def test_what_is_not_there_is_missing(store: ArtifactStore, digest: str) -> None:
    assert reason(store, digest) == "digest_missing"


def test_a_flipped_bit_is_found_at_every_read(store: ArtifactStore) -> None:
    store.put(BUNDLE)
    path = store.folder / DIGEST / MODEL
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    assert reason(store) == "digest_mismatch"


def test_a_link_is_not_followed_even_to_the_same_bytes(store: ArtifactStore) -> None:
    store.put(BUNDLE)
    path = store.folder / DIGEST / MODEL
    path.rename(store.folder / "elsewhere")
    path.symlink_to(store.folder / "elsewhere")
    assert reason(store) == "unavailable"


def test_a_device_in_place_of_a_file_does_not_block(store: ArtifactStore) -> None:
    store.put(BUNDLE)
    (store.folder / DIGEST / GOLDEN).unlink()
    os.mkfifo(store.folder / DIGEST / GOLDEN)
    assert store.read(DIGEST).golden == b""


def test_a_file_that_grew_too_large_is_refused(store: ArtifactStore) -> None:
    store.put(BUNDLE)
    os.truncate(store.folder / DIGEST / GOLDEN, (16 << 20) + 1)
    assert reason(store) == "too_large"


def test_a_bundle_comes_back_as_it_was(store: ArtifactStore) -> None:
    assert store.put(BUNDLE) == DIGEST
    assert store.read(DIGEST) == BUNDLE
    assert store.has(DIGEST)
    assert store.digests() == (DIGEST,)


def test_the_first_bundle_of_a_digest_stays(store: ArtifactStore) -> None:
    store.put(BUNDLE)
    store.put(replace(BUNDLE, manifest=b"{}"))
    assert store.read(DIGEST) == BUNDLE


def test_a_damaged_artifact_is_replaced_when_it_is_put_again(store: ArtifactStore) -> None:
    store.put(BUNDLE)
    (store.folder / DIGEST / MODEL).write_bytes(b"damaged")
    assert store.put(BUNDLE) == DIGEST
    assert store.read(DIGEST) == BUNDLE


def test_processes_that_put_the_same_bundle_at_once_all_find_it_there(
    store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ArtifactStore(store.folder)
    sync = module._sync_folder

    def be_slower(folder: Path) -> None:
        monkeypatch.setattr(module, "_sync_folder", sync)
        monkeypatch.setattr(module, "gethostname", lambda: "another-pod")
        other.put(BUNDLE)
        sync(folder)

    monkeypatch.setattr(module, "_sync_folder", be_slower)
    assert store.put(BUNDLE) == DIGEST
    assert store.read(DIGEST) == BUNDLE
    assert [path.name for path in store.folder.iterdir()] == [DIGEST]


def test_what_a_crash_left_half_written_is_no_artifact(store: ArtifactStore) -> None:
    aside = store.folder / f".{DIGEST}.{gethostname()}.{os.getpid()}"
    aside.mkdir(parents=True)
    (aside / MODEL).write_bytes(BUNDLE.model[:10])
    assert store.digests() == ()
    store.put(BUNDLE)
    assert store.read(DIGEST) == BUNDLE
    assert [path.name for path in store.folder.iterdir()] == [DIGEST]

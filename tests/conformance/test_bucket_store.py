"""One suite for every store of artifacts and snapshots: a folder, and a bucket on a real server."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kingmaker.kernel.host import Snapshot
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.models.artifacts import Artifacts
from kingmaker.runtime.models.bucket import Bucket, open_bucket
from kingmaker.runtime.models.bucket_store import BucketArtifacts, BucketSnapshots
from kingmaker.runtime.models.bundle import GOLDEN, MANIFEST, MODEL
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.snapshots import Snapshots, SnapshotStore
from tests.conformance.buckets import URL, a_bucket
from tests.hostile import forge

BUNDLE = forge.bundle(forge.linear())
DIGEST = forge.digest_of(BUNDLE)
LANE = Lane("km.trader.v1", 2)
GOLDEN_BYTES_MAX = 16 << 20


@dataclass(frozen=True, slots=True)
class Store:
    """A store, and a hand that harms what it holds."""

    artifacts: Artifacts
    snapshots: Callable[[str], SnapshotStore]  # of a release
    overwrite: Callable[[str, bytes], object]
    delete: Callable[[str], None]


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "bucket":
        with a_bucket(tmp_path) as access:
            yield in_a_bucket(open_bucket(URL, access))
        return
    folder = tmp_path / "artifacts"
    yield Store(
        ArtifactStore(folder),
        lambda release: Snapshots(folder / "snapshots", release),
        lambda path, content: (folder / path).write_bytes(content),
        lambda path: (folder / path).unlink(),
    )


def in_a_bucket(bucket: Bucket) -> Store:
    return Store(
        BucketArtifacts(bucket),
        lambda release: BucketSnapshots(bucket, release),
        bucket.replace,
        bucket.delete,
    )


def reason(store: Store, digest: str = DIGEST) -> str:
    """Return why an artifact cannot be read."""
    with pytest.raises(ModelRefusedError) as caught:
        store.artifacts.read(digest)
    return caught.value.reason


def test_a_bundle_comes_back_as_it_was_and_may_be_put_again(store: Store) -> None:
    assert store.artifacts.put(BUNDLE) == DIGEST
    assert store.artifacts.read(DIGEST) == BUNDLE
    assert store.artifacts.put(BUNDLE) == DIGEST
    assert store.artifacts.read(DIGEST) == BUNDLE


@pytest.mark.parametrize("digest", [DIGEST, "", "..", "../" + "a" * 61, "A" * 64])
def test_what_is_not_there_is_missing(store: Store, digest: str) -> None:
    assert reason(store, digest) == "digest_missing"


@pytest.mark.parametrize("name", [MODEL, GOLDEN, MANIFEST])
def test_a_bundle_without_one_of_its_parts_is_missing(store: Store, name: str) -> None:
    store.artifacts.put(BUNDLE)
    store.delete(f"{DIGEST}/{name}")
    assert reason(store) == "digest_missing"


def test_a_flipped_bit_is_found_and_put_right_by_putting_it_again(store: Store) -> None:
    store.artifacts.put(BUNDLE)
    store.overwrite(f"{DIGEST}/{MODEL}", bytes([BUNDLE.model[0] ^ 1]) + BUNDLE.model[1:])
    assert reason(store) == "digest_mismatch"
    store.artifacts.put(BUNDLE)
    assert store.artifacts.read(DIGEST) == BUNDLE


def test_a_part_that_grew_too_large_is_refused(store: Store) -> None:
    store.artifacts.put(BUNDLE)
    store.overwrite(f"{DIGEST}/{GOLDEN}", bytes(GOLDEN_BYTES_MAX + 1))
    assert reason(store) == "too_large"


def test_many_that_put_the_same_bundle_at_once_agree(store: Store) -> None:
    threads = [threading.Thread(target=store.artifacts.put, args=(BUNDLE,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.artifacts.read(DIGEST) == BUNDLE


def test_the_newest_whole_snapshot_of_a_lane_is_returned_damaged_ones_go(store: Store) -> None:
    snapshots = store.snapshots("1.0")
    assert snapshots.newest(LANE) == {}
    taken = Snapshot(b"state")
    snapshots.keep(LANE, taken)
    snapshots.keep(LANE, taken)  # the same state again
    assert snapshots.newest(LANE) == {taken.digest: b"state"}
    assert snapshots.newest(Lane(LANE.topic, 20)) == {}
    assert store.snapshots("1.1").newest(LANE) == {}  # another release
    store.overwrite(f"snapshots/1.0/{LANE.topic}/{LANE.index}/{taken.digest}", b"stat")
    assert snapshots.newest(LANE) == {}
    assert snapshots.newest(LANE) == {}

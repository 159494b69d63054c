"""A bucket that cannot be used: what is told, and what it costs."""

from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.kernel.host import Snapshot
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.models import bucket_store
from kingmaker.runtime.models.bucket import Access, BucketError, open_bucket
from kingmaker.runtime.models.bucket_store import BucketArtifacts, BucketSnapshots
from kingmaker.runtime.models.errors import ModelRefusedError
from tests.conformance.buckets import URL, a_bucket
from tests.hostile import forge

BUNDLE = forge.bundle(forge.linear())
LANE = Lane("km.trader.v1")


def test_an_object_is_created_once_and_never_replaced(tmp_path: Path) -> None:
    with a_bucket(tmp_path) as access:
        bucket = open_bucket(URL, access)
        assert bucket.create("a/b", b"first")
        assert not bucket.create("a/b", b"second")
        assert bucket.read("a/b", 5) == b"first"
        assert bucket.read("a/c", 5) is None
        assert [path for _, path in bucket.names("a/")] == ["a/b"]


def test_a_bucket_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with a_bucket(tmp_path) as access:
        artifacts = BucketArtifacts(open_bucket("s3://elsewhere/kingmaker", access))
        with pytest.raises(BucketError, match=r"s3://elsewhere/kingmaker/.*Check artifacts, and"):
            artifacts.put(BUNDLE)


def test_a_server_that_is_gone_makes_models_unavailable_and_snapshots_only_missing(
    tmp_path: Path,
) -> None:
    with a_bucket(tmp_path) as access:
        bucket = open_bucket(URL, access)
        digest = BucketArtifacts(bucket).put(BUNDLE)
    with pytest.raises(ModelRefusedError) as caught:
        BucketArtifacts(bucket).read(digest)
    assert caught.value.reason == "unavailable"
    snapshots = BucketSnapshots(bucket, "1.0")
    snapshots.keep(LANE, Snapshot(b"state"))
    assert snapshots.newest(LANE) == {}


def test_a_snapshot_that_is_too_large_costs_a_longer_start_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_bucket(tmp_path) as access:
        snapshots = BucketSnapshots(open_bucket(URL, access), "1.0")
        snapshots.keep(LANE, Snapshot(b"small"))
        snapshots.keep(LANE, Snapshot(b"a larger one"))
        monkeypatch.setattr(bucket_store, "SNAPSHOT_BYTES_MAX", 5)
        assert list(snapshots.newest(LANE).values()) == [b"small"]


def test_a_key_without_its_secret_is_told_what_is_missing(tmp_path: Path) -> None:
    access = Access("http://127.0.0.1:1", access_key_id="ada")
    with pytest.raises(BucketError, match=r"but s3\.secret_key_file is not set"):
        open_bucket(URL, access)
    with pytest.raises(BucketError, match=r"of .ada. cannot be read.*Check s3\.secret_key_file"):
        open_bucket(URL, replace(access, secret_key_file=tmp_path / "nowhere"))

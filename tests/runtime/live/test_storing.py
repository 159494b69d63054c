"""Where models and snapshots go: a folder, a bucket, or the home; and that products get there."""

from pathlib import Path

import pytest

from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.home import Home
from kingmaker.runtime.live.storing import storage_of
from kingmaker.runtime.models.bucket_store import BucketArtifacts, BucketSnapshots
from kingmaker.runtime.models.bundle import MODEL
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.settings import S3, Settings
from tests.conformance.buckets import URL, a_bucket
from tests.hostile import forge

BUNDLE = forge.bundle(forge.linear())
DONE = Draft("trained", b"")


class Training:
    """A training that leaves a bundle in a folder."""

    def __init__(self, store: ArtifactStore) -> None:
        self.store, self.begun = store, 0

    def begin(self, _effect: Effect) -> None:
        self.begun += 1

    def finish(self, _effect: Effect) -> Draft:
        self.store.put(BUNDLE)
        return DONE


def test_without_a_word_all_lies_in_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path)
    storage = storage_of(Settings(), home)
    assert storage.artifacts == ArtifactStore(home.artifacts)
    training = Training(storage.trained)
    assert storage.uploading(training) is training


def test_a_folder_is_shared_by_models_products_and_snapshots(tmp_path: Path) -> None:
    storage = storage_of(Settings(artifacts=tmp_path / "shared"), Home(tmp_path / "home"))
    assert storage.trained == storage.artifacts == ArtifactStore(tmp_path / "shared")


def test_what_is_trained_is_found_in_the_bucket(tmp_path: Path) -> None:
    with a_bucket(tmp_path) as access:
        s3 = S3(
            endpoint=access.endpoint,
            access_key_id=access.access_key_id,
            secret_key_file=access.secret_key_file,
        )
        storage = storage_of(Settings(artifacts=URL, s3=s3), Home(tmp_path / "home"))
        assert isinstance(storage.artifacts, BucketArtifacts)
        assert isinstance(storage.snapshots, BucketSnapshots)
        training = Training(storage.trained)
        uploaded = storage.uploading(training)
        effect = Effect("t1", "learners.train", 0, None)
        uploaded.begin(effect)
        assert training.begun == 1
        assert uploaded.finish(effect) == DONE
        assert storage.artifacts.read(forge.digest_of(BUNDLE)) == BUNDLE


def test_an_earlier_product_that_is_damaged_stops_no_later_one(tmp_path: Path) -> None:
    with a_bucket(tmp_path) as access:
        s3 = S3(
            endpoint=access.endpoint,
            access_key_id=access.access_key_id,
            secret_key_file=access.secret_key_file,
        )
        storage = storage_of(Settings(artifacts=URL, s3=s3), Home(tmp_path / "home"))
        damaged = storage.trained.folder / ("0" * 64)
        damaged.mkdir(parents=True)
        (damaged / MODEL).write_bytes(b"torn")
        uploaded = storage.uploading(Training(storage.trained))
        assert uploaded.finish(Effect("t1", "learners.train", 0, None)) == DONE
        assert storage.artifacts.read(forge.digest_of(BUNDLE)) == BUNDLE


def test_an_address_that_names_no_bucket_is_taken_for_a_folder_only_if_it_is_one() -> None:
    assert Settings(artifacts="/srv/artifacts").artifacts == Path("/srv/artifacts")
    with pytest.raises(ValueError, match="artifacts"):
        Settings(artifacts="s3://UPPER/kingmaker")

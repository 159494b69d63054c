"""Where processes of a cluster keep models and snapshots: a folder or a bucket that all share."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.clock import Reactor, Stoppable
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.artifacts import Artifacts
from kingmaker.runtime.models.bucket import Access, Bucket, open_bucket
from kingmaker.runtime.models.bucket_store import BucketArtifacts, BucketSnapshots
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.snapshots import Snapshots, SnapshotStore

SNAPSHOTS = "snapshots"


@dataclass(frozen=True, slots=True)
class Storage:
    """Models by digest, snapshots by lane, and the folder into which trainings write."""

    artifacts: Artifacts
    snapshots: SnapshotStore
    trained: ArtifactStore

    def uploading(self, trainings: Reactor) -> Reactor:
        """Return trainings whose products everybody finds, where a folder is not shared."""
        if self.artifacts is self.trained:
            return trainings
        return UploadedTraining(trainings, self.trained, self.artifacts)


def storage_of(settings: Settings, home: Home) -> Storage:
    """Return what the settings name; without any, folders of the home. Raise BucketError."""
    match settings.artifacts:
        case str(url):
            bucket = _bucket(url, settings)
            snapshots = BucketSnapshots(bucket, RELEASE)
            return Storage(BucketArtifacts(bucket), snapshots, ArtifactStore(home.artifacts))
        case Path() as shared:
            store = ArtifactStore(shared)
            return Storage(store, Snapshots(shared / SNAPSHOTS, RELEASE), store)
        case None:
            store = ArtifactStore(home.artifacts)
            return Storage(store, Snapshots(home.snapshots, RELEASE), store)


@dataclass(frozen=True, slots=True)
class UploadedTraining:
    """Does the work of `learners.train` where products are wanted in a bucket."""

    trainings: Reactor
    trained: ArtifactStore
    artifacts: Artifacts

    def begin(self, effect: Effect) -> None:
        """Begin the training."""
        self.trainings.begin(effect)

    def finish(self, effect: Effect) -> Draft:
        """Train, then put what was trained where registry and trader look for it."""
        draft = self.trainings.finish(effect)
        for digest in self.trained.digests():  # earlier ones too: an upload may have failed
            with suppress(ModelRefusedError):  # damaged here: who asks for it is told so
                self.artifacts.put(self.trained.read(digest))
        return draft

    def stop(self, effect_id: str) -> None:
        """End a training that nobody waits for any longer."""
        if isinstance(self.trainings, Stoppable):
            self.trainings.stop(effect_id)


def _bucket(url: str, settings: Settings) -> Bucket:
    s3 = settings.s3
    return open_bucket(url, Access(s3.endpoint, s3.region, s3.access_key_id, s3.secret_key_file))

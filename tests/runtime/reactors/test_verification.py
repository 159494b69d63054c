"""The check of a bundle as an effect: the fact says sound, or why not."""

from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.models import schema_of
from kingmaker.kernel.service import Effect
from kingmaker.registry.domain import ModelSound, ModelUnsound, VerificationRequested
from kingmaker.registry.service import build
from kingmaker.runtime.models.bundle import MODEL
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.shipped import install
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors.training_process import keep
from kingmaker.runtime.reactors.verification import KIND, Verification
from tests.services.learners.test_training import train

SLOT = "pm_optimizer@btc-1h"


def fact_of(store: ArtifactStore, digest: str, slot: str = SLOT) -> object:
    """Return the fact, as the registry hears it."""
    request = VerificationRequested(slot, digest, "trained", "tr-1", 5, 1, "v1.1.0-trained", 9)
    effect = Effect("verify", KIND, 5, request)
    with Examination(Patience(60.0, strict=True)) as examination:
        verification = Verification(store, examination)
        verification.begin(effect)
        draft = verification.finish(effect)
    return build((), 0).messages.decode(draft.kind, draft.value)


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    """Return a store with what ships."""
    store = ArtifactStore(tmp_path / "artifacts")
    install(store)
    return store


def test_a_missing_artifact_is_unsound(store: ArtifactStore) -> None:
    fact = fact_of(store, "0" * 64)
    assert fact == ModelUnsound(
        "0" * 64, SLOT, "digest_missing", f"there is no artifact {'0' * 64}"
    )


def test_a_damaged_artifact_is_unsound_and_no_path_of_this_machine_is_recorded(
    store: ArtifactStore,
) -> None:
    digest = install(store)["pm_optimizer"]
    (store.folder / digest / MODEL).write_bytes(b"damaged")
    fact = fact_of(store, digest)
    assert isinstance(fact, ModelUnsound)
    assert fact.reason == "digest_mismatch"
    assert str(store.folder) not in fact.detail


def test_a_model_of_another_component_is_unsound(store: ArtifactStore) -> None:
    fact = fact_of(store, install(store)["cvar_ppo"])
    assert isinstance(fact, ModelUnsound)
    assert fact.reason == "signature_mismatch"


def test_a_shipped_bundle_is_sound(store: ArtifactStore) -> None:
    digest = install(store)["pm_optimizer"]
    assert fact_of(store, digest) == ModelSound(digest, SLOT, schema_of("pm_optimizer"))


@pytest.mark.parametrize("component", ["online_learning", "neural_ucb"])
def test_what_a_training_keeps_is_sound(store: ArtifactStore, component: str) -> None:
    product: Any = train(component)
    digest = keep(product, store.folder)
    slot = f"{component}@btc-1h"
    assert fact_of(store, digest, slot) == ModelSound(digest, slot, schema_of(component))

"""Stores and runners for the tests of what runs models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.shipped import install
from kingmaker.runtime.models.store import ArtifactStore


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    """Return an empty store."""
    return ArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def shipped(store: ArtifactStore) -> dict[str, str]:
    """Put the shipped bundles into the store; return digests by component."""
    return install(store)


@pytest.fixture
def runner(store: ArtifactStore) -> Iterator[ModelRunner]:
    """Yield a runner that is patient: this machine may be busy."""
    with ModelRunner(store, Patience(60.0, strict=True)) as runner:
        yield runner

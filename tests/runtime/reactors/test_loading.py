"""The loading of a model as an effect: the fact says loaded, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.service import Effect
from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.shipped import install
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors.loading import KIND, PACKAGE, Loading
from tests.hostile import forge
from tests.runtime.models.test_revisable import DECLARED, revisable


@dataclass(frozen=True)
class Request:
    """What the trader asks for."""

    slot: str
    digest: str
    attempt: int = 1


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[ModelRunner]:
    """Yield a runner that has loaded nothing of what ships."""
    store = ArtifactStore(tmp_path / "artifacts")
    install(store)
    with ModelRunner(store, Patience(60.0, strict=True)) as runner:
        yield runner


def fact_of(runner: ModelRunner, slot: str, digest: str) -> tuple[str, dict[str, Any]]:
    """Return the name of the fact and its fields."""
    effect = Effect("load", KIND, 5, Request(slot, digest))
    loading = Loading(runner)
    loading.begin(effect)
    draft = loading.finish(effect)
    name = draft.kind.removeprefix(f"{PACKAGE}.")
    message = message_class(PACKAGE, name).FromString(draft.value)
    return name, {field.name: value for field, value in message.ListFields()}


def test_a_missing_model_is_not_loaded(runner: ModelRunner) -> None:
    fact = fact_of(runner, "cvar_ppo@btc-1h", "0" * 64)
    assert fact == (
        "ModelLoadFailed",
        {"digest": "0" * 64, "attempt": 1, "reason": "digest_missing"},
    )


def test_a_model_of_another_component_is_not_loaded(runner: ModelRunner, tmp_path: Path) -> None:
    digest = install(ArtifactStore(tmp_path / "artifacts"))["cvar_ppo"]
    name, fields = fact_of(runner, "pm_optimizer@btc-1h", digest)
    assert (name, fields["reason"]) == ("ModelLoadFailed", "signature_mismatch")
    assert runner.loaded == ()


def test_a_sound_model_is_loaded(runner: ModelRunner, tmp_path: Path) -> None:
    digest = install(ArtifactStore(tmp_path / "artifacts"))["cvar_ppo"]
    assert fact_of(runner, "cvar_ppo@btc-1h", digest) == (
        "ModelLoaded",
        {"digest": digest, "attempt": 1},
    )
    assert runner.loaded == (digest,)


def test_a_model_that_learns_on_is_loaded_with_what_it_declares(
    runner: ModelRunner, tmp_path: Path
) -> None:
    digest = ArtifactStore(tmp_path / "artifacts").put(forge.bundle(revisable()))
    name, fields = fact_of(runner, "online_learning@btc-1h", digest)
    assert (name, fields["rule"]) == ("ModelLoaded", DECLARED.rule)
    assert dict(fields["parameters"]) == DECLARED.parameters
    assert tuple(fields["numbers"]) == DECLARED.numbers

"""Asked in this process or in a confined one, challengers say the same, faults and refusals too."""

from collections.abc import Iterator

import pytest

from kingmaker.kernel.service import Answer, Fault
from kingmaker.runtime.models.challengers import Challengers
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.models.unconfined import Unconfined
from tests.hostile import forge
from tests.runtime.models.test_runner import ask, keep, nought_by_row

PATIENT = Patience(60.0, strict=True)


@pytest.fixture(params=["confined", "unconfined"])
def either(store: ArtifactStore, request: pytest.FixtureRequest) -> Iterator[ModelRunner]:
    """Yield a runner that asks challengers there, or here."""
    others = Challengers(PATIENT) if request.param == "confined" else Unconfined()
    with ModelRunner(store, PATIENT, others) as runner:
        yield runner
        assert (runner.child_pid is None) is (request.param == "unconfined")


def test_answers_and_faults_are_the_same(store: ArtifactStore, either: ModelRunner) -> None:
    model, uneven = keep(store, either, forge.linear(1.0)), keep(store, either, nought_by_row())
    questions = [
        ask(model, 1.0, "t-1", "good"),
        ask(model, float("nan"), "t-1", "no row"),
        ask(uneven, 0.0, "t-1", "infinite"),
        ask("a" * 64, 1.0, "t-1", "unknown"),
    ]
    assert either.answer(questions) == {
        "good": Answer({"score": (56.0,)}),
        "no row": Fault("features[0] is nan: the graph was not asked"),
        "infinite": Fault("score is not finite"),
        "unknown": Fault("the model is not loaded"),
    }


def test_what_does_not_load_is_refused_for_the_same_reason(
    store: ArtifactStore, either: ModelRunner
) -> None:
    digest = store.put(forge.bundle(b"no graph"))
    with pytest.raises(ModelRefusedError, match="not_loadable") as caught:
        either.load(digest)
    assert caught.value.reason == "not_loadable"
    assert either.loaded == ()


def test_a_model_that_is_kept_is_loaded_when_it_is_asked(
    store: ArtifactStore, either: ModelRunner
) -> None:
    digest = store.put(forge.bundle(forge.linear(1.0)))
    assert either.load_and_answer([ask(digest, 1.0, "t-1")])["k"] == Answer({"score": (56.0,)})
    assert either.loaded == (digest,)
    with pytest.raises(ModelRefusedError, match="digest_missing"):
        either.load_and_answer([ask("a" * 64, 1.0, "t-1")])


def test_a_model_is_forgotten_when_it_is_told_to(store: ArtifactStore, either: ModelRunner) -> None:
    digest = keep(store, either, forge.linear(1.0))
    either.unload(digest)
    assert either.answer([ask(digest, 1.0, "t-1")])["k"] == Fault("the model is not loaded")

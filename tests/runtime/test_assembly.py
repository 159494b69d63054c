"""A kingdom is put together from its home alone, and ends whatever it began."""

from pathlib import Path

from kingmaker.kernel.service import Answer, Question
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.models.shipped import install
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors import alerts, historical, loading, training, verification
from tests.runtime.short_play import unplayed


def test_there_is_a_reactor_for_every_kind_of_effect(tmp_path: Path) -> None:
    kinds = {reactor.KIND for reactor in (alerts, historical, loading, training, verification)}
    with unplayed(tmp_path).kingdom() as kingdom:
        assert set(kingdom.reactors) == kinds


def test_an_audit_loads_whatever_it_is_asked_about(tmp_path: Path) -> None:
    stage = unplayed(tmp_path)
    stage.home.begin()
    digest = install(ArtifactStore(stage.home.artifacts))["online_learning"]
    question = Question("champion/online_learning", digest, {"features": (0.0,) * 56})
    with answering(stage.home) as answer:
        assert answer([question]) == {question.key: Answer({"score": (0.5,)})}

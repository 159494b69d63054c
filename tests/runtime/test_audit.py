"""Four levels, each says what it compared; tests/scenarios/test_audit.py flips the bytes."""

from pathlib import Path

import pytest

from kingmaker.runtime.assembly import answering
from kingmaker.runtime.audit import Auditor, Report, UnknownPromotionError
from kingmaker.runtime.kingdom import build_services
from kingmaker.runtime.models.store import ArtifactStore
from tests.runtime.short_play import played
from tests.scenarios.playing import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return played(tmp_path_factory.mktemp("audit"), 300)


def audit(stage: Stage, promotion: str, progress: list[str]) -> Report:
    with stage.log() as log, answering(stage.home) as answer:
        return Auditor(
            log=log,
            lanes=log.lanes(),
            desks=stage.desks,
            build=build_services,
            answer=answer,
            check_models=ArtifactStore(stage.home.artifacts).fault_of,
            progress=lambda level, _count: progress.append(level),
        ).audit(promotion)


def test_every_level_is_reached_and_says_what_it_read(stage: Stage) -> None:
    progress: list[str] = []
    report = audit(stage, "p-0001@eurusd-1h", progress)
    assert (report.level, report.identical) == ("models", True)
    assert {"chain", "evidence and gates", "models"} == set(progress)
    assert any("witnesses" in note for note in report.notes)


def test_a_bootstrap_model_that_changed_is_named(tmp_path: Path) -> None:
    copy = played(tmp_path, 20)
    digest = copy.events("promotion", 0, "ChampionCrowned")[0].digest
    (copy.home.artifacts / digest / "model.onnx").write_bytes(b"another")
    report = audit(copy, "p-0001@eurusd-1h", [])
    assert (report.level, report.identical) == ("evidence and gates", False)
    assert digest in report.first_difference


def test_an_unknown_promotion_is_told_from_a_false_one(stage: Stage) -> None:
    with pytest.raises(UnknownPromotionError, match="is not in km"):
        audit(stage, "p-0999@eurusd-1h", [])

"""Four levels, each says what it compared; tests/scenarios/test_audit.py flips the bytes."""

import functools
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.audit import SERVICES, Auditor, Report
from kingmaker.runtime.audited import UnknownPromotionError
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.child import Command
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.parts.running import WORKER, Parts
from kingmaker.runtime.parts.words import Place
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Learning, Settings
from tests.runtime.short_play import played
from tests.scenarios.playing import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return played(tmp_path_factory.mktemp("audit"), 300)


@pytest.fixture(scope="module")
def taken_back(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home in which a person crowned and a person took the crown back."""
    home = Home(tmp_path_factory.mktemp("smoke") / "home")
    smoke.play(home, smoke.Seen())
    return Stage(home, Settings(desks=smoke.DESKS))


@pytest.fixture(scope="module")
def learning(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return the same with heads that learn."""
    settings = functools.partial(Settings, learning=Learning(head_weights=True))
    home = Home(tmp_path_factory.mktemp("learning") / "home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(smoke, "Settings", settings)
        smoke.play(home, smoke.Seen())
    return Stage(home, settings(desks=smoke.DESKS))


CROWNED = 5  # acts of the smoke run: then somebody was crowned

type Build = Callable[[Sequence[Desk]], Sequence[AnyService]]


def build_audited(desks: Sequence[Desk]) -> Sequence[AnyService]:
    """Return what `kingmaker audit` builds: those alone that may be decided anew."""
    return build_services(desks, SERVICES)


def audit(
    stage: Stage,
    promotion: str,
    progress: list[str],
    build: Build = build_audited,
    *,
    partial: bool = False,
) -> Report:
    with stage.log() as log, answering(stage.home) as answer:
        return Auditor(
            log=log,
            lanes=log.lanes(),
            desks=stage.desks,
            build=build,
            answer=answer,
            check_models=ArtifactStore(stage.home.artifacts).fault_of,
            progress=lambda level, _count: progress.append(level),
            partial=partial,
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


def rewriting(service_name: str, event_name: str, **changes: object) -> Build:
    """Return services of which one says something else: as if another release had judged."""

    def build(desks: Sequence[Desk]) -> Sequence[AnyService]:
        return [
            _rewritten(one) if one.name == service_name else one for one in build_audited(desks)
        ]

    def _rewritten(service: AnyService) -> AnyService:
        def decide(*call: Any) -> Sequence[Any]:  # noqa: ANN401 - whatever a service is called with
            said = service.decide(*call)
            return [
                replace(one, **changes) if type(one).__name__ == event_name else one for one in said
            ]

        return replace(service, decide=decide)

    return build


def rollback_of(stage: Stage) -> str:
    return str(stage.events("promotion", 0, "ChampionRolledBack")[-1].promotion)


def crown_of(stage: Stage) -> str:
    return str(stage.events("promotion", 0, "ChampionCrowned")[-1].promotion)


def test_a_rollback_by_a_person_is_decided_anew(taken_back: Stage) -> None:
    report = audit(taken_back, rollback_of(taken_back), [])
    assert (report.level, report.identical) == ("models", True)
    assert any("the command is decided anew" in note for note in report.notes)


def test_a_rollback_that_this_code_would_not_have_made_is_found(taken_back: Stage) -> None:
    build = rewriting("promotion", "ChampionRolledBack", to_model="another")
    report = audit(taken_back, rollback_of(taken_back), [], build)
    assert (report.level, report.identical) == ("state", False)
    assert "ChampionRolledBack" in report.first_difference


def test_head_weights_are_decided_anew_before_the_decisions_that_went_by_them(
    learning: Stage,
) -> None:
    assert learning.events("trader", 0, "WeightsFollowed")
    report = audit(learning, crown_of(learning), [])
    assert (report.level, report.identical) == ("models", True)
    assert any("km.learners.v1/0" in note and "decided anew" in note for note in report.notes)


def test_a_weight_that_this_code_would_not_have_learned_is_found(learning: Stage) -> None:
    build = rewriting("learners", "WeightsLearned", max_change=0.5)
    report = audit(learning, crown_of(learning), [], build)
    assert (report.level, report.identical) == ("evidence and gates", False)
    assert "WeightsLearned" in report.first_difference


def test_of_one_desk_alone_head_weights_are_believed_and_that_is_said(learning: Stage) -> None:
    build = rewriting("learners", "WeightsLearned", max_change=0.5)
    report = audit(learning, crown_of(learning), [], build, partial=True)
    assert (report.level, report.identical) == ("models", True)
    [note] = [note for note in report.notes if "km.learners.v1/0" in note]
    assert "believed as recorded" in note


def test_where_no_weights_were_learned_nothing_is_said_of_the_learners(taken_back: Stage) -> None:
    for partial in (False, True):
        report = audit(taken_back, crown_of(taken_back), [], partial=partial)
        assert not [note for note in report.notes if "km.learners" in note]


def test_a_coronation_is_decided_anew_from_where_its_trial_opened(taken_back: Stage) -> None:
    crowned = taken_back.events("promotion", 0, "ChampionCrowned")[-1]
    assert crowned.trial
    report = audit(taken_back, crowned.promotion, [])
    assert (report.level, report.identical) == ("models", True)
    assert any("folded as recorded" in note for note in report.notes)
    build = rewriting("trader", "OpportunityDecided", symbol="another")
    changed = audit(taken_back, crowned.promotion, [], build)
    assert (changed.level, changed.identical) == ("evidence and gates", False)


def test_a_trial_that_goes_on_is_recomputed_up_to_its_coronation(taken_back: Stage) -> None:
    crowned = taken_back.events("promotion", 0, "ChampionCrowned")[-1]
    report = audit(taken_back, crowned.trial, [])
    assert report.identical


def test_a_rollback_because_the_champion_was_lost_is_recomputed_as_far_as_it_can(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    smoke.play(home, smoke.Seen(), CROWNED)
    stage = Stage(home, Settings(desks=smoke.DESKS))
    crowned = stage.events("promotion", 0, "ChampionCrowned")[-1]
    shutil.rmtree(home.artifacts / crowned.digest)
    stage.play(1)
    back = stage.events("promotion", 0, "ChampionRolledBack")[-1]
    assert back.trigger == "champion_lost"
    report = audit(stage, back.promotion, [])
    assert (report.level, report.identical) == ("evidence and gates", False)
    assert f"there is no artifact {crowned.digest}" in report.first_difference


def audit_in_parts(
    stage: Stage, promotion: str, decided_at: Home, command: Command = WORKER
) -> Report:
    """Audit a home whose models' level other processes decide, in this home or a copy of it."""
    with (
        stage.log() as log,
        answering(stage.home) as answer,
        Parts(Place.of(decided_at, stage.desks), 2, command) as parts,
    ):
        return Auditor(
            log=log,
            lanes=log.lanes(),
            desks=stage.desks,
            build=build_audited,
            answer=answer,
            check_models=ArtifactStore(stage.home.artifacts).fault_of,
            parts=parts,
        ).audit(promotion)


def earned(stage: Stage) -> str:
    crowned = stage.events("promotion", 0, "ChampionCrowned")[-1]
    assert crowned.trial
    return str(crowned.promotion)


def test_in_parts_the_same_is_compared_and_said(taken_back: Stage) -> None:
    promotion = earned(taken_back)
    alone = audit(taken_back, promotion, [])
    parted = audit_in_parts(taken_back, promotion, taken_back.home)
    assert (parted.level, parted.identical) == ("models", True)
    assert parted.notes == alone.notes


def test_what_a_part_finds_is_the_difference_of_its_level(
    taken_back: Stage, tmp_path: Path
) -> None:
    copy = Home(tmp_path / "home")
    shutil.copytree(taken_back.home.path, copy.path)
    shutil.rmtree(copy.artifacts)
    report = audit_in_parts(taken_back, earned(taken_back), copy)
    assert (report.level, report.identical) == ("evidence and gates", False)
    assert report.first_difference.startswith("models: km.trader.v1/0 cannot be decided anew")


def test_when_a_part_is_lost_all_is_decided_once_more_and_that_is_said(taken_back: Stage) -> None:
    dies_when_asked = Command("kingmaker.runtime.models.worker")
    report = audit_in_parts(taken_back, earned(taken_back), taken_back.home, dies_when_asked)
    assert (report.level, report.identical) == ("models", True)
    assert any("All of it was decided once more in one process" in note for note in report.notes)


def test_levels_before_the_models_are_told_first_though_parts_have_begun(
    taken_back: Stage,
) -> None:
    with pytest.raises(UnknownPromotionError, match="is not in km"):
        audit_in_parts(taken_back, f"p-0999@{taken_back.desks[0].name}", taken_back.home)

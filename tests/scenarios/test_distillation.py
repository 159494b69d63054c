"""A person asks for a distillation in a real home: a real process, a candidate, its decisions.

The desk trades made-up 5 min bars whose drift lasts for hours. The process is that of every
training but for its priority: what else runs on this machine must not decide when it ends.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import seal
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring
from kingmaker.runtime.assembly import open_kingdom
from kingmaker.runtime.cli.main import run
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors import training
from kingmaker.runtime.reactors.progress import FOLDER
from kingmaker.runtime.reactors.training import Place, TrainingReactor
from kingmaker.runtime.settings import DeskSettings, Learning, Settings
from tests.scenarios.challenged import crown, parts_of
from tests.scenarios.playing import Stage
from tests.services.learners import hours_world

BEGINS_MS = 1_735_689_600_000  # 2025-01-01
BARS, UNTIL_ASKED, UNTIL_WARM, SEEN = 8_000, 7_700, 24, 200
SLOT, MINUTE_MS = "s15_rl_policy@desk", 60_000
PROGRAM = """
from kingmaker.runtime.reactors import training_process as process
process.stand_back = lambda _number: None
process.main()
"""


@pytest.fixture(scope="module")
def distilled(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home in which a distillation was asked for, and its product is on trial."""
    folder = tmp_path_factory.mktemp("distilled")
    file = bars_file(folder / "bars.csv")
    stage = Stage(Home(folder / "home"), settings(file))
    stage.play(UNTIL_ASKED)
    with working(stage) as kingdom:
        ask(kingdom, "s15_rl_policy@desk")
        ask(kingdom, "online_learning@desk")
        go_on(stage, kingdom, UNTIL_WARM)
    remember_desks(
        stage.home, [desk.model_dump(exclude_none=True) for desk in stage.settings.desks]
    )
    return stage


def test_the_student_is_offered_as_one_candidate_that_names_its_teacher(distilled: Stage) -> None:
    [started] = distilled.events("learners", 0, "TrainingStarted")
    [completed] = distilled.events("learners", 0, "TrainingCompleted")
    assert (started.slot, started.origin, started.cause) == (SLOT, "distilled", "person")
    assert (completed.candidate, completed.reason) == (True, "")
    assert completed.metrics["distillation_teacher"] > 0.0
    [registered] = [
        one
        for one in distilled.events("registry", 0, "ModelRegistered")
        if one.origin != "bootstrap"
    ]
    assert (registered.slot, registered.model) == (SLOT, "v1.1.0-distilled")
    assert (registered.digest, registered.source) == (completed.digest, started.training)
    assert dict(registered.tags) == {"teacher": completed.teacher}
    [trial] = distilled.events("promotion", 0, "TrialOpened")
    assert (trial.slot, trial.challenger) == (SLOT, registered.model)


def test_the_teachers_bundle_is_kept_whole_beside_the_students(distilled: Stage) -> None:
    [completed] = distilled.events("learners", 0, "TrainingCompleted")
    store = ArtifactStore(distilled.home.artifacts)
    assert not store.fault_of([completed.digest, completed.teacher])
    of_student, of_teacher = (
        json.loads(store.read(digest).manifest) for digest in (completed.digest, completed.teacher)
    )
    assert of_student["teacher"] == completed.teacher
    assert of_teacher["component"] == "s15_rl_policy/teacher"
    assert completed.teacher not in {
        one.digest for one in distilled.events("registry", 0, "ModelRegistered")
    }


def test_a_component_that_has_no_teacher_is_refused_by_name(distilled: Stage) -> None:
    [refused] = distilled.events("learners", 0, "CommandRefused")
    assert "online_learning cannot be distilled: s15_rl_policy can" in refused.reason


def test_crowned_it_gives_s15_a_direction_where_it_had_none(
    distilled: Stage, tmp_path: Path
) -> None:
    usual, changed = (
        decided_under(copied(distilled, tmp_path / name), name) for name in ("", "s15_rl_policy")
    )
    assert len(usual) > 20
    assert [one.features for one in changed] == [one.features for one in usual]
    assert {one.directions[-1] for one in usual} == {0}
    assert {one.directions[-1] for one in changed} & {1, -1}


def test_the_lineage_is_shown_by_every_command_that_shows_a_model_or_a_training(
    distilled: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    [completed] = distilled.events("learners", 0, "TrainingCompleted")

    def said(*words: str) -> str:
        capsys.readouterr()
        run([*words, "--home", str(distilled.home.path)])
        return capsys.readouterr().out

    model = json.loads(said("model", "show", "v1.1.0-distilled", "-o", "json"))
    assert (model["origin"], model["teacher"]) == ("distilled", completed.teacher)
    assert (model["source"], model["parent"]) == ("tr-0001", "v1.0.0-bootstrap")
    assert f"teacher          {completed.teacher}" in said("model", "show", "v1.1.0-distilled")
    boot = said("model", "show", "v1.0.0-bootstrap", "--slot", "cvar_ppo", "-o", "json")
    assert "teacher" not in json.loads(boot)
    [training_row] = json.loads(said("train", "ls", "-o", "json"))
    assert training_row["teacher"] == completed.teacher
    assert completed.teacher in said("train", "logs")


def test_its_progress_was_kept_with_the_losses_of_teacher_and_student(distilled: Stage) -> None:
    lines = (distilled.home.path / FOLDER / "tr-0001.jsonl").read_text().splitlines()
    points = [one for one in map(json.loads, lines) if "loss" in one]
    assert list(dict.fromkeys(one["whose"] for one in points)) == ["teacher", "student", "alone"]
    assert any(one.get("kl", 0.0) > 0.0 and one["td"] > 0.0 for one in points)


def bars_file(path: Path) -> Path:
    """Write a world's bars as people have them."""
    lines = ["ts,open,high,low,close,volume"]
    for bar in hours_world.bars_of(BARS, drift=0.4, seed=1):
        moment = datetime.fromtimestamp((BEGINS_MS + bar.open_ms) / 1000, UTC)
        prices = ",".join(f"{price:.10g}" for price in (bar.open, bar.high, bar.low, bar.close))
        lines.append(f"{moment:%Y-%m-%dT%H:%M:%SZ},{prices},1")
    path.write_text("\n".join(lines) + "\n")
    return path


def settings(file: Path) -> Settings:
    never = 1_000_000
    desk = DeskSettings(name="desk", files=(f"{file}:BTC:5m",), interval="5m", min_trades=100)
    learning = Learning(
        components=("online_learning", "s15_rl_policy"),
        min_new_trades=never,
        experiences=never,
        experiences_min=never,
        s15_rl_policy_steps=1000,
        s15_rl_policy_bars_max=3000,
    )
    return Settings(desks=(desk,), learning=learning)


@contextmanager
def working(stage: Stage) -> Iterator[Kingdom]:
    """Yield the kingdom of a home, its trainings run by `PROGRAM`."""
    parts = parts_of(stage)
    place = Place(stage.home.log, stage.home.artifacts, stage.desks, stage.home.path / FOLDER)
    trainings = TrainingReactor(place, command=(sys.executable, "-c", PROGRAM))
    try:
        with open_kingdom(stage.home, parts) as kingdom:
            cast("dict[str, Any]", kingdom.reactors)[training.KIND] = trainings
            kingdom.begin(parts.begins_ms)
            yield kingdom
    finally:
        trainings.close()


def ask(kingdom: Kingdom, slot: str) -> None:
    """Ask for a distillation, signed by the home's own key."""
    order = message_class("kingmaker.learners.v1", "StartTraining")(
        command_id=f"distil-{slot}",
        slot=slot,
        origin="distilled",
        actor="ada",
        reason="to see what it is taught",
        issued_at_ms=kingdom.now_ms,
        not_after_ms=kingdom.now_ms + MINUTE_MS,
    )
    own = keyring.read_key(keyring.own_file(kingdom.home))
    draft = Draft("kingmaker.learners.v1.StartTraining", order.SerializeToString())
    kingdom.send(Lane(command_topic("learners"), 0), seal(own, draft))
    kingdom.deliver()


def go_on(stage: Stage, kingdom: Kingdom, times: int) -> None:
    starts = [position + 1 for position in kingdom.positions()]
    for _ in islice(kingdom.play(stage._bars().rows(starts)), times):
        pass


def copied(stage: Stage, path: Path) -> Stage:
    shutil.copytree(stage.home.path, path / "home")
    return Stage(Home(path / "home"), stage.settings)


def decided_under(stage: Stage, component: str) -> Sequence[Any]:
    """Crown the component's challenger, if any, play on, and return the decisions since."""
    known = len(stage.events("trader", 0, "OpportunityDecided"))
    with working(stage) as kingdom:
        if component:
            crown(kingdom, component)
        go_on(stage, kingdom, SEEN)
    return stage.events("trader", 0, "OpportunityDecided")[known:]

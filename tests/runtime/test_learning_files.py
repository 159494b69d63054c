"""Reports of learning jobs: files that tell everything and decide nothing."""

import json
import shutil
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Step
from kingmaker.runtime.learning_files import LANE, LearningFiles
from kingmaker.runtime.memory_log import MemoryLog

PACKAGE = "kingmaker.learners.v1"
DAY = {"schedule": "daily_learning", "date": "2026-01-31"}


def said(name: str, desk: str, **content: object) -> Draft:
    """Return what a job says of a desk."""
    fields: dict[str, Any] = DAY | {"desk": desk} | content
    message = message_class(PACKAGE, name)(**fields)
    return Draft(f"{PACKAGE}.{name}", message.SerializeToString(deterministic=True))


SKIPPED = said("LearningJobSkipped", "elm", reason="too few outcomes", outcomes=9, needed=10)
COMPLETED = said(
    "LearningJobCompleted",
    "oak",
    outcomes=20,
    wins=12,
    version=7,
    weights=[0.12, *[0.11] * 8],
    figures={"net_mean": 0.001},
)


def show(files: LearningFiles, *drafts: Draft, lane: Lane = LANE) -> None:
    """Show what was said, as one accepted step of a lane."""
    files.show(lane, Step((), (), frame(LANE.genesis(""), Pen(1, "learners"), drafts)))


def test_a_report_names_every_desk_and_what_it_learned(tmp_path: Path) -> None:
    files = LearningFiles(tmp_path)
    show(files, SKIPPED, COMPLETED)
    report = json.loads((tmp_path / "daily/2026-01-31.json").read_text())
    assert report["schedule"] == "daily_learning"
    assert report["desks"]["elm"]["state"] == "skipped"
    assert report["desks"]["elm"]["needed"] == 10
    oak = report["desks"]["oak"]
    assert (oak["state"], oak["win_rate"], oak["version"]) == ("deployed", 0.6, 7)
    assert oak["weights"]["HEAD_A"] == 0.12
    assert oak["figures"] == {"net_mean": 0.001}


def test_a_date_on_which_all_desks_were_skipped_has_no_file(tmp_path: Path) -> None:
    show(LearningFiles(tmp_path), SKIPPED)
    assert not list(tmp_path.rglob("*.json"))


def test_a_second_run_of_a_date_that_is_done_changes_no_report(tmp_path: Path) -> None:
    files = LearningFiles(tmp_path)
    show(files, COMPLETED)
    before = (tmp_path / "daily/2026-01-31.json").read_bytes()
    show(files, said("LearningJobSkipped", "oak", reason="learned from already"))
    assert (tmp_path / "daily/2026-01-31.json").read_bytes() == before


def test_deleted_files_come_back_as_they_were(tmp_path: Path) -> None:
    files = LearningFiles(tmp_path)
    show(files, SKIPPED, COMPLETED)
    before = (tmp_path / "daily/2026-01-31.json").read_bytes()
    shutil.rmtree(tmp_path / "daily")
    log, pen = MemoryLog(), Pen(1, "learners")
    [opened] = frame(LANE.genesis(log.incarnation), pen, [Draft("km.Started", b"{}")])
    log.append(LANE, [opened])
    log.append(LANE, frame(opened.position, pen, (SKIPPED, COMPLETED)))
    LearningFiles(tmp_path).rebuild(log)
    assert (tmp_path / "daily/2026-01-31.json").read_bytes() == before


def test_a_name_from_the_log_cannot_leave_the_folder(tmp_path: Path) -> None:
    evil = {"schedule": "../..", "date": "../evil"}
    show(LearningFiles(tmp_path / "reports"), said("LearningJobCompleted", "oak", **evil))
    assert [path.parent.parent for path in tmp_path.rglob("*.json")] == [tmp_path / "reports"]


def test_lanes_of_others_write_nothing(tmp_path: Path) -> None:
    show(LearningFiles(tmp_path), COMPLETED, lane=Lane("km.registry.v1"))
    assert not list(tmp_path.rglob("*.json"))

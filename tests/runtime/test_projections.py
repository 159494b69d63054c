"""Promotion records and champion pointers: files that tell everything and decide nothing."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Step
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.projections import PromotionFiles, Throne

SLOT = "online_learning@hourly"
LANE = Lane("km.promotion.v1")
DESKS = (Desk("hourly", 0),)
WHEN_MS = 1_627_691_400_000


def draft(name: str, package: str = "kingmaker.promotion.v1", **content: object) -> Draft:
    message = message_class(package, name)(**content)
    return Draft(f"{package}.{name}", message.SerializeToString(deterministic=True))


BOOTSTRAP = draft(
    "ChampionCrowned",
    promotion="p-0001@hourly",
    slot=SLOT,
    model="v1.0.0-bootstrap",
    digest="d1",
    reign=1,
    how="bootstrap",
    reason="the slot was empty",
    time_ms=WHEN_MS - 1,
)
HELD = draft(
    "ChallengerHeld",
    trial="t-0001@hourly",
    slot=SLOT,
    pairs=875,
    evidence={
        "pairs": 875,
        "champion": {"taken": 1000, "sum": -2.0},
        "challenger": {"taken": 200, "sum": 0.02},
    },
)
CROWNED = draft(
    "ChampionCrowned",
    promotion="p-0010@hourly",
    slot=SLOT,
    model="v1.1.0-trained",
    digest="d2",
    expected="v1.0.0-bootstrap",
    expected_digest="d1",
    reign=2,
    how="promoted",
    trial="t-0001@hourly",
    findings=[
        {"gate": "enough_evidence", "value": 5.5, "threshold": 5.39, "n": 895, "passed": True}
    ],
    pairs=895,
    log_evidence=5.5,
    k=1,
    alpha=1 / 220,
    time_ms=WHEN_MS,
)
BACK = draft(
    "ChampionRolledBack",
    promotion="p-0011@hourly",
    slot=SLOT,
    from_model="v1.1.0-trained",
    to_model="v1.0.0-bootstrap",
    to_digest="d1",
    from_digest="d2",
    reign=3,
    trigger="person",
    actor="ada",
    reason="fills look wrong",
    command_id="c-1",
    time_ms=WHEN_MS + 1000,
)
POLICY = draft("PolicyApplied", "kingmaker.policy.v1", hash="h")
STORY = (POLICY, BOOTSTRAP, HELD, CROWNED, BACK)
RECORD = f"promotions/20210731T003000Z_{SLOT}_p-0010@hourly.json"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    log = started(STORY)
    PromotionFiles(tmp_path / "model_registry").rebuild(log, DESKS)
    return tmp_path / "model_registry"


def started(drafts: tuple[Draft, ...]) -> MemoryLog:
    """Return a log whose lane begins as every lane does."""
    log, pen = MemoryLog(), Pen(1, "promotion")
    [opened] = frame(LANE.genesis(log.incarnation), pen, [Draft("km.Started", b"{}")])
    log.append(LANE, [opened])
    log.append(LANE, frame(opened.position, pen, drafts))
    return log


def read(folder: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / name).read_text())
    return content


def test_a_damaged_file_is_written_again(folder: Path) -> None:
    before = contents(folder)
    (folder / RECORD).write_text("{")
    PromotionFiles(folder).rebuild(started(STORY), DESKS)
    assert contents(folder) == before


def test_deleted_files_come_back_as_they_were(folder: Path) -> None:
    before = contents(folder)
    shutil.rmtree(folder)
    PromotionFiles(folder).rebuild(started(STORY), DESKS)
    assert contents(folder) == before


def test_step_by_step_the_same_files_are_written_as_from_the_whole_log(
    folder: Path, tmp_path: Path
) -> None:
    files = PromotionFiles(tmp_path / "live")
    records = frame(LANE.genesis(""), Pen(1, "promotion"), STORY)
    for record in records:
        files.show(LANE, Step((), (), (record,)))
    assert contents(tmp_path / "live") == contents(folder)


def test_other_lanes_write_nothing(tmp_path: Path) -> None:
    records = frame(LANE.genesis(""), Pen(1, "promotion"), STORY)
    PromotionFiles(tmp_path).show(Lane("km.trader.v1"), Step((), (), records))
    assert contents(tmp_path) == {}


def test_the_record_alone_says_who_when_why_and_how_to_undo_it(folder: Path) -> None:
    record = read(folder, RECORD)
    assert record["who"] == "promotion, by its gates"
    assert record["when"] == "2021-07-31T00:30:00.000Z"
    assert record["why"] == "every gate passed in trial t-0001@hourly"
    assert record["undo"] == f'kingmaker rollback {SLOT} --reason "..."'
    assert record["from"] == {"model": "v1.0.0-bootstrap", "digest": "d1"}
    assert record["gates"][0]["threshold"] == 5.39
    assert record["gates"][0]["advisory"] is False
    assert record["evidence"]["log_threshold"] == pytest.approx(5.3936, abs=1e-4)


def test_the_record_tells_skill_from_abstention(folder: Path) -> None:
    reading = read(folder, RECORD)["reading"]
    assert reading["share_taken"] == 0.2
    assert reading["net_a_trade_taken"] == pytest.approx(0.0001)
    assert reading["net_a_trade_left_alone"] == pytest.approx(-2.02 / 800)
    assert reading["net_of_a_random_filter_of_this_share"] == pytest.approx(-0.4)


def test_a_rollback_names_the_person_and_its_own_way_back(folder: Path) -> None:
    record = read(folder, f"promotions/20210731T003001Z_{SLOT}_p-0011@hourly.json")
    assert (record["who"], record["why"]) == ("ada", "fills look wrong")
    assert record["undo"].startswith("kingmaker rollback")


def test_the_first_champion_has_nothing_to_undo(folder: Path) -> None:
    record = read(folder, f"promotions/20210731T002959Z_{SLOT}_p-0001@hourly.json")
    assert (record["how"], record["undo"], record["evidence"]) == ("bootstrap", "", None)


def test_the_pointer_names_who_reigns_now(folder: Path) -> None:
    pointer = read(folder, f"champions/{SLOT}.json")
    assert (pointer["model"], pointer["reign"]) == ("v1.0.0-bootstrap", 3)
    assert (folder / pointer["record"]).is_file()


def test_a_name_from_the_log_cannot_leave_the_folder() -> None:
    evil = draft("ChampionCrowned", promotion="../../p", slot="../x@y", how="bootstrap")
    names = Throne().apply(evil.kind, evil.value)
    assert all("/" not in name.partition("/")[2] for name in names)

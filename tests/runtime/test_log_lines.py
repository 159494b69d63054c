"""The log file: one JSON object a line."""

import json
from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Step
from kingmaker.runtime.log_lines import NAME, LogLines

LANE = Lane("km.promotion.v1", 2)
KIND = "kingmaker.promotion.v1.ChampionRolledBack"


def test_each_line_parses_and_names_tag_level_slot_version_and_event(tmp_path: Path) -> None:
    event = message_class("kingmaker.promotion.v1", "ChampionRolledBack")(
        slot="cvar_ppo@main", from_model="v2", to_model="v1", actor="ada", reason="„odd“\nlosses"
    )
    record = Record(1, "promotion", 482, "", 0, 1, KIND, b"", time_ms=5)
    with LogLines(tmp_path) as lines:
        lines.show(LANE, Step((), (event,), (record,)))
        lines.show(LANE, Step((), (), (record,)))
        lines.say("started", home="x")
    first, second = (tmp_path / NAME).read_text(encoding="utf-8").splitlines()
    told = json.loads(first)
    assert told["event"].startswith("rolled back: cvar_ppo v2 → v1 by ada")
    assert (told["tag"], told["level"]) == ("[ROLLBACK]", "critical")
    assert (told["slot"], told["version"]) == ("cvar_ppo@main", "v1")
    assert told["event_id"] == "km.promotion.v1/2/482"
    assert json.loads(second)["tag"] == "[HEALTH]"


def test_a_second_process_appends(tmp_path: Path) -> None:
    for _ in range(2):
        with LogLines(tmp_path / "logs") as lines:
            lines.say("started")
    assert len((tmp_path / "logs" / NAME).read_text(encoding="utf-8").splitlines()) == 2

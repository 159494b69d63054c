"""The audit, as people see it."""

import sqlite3
from pathlib import Path

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def _crown(call: Call, home: Home) -> str:
    found = call("champion", "history", "online_learning", "-o", "json", home=home).json
    return str(next(row["promotion"] for row in found if row["how"] == "direct"))


def test_a_flipped_byte_ends_with_3_and_names_the_place(call: Call, own: Home) -> None:
    promotion = _crown(call, own)
    with sqlite3.connect(own.log) as db:
        lane = db.execute("SELECT id FROM lanes WHERE topic = 'km.trader.v1'").fetchone()[0]
        row = db.execute(
            "SELECT value FROM records WHERE lane = ? AND seq = 40", (lane,)
        ).fetchone()
        value = bytes([row[0][0] ^ 1]) + row[0][1:]
        db.execute("UPDATE records SET value = ? WHERE lane = ? AND seq = 40", (value, lane))
    called = call("audit", promotion, "-o", "json", home=own)
    assert called.code == 3
    assert not called.json["identical"]
    assert "km.trader.v1/0: record 40" in called.json["first_difference"]
    assert "DIFFERS" in call("audit", promotion, home=own).out
    whole = call("audit", "verify", "-o", "json", home=own)
    assert whole.code == 3
    assert "record 40" in whole.json["first_difference"]


def test_a_promotion_that_is_none_is_refused(call: Call, crowned: Home) -> None:
    called = call("audit", "p-9999", home=crowned)
    assert called.code == 2
    assert (
        "`kingmaker champion history` lists promotions, `kingmaker trial ls` trials" in called.err
    )


def test_a_rollback_by_a_person_is_recomputed_too(call: Call, crowned: Home) -> None:
    found = call("champion", "history", "online_learning", "-o", "json", home=crowned).json
    assert found[0]["how"] == "rollback"
    called = call("audit", found[0]["promotion"], "-o", "json", home=crowned)
    assert called.code == 0
    assert (called.json["level"], called.json["identical"]) == ("models", True)
    assert any("the command is decided anew" in note for note in called.json["notes"])


def test_the_classic_name_works(call: Call, crowned: Home) -> None:
    called = call("replay", _crown(call, crowned), "--verify", "-o", "json", home=crowned)
    assert called.json["identical"]


def test_the_whole_lanes_are_decided_anew_when_asked(call: Call, crowned: Home) -> None:
    promotion = _crown(call, crowned)
    short = call("audit", promotion, "-o", "json", home=crowned).json["notes"]
    long = call("audit", promotion, "--whole", "-o", "json", home=crowned).json
    assert long["identical"]
    assert any("folded as recorded" in note for note in short)
    assert not any("folded as recorded" in note for note in long["notes"])


def test_a_coronation_is_recomputed_on_all_four_levels(call: Call, crowned: Home) -> None:
    promotion = _crown(call, crowned)
    called = call("audit", promotion.partition("@")[0], "-o", "json", home=crowned)
    assert called.code == 0
    assert (called.json["level"], called.json["identical"]) == ("models", True)
    assert called.json["recorded"] == called.json["recomputed"] == "crowned"
    text = call("audit", promotion, home=crowned).out
    for level in ("chain", "state", "evidence and gates", "models"):
        assert f"✓ {level}" in text
    assert "identical" in text


def test_a_whole_log_is_verified(call: Call, crowned: Home) -> None:
    called = call("audit", "verify", "-o", "json", home=crowned)
    assert called.code == 0
    assert called.json["whole"]
    assert called.json["records"] > 1_000


def test_a_report_is_one_file_that_says_what_was_recomputed(
    call: Call, crowned: Home, tmp_path: Path
) -> None:
    promotion, file = _crown(call, crowned), tmp_path / "page.html"
    called = call("audit", "report", promotion, "--out", str(file), "-o", "json", home=crowned)
    assert called.code == 0
    assert called.json == {"file": str(file), "level": "models", "identical": True}
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "Of what was decided anew every bit was the same." in text


def test_a_report_has_a_name_of_its_own_where_none_is_given(call: Call, crowned: Home) -> None:
    promotion = _crown(call, crowned)
    file = Path(f"audit-{promotion}.html")
    file.write_text("my notes", encoding="utf-8")
    refused = call("audit", "report", promotion, home=crowned)
    assert "is there already, and was not written by this command" in refused.err
    file.unlink()
    for _ in range(2):
        assert call("audit", "report", promotion, home=crowned).code == 0
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_trial_that_goes_on_has_a_page_too(call: Call, on_trial: Home, tmp_path: Path) -> None:
    file = tmp_path / "trial.html"
    called = call("audit", "report", "t-0001", "--out", str(file), home=on_trial)
    assert called.code == 0
    text = file.read_text(encoding="utf-8")
    assert "was not crowned on online_learning@smoke" in text
    assert "kingmaker rollback" not in text

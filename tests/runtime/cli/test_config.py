"""What is set, and where it was said."""

import sqlite3
from pathlib import Path

import pytest

from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kingmaker.yaml", "promotion: {min_trade: 5}\n", "Did you mean promotion.min_trades?"),
        (".env", "MIN_SHADOW_TEST_TRADES=none\n", "promotion.min_trades is a whole number"),
    ],
)
def test_a_wrong_file_ends_with_2(call: Call, name: str, content: str, said: str) -> None:
    Path(name).write_text(content, encoding="utf-8")
    called = call("config", "check")
    assert called.code == 2
    assert said in called.err


def test_a_wrong_variable_ends_with_2(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINGMAKER__COSTS__FEE", "1")
    called = call("config", "check")
    assert called.code == 2
    assert "Did you mean costs.fee_bp?" in called.err


def test_every_value_names_its_origin(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mine.yaml").write_text("costs:\n  fee_bp: 2\n", encoding="utf-8")
    Path(".env").write_text("MIN_SHADOW_TEST_TRADES=80\n", encoding="utf-8")
    monkeypatch.setenv("AUTO_PROMOTION_ENABLED", "0")
    called = call("config", "show", "--origin", "-c", "mine.yaml", "-o", "json")
    origins = {row["key"]: (row["value"], row["origin"]) for row in called.json}
    assert origins["costs.fee_bp"] == (2.0, "mine.yaml:2")
    assert origins["promotion.min_trades"] == (80, ".env:1 MIN_SHADOW_TEST_TRADES")
    assert origins["promotion.auto"] == (False, "env AUTO_PROMOTION_ENABLED")
    assert origins["trial.max_pairs"] == (5000, "default")


def test_two_values_that_differ_are_a_warning(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kingmaker.yaml").write_text("promotion: {auto: on}\n", encoding="utf-8")
    monkeypatch.setenv("AUTO_PROMOTION_ENABLED", "0")
    called = call("config", "check")
    assert called.code == 0
    assert "warning: promotion.auto: env AUTO_PROMOTION_ENABLED says 0" in called.err


def test_the_classic_profile_is_an_origin_and_warns(call: Call) -> None:
    Path("kingmaker.yaml").write_text("profile: classic\n", encoding="utf-8")
    called = call("config", "show", "--origin", "-o", "json")
    origins = {row["key"]: (row["value"], row["origin"]) for row in called.json}
    assert origins["promotion.p_method"] == ("naive_t", "profile: classic")
    assert origins["profile"] == ("classic", "kingmaker.yaml:1")
    assert (
        "warning: promotion.p_method is naive_t (profile: classic): not valid under" in called.err
    )


def test_the_history_of_settings_tells_old_and_new_and_who(call: Call, own: Home) -> None:
    assert call("config", "history", "-o", "json", home=own).json == []
    first = call("config", "history", "exits", "--every", "-o", "json", home=own).json
    assert {row["key"] for row in first} == {"exits.max_holding"}
    assert all(row["old"] is None and row["actor"] for row in first)
    with opened(own.path) as home:
        row = home.query("SELECT * FROM parameters WHERE key = 'exits.max_holding'")[0]
    with sqlite3.connect(own.views) as views:
        later = {**row, "seq": row["seq"] + 1, "value": "1", "actor": "eve"}
        views.execute(
            f"INSERT INTO parameters ({', '.join(later)}) VALUES ({', '.join('?' * len(later))})",  # noqa: S608 - columns of our own table
            tuple(later.values()),
        )
    (changed,) = call("config", "history", "-o", "json", home=own).json
    assert (changed["old"], changed["new"], changed["actor"]) == (row["value"], "1", "eve")

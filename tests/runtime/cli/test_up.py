"""The flags of `up`; what it does is tested as a run."""

from pathlib import Path

import pytest

from tests.runtime.cli.conftest import Call


@pytest.mark.parametrize(
    "words", [("--demo", "--smoke"), ("--smoke", "--data", "x.csv"), ("--demo", "--data", "x.csv")]
)
def test_what_is_played_is_one_thing(call: Call, words: tuple[str, ...]) -> None:
    called = call("up", *words)
    assert called.code == 2
    assert "exclude each other" in called.err


def test_a_wrong_setting_stops_it_before_anything(call: Call, tmp_path: Path) -> None:
    Path("kingmaker.yaml").write_text("exits: {max_holding: 0}\n", encoding="utf-8")
    called = call("up", "--demo", "--home", str(tmp_path / "home"))
    assert called.code == 2
    assert "kingmaker.yaml:1: '0' is not allowed: exits.max_holding" in called.err
    assert not (tmp_path / "home").exists()


def test_a_named_file_of_settings_must_be_there(call: Call) -> None:
    called = call("up", "--demo", "-c", "no.yaml")
    assert called.code == 2
    assert "no.yaml does not exist" in called.err

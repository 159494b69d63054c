"""Opening a home to look at it."""

from pathlib import Path

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.cli.exits import CommandError
from kingmaker.runtime.cli.opening import (
    find_home,
    home_folder,
    opened,
    remember_desks,
    remembered_desks,
)
from kingmaker.runtime.home import Home, Lock


def test_a_home_without_its_desks_says_how_to_get_them_back(own: Home) -> None:
    (own.path / "desks.json").unlink()
    with pytest.raises(CommandError, match=r"desks\.json is missing.*run `kingmaker up`"):
        remembered_desks(own)


def test_desks_that_cannot_be_read_are_refused(own: Home) -> None:
    (own.path / "desks.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError, match=r"desks\.json cannot be read"):
        remembered_desks(own)


def test_a_home_without_its_log_is_refused(own: Home) -> None:
    own.log.unlink()
    with pytest.raises(CommandError, match="Restore it from a copy"), opened(own.path):
        pass


def test_the_home_of_a_process_on_kafka_says_where_its_log_is(tmp_path: Path) -> None:
    Home(tmp_path).begin()
    with pytest.raises(CommandError, match=r"process on Kafka.*stop-a-desk"), opened(tmp_path):
        pass


def test_desks_keep_their_order(tmp_path: Path) -> None:
    home = Home(tmp_path)
    remember_desks(home, [{"name": "b"}, {"name": "a"}])
    assert remembered_desks(home) == (Desk("b", 0), Desk("a", 1))


def test_the_home_is_named_by_flag_variable_or_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KINGMAKER__HOME", raising=False)
    monkeypatch.setenv("KINGMAKER_HOME", "variable")
    assert home_folder(Path("flag")) == Path("flag")
    assert home_folder(None) == Path("variable")
    monkeypatch.delenv("KINGMAKER_HOME")
    (tmp_path / "kingmaker.yaml").write_text("home: file\n", encoding="utf-8")
    assert home_folder(None) == Path("file")


def test_inside_an_empty_home_the_demo_is_found(tmp_path: Path) -> None:
    demo = Home(tmp_path / "demo")
    demo.begin()
    assert find_home(tmp_path) == demo
    own = Home(tmp_path)
    own.begin()
    assert find_home(tmp_path) == own


def test_a_running_home_can_be_looked_at(own: Home) -> None:
    with Lock(own), opened(own.path) as home:
        assert len(home.query("SELECT * FROM champions")) == 9


def test_several_desks_must_be_named(own: Home) -> None:
    with opened(own.path) as home:
        assert home.desk(None) == Desk("smoke", 0)
        with pytest.raises(CommandError, match=r"no desk is called 'x'\. Name one of: smoke"):
            home.desk("x")

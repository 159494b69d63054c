"""The folder of a kingdom: begun once, locked by one, never mistaken for another."""

import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from kingmaker.runtime.home import Home, HomeError, Lock, is_running, write_file


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_home_keeps_its_incarnation(home: Home) -> None:
    first = home.begin()
    assert home.begin() == first == home.incarnation()


def test_two_homes_are_strangers(home: Home, tmp_path: Path) -> None:
    assert home.begin() != Home(tmp_path / "other").begin()


def test_a_home_may_be_begun_for_a_log_that_has_a_name_and_for_no_other(home: Home) -> None:
    assert home.begin("0123456789abcdef") == home.begin() == "0123456789abcdef"
    with pytest.raises(HomeError, match="belongs to the log 0123456789abcdef, not to another"):
        home.begin("another")


def test_of_two_processes_that_begin_a_home_at_once_both_see_one_kingdom(tmp_path: Path) -> None:
    code = "import sys, pathlib; from kingmaker.runtime.home import Home; input();"
    code += "print(Home(pathlib.Path(sys.argv[1])).begin())"
    for attempt in range(3):
        command = [sys.executable, "-c", code, str(tmp_path / str(attempt))]
        both = [Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(2)]  # noqa: S603 - our own
        for process in both:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        found = {process.communicate()[0] for process in both}
        assert found == {Home(tmp_path / str(attempt)).incarnation() + "\n"}


def test_a_folder_without_a_kingdom_says_how_to_begin_one(home: Home) -> None:
    with pytest.raises(HomeError, match=r"kingmaker up --demo"):
        home.incarnation()


def test_a_log_without_its_manifest_is_refused(home: Home) -> None:
    home.path.mkdir()
    home.log.touch()
    with pytest.raises(HomeError, match=r"restore the manifest"):
        home.begin()


def test_a_damaged_manifest_is_refused(home: Home) -> None:
    home.begin()
    home.manifest.write_text("{")
    with pytest.raises(HomeError, match=r"manifest\.json cannot be read"):
        home.incarnation()


def test_a_newer_format_names_the_release_to_use(home: Home) -> None:
    home.begin()
    home.manifest.write_text('{"format": 2, "incarnation": "x"}')
    with pytest.raises(HomeError, match=r"format 2; this release reads 1"):
        home.incarnation()


def test_only_one_may_hold_the_lock(home: Home) -> None:
    home.begin()
    with Lock(home):
        assert is_running(home)
        with pytest.raises(HomeError, match=r"in use by process \d+"), Lock(home):
            pass
    assert not is_running(home)


def test_clearing_deletes_a_kingdom_and_nothing_else(home: Home, tmp_path: Path) -> None:
    home.begin()
    home.clear()
    assert not home.path.exists()
    foreign = Home(tmp_path / "documents")
    foreign.path.mkdir()
    (foreign.path / "thesis.txt").touch()
    with pytest.raises(HomeError, match=r"nothing was deleted"):
        foreign.clear()
    assert (foreign.path / "thesis.txt").exists()


def test_clearing_a_running_kingdom_is_refused(home: Home) -> None:
    home.begin()
    with Lock(home), pytest.raises(HomeError, match=r"in use by process"):
        home.clear()
    assert home.exists()


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_file(path, b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]

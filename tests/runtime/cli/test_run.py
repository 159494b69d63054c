"""A run from files to summary; what is wrong is refused before anything is recorded."""

import gzip
import re
import socket
import threading
import time
import urllib.request
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import pytest

from kingmaker.runtime.home import Home, Lock
from tests.runtime.cli.conftest import Call

SAMPLE = Path(str(files("kingmaker.feed") / "sample" / "BTCUSDT_5m_2025_03.csv.gz"))
BARS = 400


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Return the shipped five-minute bars, the header first."""
    return gzip.decompress(SAMPLE.read_bytes()).decode().splitlines()


def write(folder: Path, lines: list[str], name: str = "BTCUSDT_5m.csv") -> str:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_a_bad_file_is_refused_before_anything_is_recorded(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    bad = [*lines[:50], lines[50].replace(lines[50].split(",")[4], "nan"), *lines[51:100]]
    home = Home(tmp_path / "home")
    called = call("up", "--data", write(tmp_path, bad), home=home)
    assert called.code == 2
    assert re.search(r"BTCUSDT_5m\.csv, line 51: .* is nan; .*nothing was recorded", called.err)
    assert not home.path.exists()


def test_a_gap_is_kept_and_told_and_refused_when_strict(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    data = write(tmp_path, [*lines[:50], *lines[60:120]])
    strict = call("up", "--data", data, "--strict", home=Home(tmp_path / "strict"))
    assert strict.code == 2
    assert "1 gaps (10 bars): 10 bars after 2025-03-06T14:30Z (line 51)" in strict.err
    home = Home(tmp_path / "home")
    kept = call("up", "--data", data, "-o", "json", home=home)
    assert (kept.code, kept.json["gaps"], kept.json["bars_missing"]) == (0, 1, 10)
    events = call("events", "tail", "feed", "--last", "999", "--kind", "Gap", home=home)
    assert '"bars_missing": "10"' in events.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "there is nothing to play"),
        (("--data", "no.csv"), "Write no.csv:SYMBOL:INTERVAL"),
        (("--data", "no.csv:BTCUSDT:1h"), "does not exist"),
        (("--data", "no.csv:BTCUSDT:1y"), "is not an interval"),
    ],
)
def test_nothing_to_play_ends_with_2(
    call: Call, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    called = call("up", *words, home=Home(tmp_path / "home"))
    assert called.code == 2
    assert said in called.err


def test_two_runs_on_one_folder_are_refused(call: Call, tmp_path: Path, lines: list[str]) -> None:
    home = Home(tmp_path / "home")
    home.begin()
    with Lock(home):
        called = call("up", "--data", write(tmp_path, lines[:20]), home=home)
    assert called.code == 6
    assert "is in use by process" in called.err
    assert "--home" in called.err


def test_other_desks_or_other_bars_than_before_are_refused(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    home = Home(tmp_path / "home")
    assert call("up", "--data", write(tmp_path, lines[:60]), home=home).code == 0
    desks = call("up", "--data", f"{write(tmp_path, lines[:60])}:BTCUSDT:5m", "--demo", home=home)
    assert desks.code == 2
    other = call("up", "--data", "sample:EURUSD_1h_2017.csv.gz", home=home)
    assert other.code == 6
    assert "plays data-5m; you asked for data-1h" in other.err
    changed = call("up", "--data", write(tmp_path, [lines[0], *lines[5:60]]), home=home)
    assert changed.code == 6
    assert "has played 59 bars of BTCUSDT, the file holds 55" in changed.err


def test_running_again_goes_on_and_ends_in_the_same_history(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    whole, halves = Home(tmp_path / "whole"), Home(tmp_path / "halves")
    at_once = call("up", "--data", write(tmp_path, lines[:BARS]), "-o", "json", home=whole)
    call("up", "--data", write(tmp_path, lines[: BARS // 2]), home=halves)
    write(tmp_path, lines[:BARS])
    went_on = call("up", "-o", "json", home=halves)  # the home remembers its desks and files
    again = call("up", "-o", "json", home=halves)
    assert at_once.json["bars"] == went_on.json["bars"] == BARS - 1
    assert at_once.json["opportunities"] > 0
    assert at_once.json["history"] == went_on.json["history"] == again.json["history"]


def test_where_heads_learn_a_start_says_what_is_loaded_and_what_waits(
    call: Call, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    data = write(tmp_path, lines[:60])
    monkeypatch.setenv("KINGMAKER__LEARNING__HEAD_WEIGHTS", "1")
    first = call("up", "--data", data, home=home)
    assert first.code == 0
    assert "scheduler: Daily Learning Job after the first bar, Weekly" in first.err
    assert "loaded for data-5m: head weights, version 0: cvar_ppo 0.1111" in first.err
    again = call("up", home=home)
    assert "scheduler: Daily Learning Job 2025-03-07 00:00" in again.err
    monkeypatch.delenv("KINGMAKER__LEARNING__HEAD_WEIGHTS")
    assert "scheduler:" not in call("up", home=home).err


def test_fresh_begins_anew_and_the_summary_speaks(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    home = Home(tmp_path / "home")
    data = write(tmp_path, lines[:BARS])
    first = call("up", "--data", data, "-o", "json", home=home).json
    assert (home.logs / "kingmaker.log").exists()
    called = call("up", "--data", data, "--fresh", home=home)
    assert first["history"] in called.out
    assert "data-5m: nobody earned the crown. Too few trades" in called.out
    assert "A better model" not in called.out
    assert "9 champions of the bootstrap" in called.err


def test_fresh_deletes_nothing_but_a_kingdom(call: Call, tmp_path: Path, lines: list[str]) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "thesis.txt").touch()
    called = call("up", "--data", write(tmp_path, lines[:20]), "--fresh", home=Home(folder))
    assert called.code == 1
    assert "nothing was deleted" in called.err
    assert (folder / "thesis.txt").exists()


def test_what_is_played_can_be_scraped_meanwhile(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    pages: list[str] = []
    over = threading.Event()

    def scrape() -> None:
        while not over.is_set():
            with suppress(OSError), urllib.request.urlopen(f"http://{address}/metrics") as answer:
                pages.append(answer.read().decode())
            time.sleep(0.05)

    scraping = threading.Thread(target=scrape)
    scraping.start()
    data = write(tmp_path, lines[:1500])
    called = call("up", "--data", data, "--metrics", address, home=Home(tmp_path / "home"))
    over.set()
    scraping.join()
    assert called.code == 0
    assert f"metrics on http://{address}/metrics" in called.err
    assert "kingmaker_bars_total{desk=" in pages[-1]


def test_an_address_for_metrics_that_is_none_is_refused_before_anything_is_cleared(
    call: Call, tmp_path: Path, lines: list[str]
) -> None:
    home = Home(tmp_path / "home")
    data = write(tmp_path, lines[:60])
    assert call("up", "--data", data, home=home).code == 0
    called = call("up", "--data", data, "--fresh", "--metrics", "9464", home=home)
    assert called.code == 2
    assert "--metrics is '9464': it must be HOST:PORT" in called.err
    assert home.log.exists()

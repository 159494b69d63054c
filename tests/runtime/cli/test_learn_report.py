"""`kingmaker learn report`: the figures of the tables, in a page that a real browser shows."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from tests.runtime.cli import learned
from tests.runtime.cli.conftest import Call

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
REFUSED = "Content Security Policy"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home whose heads learned. Only to be looked at."""
    return learned.home(tmp_path_factory.mktemp("learned"))


def shown(page: Path) -> tuple[str, str]:
    """Return the document as Chromium has it in the end, and what its console said."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    profile = page.parent / "profile"
    told = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"]
    words = [CHROMIUM, *told, f"--user-data-dir={profile}", page.resolve().as_uri()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603 - the browser, on our own page
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return done.stdout, console


def test_a_browser_shows_every_picture_and_refuses_nothing(
    call: Call, home: Home, tmp_path: Path
) -> None:
    out = tmp_path / "learned.html"
    assert call("learn", "report", "--out", str(out), home=home).code == 0
    document, console = shown(out)
    assert console == ""
    assert "Weights of the nine heads" in document
    assert document.count('role="img"') == document.count("aria-labelledby=") >= 9
    assert document.count("<polygon") == 9


def test_the_browser_would_tell_of_what_a_page_may_not_do(
    call: Call, home: Home, tmp_path: Path
) -> None:
    out = tmp_path / "learned.html"
    call("learn", "report", "--out", str(out), home=home)
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("</body>", "<script>1</script></body>"), encoding="utf-8")
    assert REFUSED in shown(out)[1]


def test_the_figures_are_those_of_the_tables(call: Call, home: Home, tmp_path: Path) -> None:
    out = tmp_path / "learned.html"
    call("learn", "report", "--out", str(out), home=home)
    page = out.read_text(encoding="utf-8")
    [performance] = call("learn", "performance", "-o", "json", home=home).json
    weeks = call("learn", "improvements", home=home).out.splitlines()[1:]
    for head in performance["heads"]:
        assert f"{head['weight']:.4f}" in page
    assert f"n={performance['overall']['win_rate']['n']}" in page
    assert page.count("not distinguishable from chance") == sum(
        "not distinguishable from chance" in line for line in weeks
    )


def test_the_trades_of_a_desk_that_played_are_drawn(
    call: Call, crowned: Home, tmp_path: Path
) -> None:
    out = tmp_path / "learned.html"
    desk = call("learn", "stats", "-o", "json", home=crowned).json[0]["desk"]
    assert call("learn", "report", desk, "--out", str(out), home=crowned).code == 0
    page = out.read_text(encoding="utf-8")
    [performance] = call("learn", "performance", desk, "-o", "json", home=crowned).json
    assert page.count("<circle class=") >= performance["overall"]["signals"]
    assert "Drawdown of the account" in page
    assert "Reliability of p_win" in page


def test_nothing_of_a_person_is_written_over(call: Call, home: Home, tmp_path: Path) -> None:
    notes = tmp_path / "notes.html"
    notes.write_text("mine", encoding="utf-8")
    called = call("learn", "report", "--out", str(notes), home=home)
    assert called.code == 2
    assert "is there already" in called.err
    assert notes.read_text(encoding="utf-8") == "mine"


def test_several_desks_are_asked_which(call: Call, own: Home, tmp_path: Path) -> None:
    first = json.loads((own.path / "desks.json").read_text(encoding="utf-8"))["desks"]
    remember_desks(own, [*first, {"name": "elm"}])
    called = call("learn", "report", "--out", str(tmp_path / "x.html"), home=own)
    assert called.code == 2
    assert "there are several desks; name one" in called.err


def test_the_terminal_draws_what_was_said_and_what_came(call: Call, crowned: Home) -> None:
    told = call("learn", "reliability", home=crowned)
    assert told.code == 0
    line = next(line for line in told.out.splitlines() if "p_win" in line)
    assert "●" in line
    found = call("learn", "reliability", "-o", "json", home=crowned).json
    assert {row["is_probability"] for row in found} == {True, False}
    for row in found:
        assert row["n"] == sum(one["right"]["n"] for one in row["bins"])

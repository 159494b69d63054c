"""Statistics on the command line: every model version, window by window."""

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_every_slot_has_its_windows(call: Call, crowned: Home) -> None:
    rows = call("analytics", "show", "-o", "json", home=crowned).json
    assert {row["window"] for row in rows} <= {"1h", "1d", "7d"}
    week = [row for row in rows if row["window"] == "7d" and row["role"] == "champion"]
    assert len({row["slot"] for row in week}) == 9
    assert all(row["won"] <= row["trades"] <= row["opportunities"] for row in week)


def test_a_slot_and_a_window_may_be_chosen(
    call: Call, crowned: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINGMAKER__ANALYTICS__WINDOWS", '["30d", "52w"]')
    words = ("analytics", "show", "--slot", "online_learning", "--window", "52w")
    table = call(*words, home=crowned).out.splitlines()
    assert table[0].split()[:4] == ["SLOT", "MODEL", "ROLE", "WINDOW"]
    assert all("online_learning@" in line and " 52w " in line for line in table[1:])
    assert len(table) > 1


def test_a_window_that_is_none_is_refused(
    call: Call, crowned: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINGMAKER__ANALYTICS__WINDOWS", '["a day"]')
    called = call("analytics", "show", home=crowned)
    assert called.code == 2
    assert "analytics.windows.0" in called.err

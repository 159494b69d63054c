"""Where alerts go: a terminal that cannot be tricked, a file with one object a line."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.alerting import channels
from kingmaker.alerting.channels import console, log_file
from kingmaker.alerting.domain import AlertFired

ALERT = AlertFired(
    key="promotion_executed:p-0010@hourly",
    type="promotion_executed",
    severity="WARNING",
    slot="online_learning@hourly",
    message="v2 reigns instead of v1",
    cause="p-0010@hourly",
    occurred_at_ms=1_627_691_400_000,
    version="v2",
    value=5.5,
    threshold=5.39,
    n=895,
    undo="kingmaker rollback",
)


def test_a_full_disk_is_an_error_of_the_channel(tmp_path: Path) -> None:
    (tmp_path / "alerts.log").mkdir()
    with pytest.raises(OSError, match=r"alerts\.log"):
        log_file.open_channel(tmp_path)(ALERT)


def test_a_line_break_in_an_alert_does_not_begin_another() -> None:
    forged = replace(ALERT, message="x\n2021-01-01 CRITICAL \x1b[2J")
    terminal = io.StringIO()
    console.show(forged, terminal)
    assert terminal.getvalue().splitlines()[0].endswith("x?2021-01-01 CRITICAL ?[2J")
    assert len(log_file.line_of(forged).splitlines()) == 1


def test_the_terminal_shows_when_what_and_the_way_back() -> None:
    terminal = io.StringIO()
    console.show(ALERT, terminal)
    assert terminal.getvalue() == (
        "2021-07-31 00:30 WARNING  [PROMOTION] v2 reigns instead of v1\n"
        "  undo: kingmaker rollback\n"
    )


def test_the_file_has_one_object_a_line_with_everything_in_it(tmp_path: Path) -> None:
    send = log_file.open_channel(tmp_path / "logs")
    send(ALERT)
    send(replace(ALERT, key="b"))
    lines = (tmp_path / "logs" / "alerts.log").read_text().splitlines()
    first, second = (json.loads(line) for line in lines)
    assert first["occurred_at"] == "2021-07-31T00:30:00.000Z"
    assert first["undo"] == "kingmaker rollback"
    assert (first["value"], first["threshold"], first["n"]) == (5.5, 5.39, 895)
    assert second["key"] == "b"


def test_every_channel_beside_this_one_is_found(tmp_path: Path) -> None:
    assert set(channels.open_all(tmp_path)) == {"console", "log_file"}


def test_an_end_is_told_from_a_beginning() -> None:
    ended = replace(ALERT, state="resolved")
    assert json.loads(log_file.line_of(ended))["state"] == "resolved"
    assert json.loads(log_file.line_of(ALERT))["state"] == "firing"
    terminal = io.StringIO()
    console.show(ended, terminal)
    assert "resolved: " in terminal.getvalue()

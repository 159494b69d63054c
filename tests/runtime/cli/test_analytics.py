"""Statistics on the command line: every model version, window by window."""

import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from kingmaker.runtime.home import Home
from tests.program import PROGRAM
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


def test_without_the_extra_it_says_what_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faust", None)
    monkeypatch.delitem(sys.modules, "kingmaker.runtime.live.windows_worker", raising=False)
    called = call("analytics", "run")
    assert called.code == 1
    assert "faust is not installed. Install it: pip install 'kingmaker[analytics]'" in called.err


def test_a_worker_without_a_kafka_in_the_settings_is_refused(call: Call) -> None:
    Path("cluster.yaml").write_text("desks: [{name: one}]")
    called = call("analytics", "run", "-c", "cluster.yaml")
    assert called.code == 2
    assert "kafka.servers is not set" in called.err


def test_a_worker_that_waits_for_its_broker_is_scraped_and_says_that_it_is_not_ready(
    tmp_path: Path,
) -> None:
    config = tmp_path / "cluster.yaml"
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes a connection, answers nothing
        servers = f"127.0.0.1:{silent.getsockname()[1]}"
        config.write_text(f"desks: [{{name: one}}]\nkafka: {{servers: '{servers}'}}\n")
        command = [*PROGRAM, "analytics", "run", "-c", str(config)]
        worker = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        try:
            assert worker.stderr is not None
            told = next(line for line in worker.stderr if "health on" in line)
            address = re.findall(r"http://\S+(?=/readyz)", told)[0]
            with urllib.request.urlopen(f"{address}/metrics", timeout=10) as page:  # noqa: S310 - as above
                assert 'kingmaker_ready{service="analytics"} 0.0' in page.read().decode()
        finally:
            worker.kill()
            worker.communicate()

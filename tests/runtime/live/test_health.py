"""What probes are told: over a real connection, by status and words."""

import json
import urllib.error
import urllib.request

import pytest

from kingmaker.runtime.live import health
from kingmaker.runtime.live.health import Health, HealthServer


def asked(server: HealthServer, path: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_a_process_that_starts_lives_and_is_not_ready() -> None:
    with HealthServer(Health(), "127.0.0.1", 0) as server:
        assert asked(server, "/startupz")[0] == 503
        assert asked(server, "/livez")[0] == 200
        status, body = asked(server, "/readyz")
        assert (status, body["reason"]) == (503, "starting")


def test_one_that_caught_up_is_ready_and_says_where_its_lanes_are() -> None:
    state = Health(started=True, ready=True, reason="caught up", lanes={"km.feed.v1/0": 7})
    with HealthServer(state, "127.0.0.1", 0) as server:
        assert asked(server, "/startupz")[0] == 200
        status, body = asked(server, "/readyz")
        assert (status, body["ok"], body["lanes"]) == (200, True, {"km.feed.v1/0": 7})


def test_one_that_goes_round_no_more_neither_lives_nor_is_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "SILENT_S_MAX", -1.0)
    with HealthServer(Health(started=True, ready=True), "127.0.0.1", 0) as server:
        assert asked(server, "/livez")[0] == 503
        assert asked(server, "/readyz")[0] == 503


def test_other_paths_are_told_which_there_are() -> None:
    with HealthServer(Health(), "127.0.0.1", 0) as server:
        assert asked(server, "/")[0] == 404

"""The log as JSON lines."""

import json

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("482", "is not TOPIC/LANE/SEQ"),
        ("km.promotion.v1/0/x", "is not TOPIC/LANE/SEQ"),
        ("km.promotion.v1/0/999999", "is not in the log: km.promotion.v1/0 ends at"),
        ("km.gold.v1/0/0", "is not in the log"),
    ],
)
def test_an_event_that_is_none_is_refused(call: Call, crowned: Home, event: str, said: str) -> None:
    called = call("events", "get", event, home=crowned)
    assert called.code == 2
    assert said in called.err


def test_a_topic_that_is_none_is_refused_with_those_that_are(call: Call, crowned: Home) -> None:
    called = call("events", "tail", "gold", home=crowned)
    assert called.code == 2
    assert "km.trader.v1" in called.err


def test_the_last_events_come_as_lines(call: Call, crowned: Home) -> None:
    words = ("events", "tail", "promotion", "--last", "5000", "--kind", "ChampionCrowned")
    found = [json.loads(line) for line in call(*words, home=crowned).out.splitlines()]
    assert [event["value"]["how"] for event in found] == ["bootstrap"] * 9 + ["direct"]
    assert len(call("events", "tail", "feed", "--last", "3", home=crowned).out.splitlines()) == 3


def test_the_last_events_of_a_kind_are_found_however_far_back(call: Call, crowned: Home) -> None:
    words = ("events", "tail", "promotion", "--kind", "ChampionCrowned", "--last")
    every = call(*words, "5000", home=crowned).out.splitlines()
    assert call(*words, "2", home=crowned).out.splitlines() == every[-2:]
    assert call(*words, "0", home=crowned).out == ""
    first = call("events", "tail", "promotion", "--kind", "km.Started", home=crowned).out
    assert json.loads(first.splitlines()[0])["seq"] == 0, "among more than ten events"


def test_any_event_can_be_looked_up(call: Call, crowned: Home) -> None:
    found = call("events", "get", "km.promotion.v1/0/0", home=crowned).json
    assert (found["kind"], found["seq"], found["term"]) == ("km.Started", 0, 1)
    assert found["value"]["release"]

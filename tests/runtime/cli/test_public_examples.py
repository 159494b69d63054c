"""Examples of public events are those of the home, one of every kind that it holds."""

import json

from kingmaker.contracts.public import PUBLIC
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_every_public_kind_of_the_home_is_shown_once(call: Call, crowned: Home) -> None:
    called = call("events", "examples", home=crowned)
    assert called.code == 0
    shown = [json.loads(line) for line in called.out.splitlines()]
    kinds = [one["headers"]["ce_type"] for one in shown]
    assert len(set(kinds)) == len(kinds)
    assert {kind.rpartition(".")[2] for kind in kinds} >= {
        "OpportunityDecided",
        "ChampionActivated",
        "ChampionCrowned",
        "ChampionRolledBack",
        "AlertFired",
    }
    by_name = {topic.name: topic for topic in PUBLIC}
    assert all(one["headers"]["ce_type"] in by_name[one["topic"]].kinds for one in shown)


def test_an_example_is_the_event_that_stands_in_the_log(call: Call, crowned: Home) -> None:
    called = call("events", "examples", home=crowned)
    shown = [json.loads(line) for line in called.out.splitlines()]
    [crown] = [one for one in shown if one["headers"]["ce_type"].endswith(".ChampionCrowned")]
    stored = call("events", "get", crown["headers"]["ce_id"], home=crowned).json
    assert stored["value"] == crown["value"]
    assert crown["headers"]["ce_subject"] == crown["value"]["slot"]
    assert crown["key"] == crown["value"]["slot"].partition("@")[2]

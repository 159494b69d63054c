"""`kingmaker learn exits`: a closed trade, looked back on."""

import json

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def closed_trade(call: Call, home: Home) -> str:
    """Return the id of the first trade of a home that is over."""
    said = call("events", "tail", "trader", "--kind", "OpportunityResolved", home=home).out
    events = [json.loads(line) for line in said.splitlines()]
    return next(
        str(event["value"]["opportunity"])
        for event in events
        if event["kind"].endswith("OpportunityResolved")
    )


def test_a_trade_that_is_none_is_refused(call: Call, crowned: Home) -> None:
    called = call("learn", "exits", "BTC-7", home=crowned)
    assert called.code == 2
    assert "no opportunity is called 'BTC-7'" in called.err


@pytest.mark.parametrize("tick", ["0", "-1"])
def test_a_tick_that_is_none_is_refused(call: Call, crowned: Home, tick: str) -> None:
    called = call("learn", "exits", "BTC-7", f"--tick={tick}", home=crowned)
    assert called.code == 2
    assert "give a number above zero" in called.err


def test_it_tells_what_every_point_would_have_made_of_it(call: Call, crowned: Home) -> None:
    trade = closed_trade(call, crowned)
    called = call("learn", "exits", trade, home=crowned)
    assert called.code == 0
    assert called.out.startswith(f"{trade}: ")
    assert "ticks behind" in called.out
    found = call("learn", "exits", trade, "-o", "json", home=crowned).json
    assert found["result"]["best_r"] >= found["result"]["worst_r"]
    assert len(found["others"]) == 16 * len({one["point"][2] for one in found["others"]})
    assert all(one["sentence"] for one in found["others"])

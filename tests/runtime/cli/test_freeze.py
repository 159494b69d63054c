"""Freeze and thaw."""

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_a_scope_that_is_none_is_refused(call: Call, own: Home) -> None:
    called = call("freeze", "gold", "--reason", "x", home=own)
    assert called.code == 2
    assert "is no slot here" in called.err
    assert "desks: smoke; components: cvar_ppo, " in called.err


def test_a_second_freeze_is_refused_on_record(call: Call, own: Home) -> None:
    first = call("freeze", "--reason", "storm", "-o", "json", home=own)
    assert first.json["frozen"]
    assert first.json["last_promotion"].startswith("p-")
    second = call("freeze", "--reason", "storm", home=own)
    assert second.code == 6
    assert "frozen already (km.promotion.v1/0/" in second.err


def test_a_slot_is_thawed_by_its_component(call: Call, own: Home) -> None:
    called = call("thaw", "online_learning", "--reason", "calm", "-o", "json", home=own)
    assert called.json["scope"] == "online_learning@smoke"
    assert not called.json["frozen"]
    found = call("champion", "show", "online_learning", "-o", "json", home=own).json
    assert found[0]["frozen_by"] is None

"""What a trader shows of its desk."""

from dataclasses import replace

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.trader.readings import readings
from kingmaker.trader.state import State
from tests.services.trader.desk import DESK, reigning, walk


def shown(state: State) -> dict[tuple[str, ...], float]:
    return {(name, *labels): float(value) for name, value, labels in readings(state)}


def test_a_desk_that_trades_shows_what_it_holds_and_whom_it_follows() -> None:
    rig = reigning()
    rig.hear_all(list(walk(300)))
    found = shown(rig.state)
    assert found["may_enter", DESK] == 1.0
    assert found["equity_ratio", DESK] == rig.state.equity != 0.0
    assert found["open_opportunities", DESK] == len(rig.state.open)
    assert all(found["serving_reign", f"{name}@{DESK}"] == 1.0 for name in COMPONENTS)
    assert sum(found["head_weight_ratio", DESK, name] for name in COMPONENTS) > 0.999


def test_a_lost_champion_is_named_and_nothing_may_be_entered() -> None:
    state = replace(reigning().state, lost=frozenset({"cvar_ppo"}))
    assert shown(state)["champion_lost", f"cvar_ppo@{DESK}"] == 1.0
    assert shown(state)["may_enter", DESK] == 0.0

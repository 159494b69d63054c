"""What the state of a trader shows to whoever watches."""

from collections.abc import Iterator

from kingmaker.contracts.desks import slot_of
from kingmaker.kernel.service import Reading
from kingmaker.trader.state import Account, State


def readings(state: State) -> Iterator[Reading]:
    """Yield what a desk holds, and whom it follows."""
    desk = state.desk
    inside = sum(one.account is Account.IN for one in state.open)
    yield Reading("open_positions", inside, (desk,))
    yield Reading("open_opportunities", len(state.open), (desk,))
    yield Reading("equity_ratio", state.equity, (desk,))
    yield Reading("may_enter", state.may_enter, (desk,))
    for component, reign in state.lineup.items():
        slot = slot_of(component, desk)
        yield Reading("serving_reign", reign.number, (slot,))
        yield Reading("champion_lost", component in state.lost, (slot,))
    for component, weight in state.weights.items():
        yield Reading("head_weight_ratio", weight, (desk, component))

"""How the trader follows risk: the account opens nothing; every simulated side goes on."""

from kingmaker.kernel.frozen import replace
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import ModeChanged
from kingmaker.trader.said import ModeFollowed
from kingmaker.trader.state import Account, State

KILLED = "killed"


def follow(state: State, changed: ModeChanged, now_ms: int) -> list[Event]:
    """Follow a change of mode, and say how much is open at that record."""
    number_open = sum(item.account is Account.IN for item in state.open)
    time_ms = max(changed.time_ms, now_ms)
    return [ModeFollowed(changed.number, changed.mode, changed.flatten, number_open, time_ms)]


def learn(state: State, followed: ModeFollowed) -> State:
    """Know the mode from here on."""
    return replace(state, killed=followed.mode == KILLED, flatten=followed.flatten)

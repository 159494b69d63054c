"""How the trader follows risk: what the account may open; every simulated side goes on."""

from kingmaker.kernel.frozen import replace
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import GuardChanged, ModeChanged
from kingmaker.trader.said import GuardFollowed, ModeFollowed
from kingmaker.trader.state import Account, State

KILLED, GUARD = "killed", "guard"  # why the account does not enter


def follow(state: State, changed: ModeChanged, now_ms: int) -> list[Event]:
    """Follow a change of mode, and say how much is open at that record."""
    time_ms = max(changed.time_ms, now_ms)
    how = (changed.number, changed.mode, changed.flatten)
    return [ModeFollowed(*how, _number_open(state), time_ms)]


def follow_guard(state: State, changed: GuardChanged, now_ms: int) -> list[Event]:
    """Follow a step of the guard; what is open keeps the size that it was entered with."""
    time_ms = max(changed.time_ms, now_ms)
    how = (changed.number, changed.level, changed.size)
    return [GuardFollowed(*how, _number_open(state), time_ms)]


def learn(state: State, followed: ModeFollowed | GuardFollowed) -> State:
    """Know the mode, or the share, from here on."""
    if isinstance(followed, GuardFollowed):
        return replace(state, size=followed.size)
    return replace(state, killed=followed.mode == KILLED, flatten=followed.flatten)


def barred(state: State) -> str:
    """Return why the account may not enter; "" where it may."""
    if state.killed:
        return KILLED
    return "" if state.size > 0.0 else GUARD


def _number_open(state: State) -> int:
    return sum(item.account is Account.IN for item in state.open)

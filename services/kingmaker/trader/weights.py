"""How the trader follows the learners: the next opportunity is decided by the new head weights."""

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.frozen import replace
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import WeightsLearned
from kingmaker.trader.said import WeightsFollowed
from kingmaker.trader.state import State


def follow(state: State, learned: WeightsLearned, now_ms: int) -> list[Event]:
    """Follow a newer version of this desk; the learners' one lane tells of every desk."""
    if learned.desk != state.desk or learned.version <= state.weights_version:
        return []
    time_ms = max(learned.time_ms, now_ms)
    followed = WeightsFollowed(
        learned.desk, learned.version, learned.weights, learned.cause, time_ms
    )
    return [followed]


def learn(state: State, followed: WeightsFollowed) -> State:
    """Weigh the heads so from here on, on every branch alike."""
    held = dict(zip(COMPONENTS, followed.weights, strict=True))
    return replace(state, weights=held, weights_version=followed.version)

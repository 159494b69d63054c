"""How the trader follows the learners: the next opportunity is decided by the new head weights.

A job's change of all weights at once is watched like a person's change of settings: the weights
before decide on beside the new ones, and take their place where the new ones harm.
"""

from kingmaker.contracts import head_weights
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.frozen import replace
from kingmaker.trader import parameters
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import WeightsLearned
from kingmaker.trader.said import WeightsFollowed
from kingmaker.trader.state import State

WATCHED = frozenset({"weekly"})  # causes whose change is a step; outcomes move little at once
ACTOR = "learners"


def follow(state: State, learned: WeightsLearned, now_ms: int) -> list[Event]:
    """Follow a newer version of this desk; the learners' one lane tells of every desk."""
    if learned.desk != state.desk or learned.version <= state.weights_version:
        return []
    time_ms = max(learned.time_ms, now_ms)
    watched: list[Event] = []
    if learned.cause in WATCHED:
        held = [state.weights[name] for name in COMPONENTS]
        old = head_weights.as_texts(held, state.weights_version)
        new, why = head_weights.as_texts(learned.weights, learned.version), (learned.cause, ACTOR)
        watched += parameters.watched(state, old, new, why, time_ms)
    followed = WeightsFollowed(
        learned.desk, learned.version, learned.weights, learned.cause, time_ms
    )
    return [*watched, followed]


def learn(state: State, followed: WeightsFollowed) -> State:
    """Weigh the heads so from here on, on every branch alike."""
    held = dict(zip(COMPONENTS, followed.weights, strict=True))
    return replace(state, weights=held, weights_version=followed.version)

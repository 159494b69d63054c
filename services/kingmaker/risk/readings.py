"""What the brakes of a desk show to whoever watches."""

from collections.abc import Iterator

from kingmaker.kernel.service import Reading
from kingmaker.risk.domain import State
from kingmaker.risk.guard import LEVELS


def readings(state: State) -> Iterator[Reading]:
    """Yield whether a person stopped the desk, and where its guard stands."""
    yield Reading("killed", state.kill is not None, (state.desk,))
    for symbol, watched in state.watched.items():
        if watched.worst is not None:
            yield Reading("feature_drift_score", watched.worst, (state.desk, symbol))
    yield Reading("guard_state", LEVELS.index(state.guard.level), (state.desk,))

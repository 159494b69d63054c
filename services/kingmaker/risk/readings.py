"""What the brakes of a desk show to whoever watches."""

from collections.abc import Iterator

from kingmaker.kernel.service import Reading
from kingmaker.risk.domain import State
from kingmaker.risk.guard import LEVELS


def readings(state: State) -> Iterator[Reading]:
    """Yield whether a person stopped the desk, and where its guard stands."""
    yield Reading("killed", state.kill is not None, (state.desk,))
    yield Reading("guard_state", LEVELS.index(state.guard.level), (state.desk,))

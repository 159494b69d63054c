"""What the brake of a desk shows to whoever watches."""

from collections.abc import Iterator

from kingmaker.kernel.service import Reading
from kingmaker.risk.domain import State


def readings(state: State) -> Iterator[Reading]:
    """Yield whether a person stopped the desk."""
    yield Reading("killed", state.kill is not None, (state.desk,))

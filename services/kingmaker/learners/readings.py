"""What the learners' state shows to whoever watches."""

from collections.abc import Iterator

from kingmaker.kernel.service import Reading
from kingmaker.learners.domain import State


def readings(state: State) -> Iterator[Reading]:
    """Yield what there is to learn from, and how much of it came after each slot's last run."""
    for desk, closed in state.closed.items():
        yield Reading("closed_trades", closed.trades, (desk,))
    for slot, trades in state.learned.items():
        yield Reading("learned_trades", trades, (slot,))

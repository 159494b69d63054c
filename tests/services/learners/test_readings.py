"""What learners show of the trades there are to learn from."""

from kingmaker.kernel.service import Reading
from kingmaker.learners.domain import Closed, State
from kingmaker.learners.readings import readings


def test_it_tells_what_came_since_the_last_training() -> None:
    state = State(closed={"oak": Closed(1200, 5)}, learned={"neural_ucb@oak": 1000})
    assert list(readings(state)) == [
        Reading("closed_trades", 1200, ("oak",)),
        Reading("learned_trades", 1000, ("neural_ucb@oak",)),
    ]

"""An opportunity before anybody has judged it: the market at a bar where a rule fires."""

from dataclasses import dataclass, field

from kingmaker.kernel.frozen import quick
from kingmaker.market.features import Row
from kingmaker.trader.gauges import Gauges
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.thought import Side, Thought


@quick
@dataclass(frozen=True, slots=True)
class Scene:
    """The same for every branch."""

    bar: BarClosed
    features: Row
    memory: tuple[Row, ...]  # features of the bars before, oldest first, as far as they reach
    closes: tuple[float, ...]
    directions: tuple[int, ...]  # of the arms whose rule began to want one
    gauges: Gauges
    thoughts: dict[str, Thought] = field(default_factory=dict, compare=False)  # by branch, so far
    sides: list[tuple[object, list[Side]]] = field(
        default_factory=list, compare=False
    )  # of a state

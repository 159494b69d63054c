"""What the bars of a desk show to whoever watches."""

from collections.abc import Callable, Iterator, Sequence

from kingmaker.contracts.desks import Desk
from kingmaker.feed.domain import State
from kingmaker.kernel.service import Reading

MS_IN_SECOND = 1000


def build(desks: Sequence[Desk], index: int) -> Callable[[State], Iterator[Reading]]:
    """Return what reads the state of the desk `index`."""

    def readings(state: State) -> Iterator[Reading]:
        desk = desks[index].name
        yield Reading("universe_pairs", len(state.symbols), (desk,))
        if state.market_open is not None:
            yield Reading("market_open", state.market_open, (desk,))
        for name, symbol in state.symbols.items():
            interval_s = symbol.interval_ms // MS_IN_SECOND
            yield Reading("symbol_info", 1, (desk, name, f"{interval_s}s"))
            yield Reading("missing_candles", symbol.bars_missing, (desk, name))

    return readings

"""An engine whose time is that of its inputs: recorded bars, played through live processes."""

from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import Engine


class MarketEngine(Engine):
    """Hears a tick before the first input of each market time, as under a scheduler."""

    def offer(self, item: Input) -> bool:
        """Consume one input, the tick of its time first; tell whether anything was decided."""
        ticked = False
        if self.service.clocked and item.time_ms > self.host.time_ms:
            ticked = super().offer(Input.of_tick(item.time_ms))
        return super().offer(item) or ticked

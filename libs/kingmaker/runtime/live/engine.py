"""The engines of a live process: they note when they took what, and some live on market time."""

import time
from collections import Counter

from kingmaker.kernel.service import CLOCK, Input
from kingmaker.runtime.engine import AnyService, Ask, Engine, ask_nobody
from kingmaker.runtime.log import Log


class LiveEngine(Engine):
    """Notes what it took, and when it took what it decided on: for those who watch."""

    def __init__(self, service: AnyService, log: Log, answer: Ask = ask_nobody) -> None:
        """Prepare; nothing was taken yet."""
        super().__init__(service, log, answer)
        self.taken: Counter[tuple[str, bool]] = Counter()  # by type, and whether it decided
        self.began: list[float] = []  # when the input of each decided step was taken, in order

    def offer(self, item: Input) -> bool:
        """Consume one input; tell whether it decided anything."""
        began = time.time()
        decided = super().offer(item)
        self.taken[type_of(item), decided] += 1
        if decided:
            self.began.append(began)
        return decided


class MarketEngine(LiveEngine):
    """Hears a tick before the first input of each market time, as under a scheduler."""

    def offer(self, item: Input) -> bool:
        """Consume one input, the tick of its time first; tell whether anything was decided."""
        ticked = False
        if self.service.clocked and item.time_ms > self.host.time_ms:
            ticked = super().offer(Input.of_tick(item.time_ms))
        return super().offer(item) or ticked


def type_of(item: Input) -> str:
    """Return the type of an event or a tick; of what strangers may write, what it came as.

    A stranger may call a command anything, and no label may take any value.
    """
    if item.hash or item.lane == CLOCK:
        return item.kind
    return item.lane.topic.partition("@")[0].split(".")[2]

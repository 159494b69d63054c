"""One challenger a path: when each rule would crown it, with the classic gates beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.gates.looks import Seen
from bench.gates.noise import Flags
from bench.gates.ours import FIRST_LEVEL, Ours, with_bound
from bench.gates.rivals import FIRST_LOOK, Betting, rivals
from bench.gates.worlds import PAIRS, SEED, WORLDS, Returns

OURS, OURS_FIRST, OURS_30 = "Kingmaker", "Kingmaker at 1/220", "Kingmaker, bound 30"
WIDER = {"E2", "E3", "D2"}  # worlds where the wider bound is measured too

type Firsts = Mapping[str, NDArray[np.int32]]  # by rule: the pair that crowned, 0 for never
type Asks = Callable[[Seen], Flags]


@dataclass(slots=True)
class Crowns:
    """The first pair at which a rule held, by path."""

    paths: int
    first: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nobody crowned."""
        self.first = np.zeros(self.paths, np.int32)

    def note(self, holds: Flags, n: int) -> None:
        """Crown those for whom the rule holds now, if they are not crowned yet."""
        self.first[holds & (self.first == 0)] = n


def try_world(name: str, chunk: int, paths: int, pairs: int = PAIRS, seed: int = SEED) -> Firsts:
    """Try every path of a world by every rule, looking after every pair from the 50th on."""
    world = WORLDS[name]
    return try_returns(world.draw(paths, chunk, pairs, seed), wider=name in WIDER)


def try_returns(returns: Returns, *, wider: bool = False) -> Firsts:
    """Try every path by every rule."""
    pairs, paths = returns.champion.shape
    ours, seen, others = Ours(paths), Seen(paths), rivals(paths, pairs)
    wide = Ours(paths, with_bound(30.0)) if wider else None
    names = [OURS, OURS_FIRST, *([OURS_30] if wide else ()), *others]
    crowns = {name: Crowns(paths) for name in names}
    for champion, challenger in zip(returns.champion, returns.challenger, strict=True):
        seen.add(champion, challenger)
        ours.add(champion, challenger)
        if wide:
            wide.ledgers.weigh(champion, challenger)
        gates = ours.classic_gates()
        for name, asks in others.items():
            if seen.n >= FIRST_LOOK or isinstance(asks, Betting):
                crowns[name].note(asks(seen) & gates, seen.n)
        crowns[OURS].note(ours.reaches(20.0) & gates, seen.n)
        crowns[OURS_FIRST].note(ours.reaches(FIRST_LEVEL) & gates, seen.n)
        if wide:
            crowns[OURS_30].note(wide.reaches(20.0) & gates, seen.n)
    return {name: one.first for name, one in crowns.items()}

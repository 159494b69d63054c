"""An edge that lasts 500 pairs and then turns: crowned, watched and dethroned on the same path.

World F of docs/decisions/0016. Every path has its own coronation, so its own reign.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from bench.gates import noise
from bench.gates.canary import (
    ALARMS,
    BY_DETHRONED,
    BY_TRIAL,
    DETECTOR,
    LENIENT,
    NAIVE_SHADOW,
    Watch,
    slack_of,
)
from bench.gates.looks import Seen
from bench.gates.noise import Flags, Floats
from bench.gates.ours import Ours
from bench.gates.rivals import FIRST_LOOK, paired_t
from bench.gates.trials import Crowns
from bench.gates.worlds import PAIRS, SEED, steps, with_edge
from kingmaker.evidence.batch.edetector import EDetector
from kingmaker.evidence.batch.tallies import Side
from kingmaker.evidence.defaults import CANARY_PARAMETERS

CODE = 330
DECAYS = 500  # pairs with an edge
MAKE = with_edge(noise.normal, steps((DECAYS, 0.20), (PAIRS - DECAYS, -0.10)))

type Turns = Mapping[str, NDArray[np.int32]]


@dataclass(slots=True)
class Life:
    """The coronations of all paths under one rule, and the ends of the reigns."""

    paths: int
    crowned: Crowns = field(init=False)
    ended: Crowns = field(init=False)

    def __post_init__(self) -> None:
        """Begin before any coronation."""
        self.crowned, self.ended = Crowns(self.paths), Crowns(self.paths)

    def end(self, alarm: Flags, n: int) -> None:
        """End the reigns of those who reign."""
        self.ended.note(alarm & (self.crowned.first > 0), n)

    def crown(self, holds: Flags, n: int) -> Flags:
        """Crown whom the rule lets pass now; return who is new."""
        new = np.asarray(holds & (self.crowned.first == 0))
        self.crowned.note(new, n)
        return new


def try_decay(chunk: int, paths: int, seed: int = SEED) -> Turns:
    """Return, by rule, the pairs of coronation and of rollback; 0 for never."""
    returns = MAKE(Generator(PCG64(SeedSequence([seed, CODE, chunk]))), PAIRS, paths)
    ours, naive = _Ours(paths), _Naive(paths)
    for n, (c, x) in enumerate(zip(returns.champion, returns.challenger, strict=True), start=1):
        ours.step(n, c, x)
        naive.step(n, c, x, ours.trial.classic_gates())
    return {
        f"{rule}, {what}": turn.first
        for rule, life in {**ours.lives, NAIVE_SHADOW: naive.life}.items()
        for what, turn in (("crowned", life.crowned), ("ended", life.ended))
    }


class _Reigns:
    """Reigns that begin at different pairs, with the figures of shadow before them."""

    def __init__(self, paths: int) -> None:
        self.watch, self.shadow = Watch(paths), Side.of(paths)

    def begin(self, new: Flags) -> None:
        """Keep the figures of shadow, and begin those of the reign."""
        for name in Side.__slots__:
            getattr(self.shadow, name)[new] = getattr(self.watch.champion, name)[new]
        self.watch.champion.clear(new)
        self.watch.dethroned.clear(new)


class _Ours(_Reigns):
    """The product: crowned by evidence, watched by the e-detector, with and without 15 %."""

    def __init__(self, paths: int) -> None:
        super().__init__(paths)
        self.trial, self.detector = Ours(paths), EDetector(paths, CANARY_PARAMETERS)
        self.lenient = EDetector(paths, CANARY_PARAMETERS)
        self.lives = {rule: Life(paths) for rule in ALARMS}

    def step(self, n: int, dethroned: Floats, champion: Floats) -> None:
        """Take one pair of every path, in trial or in reign."""
        self.trial.add(dethroned, champion)
        self.detector.watch(champion, dethroned)
        self.lenient.watch(champion, dethroned)
        self.watch.add(dethroned, champion)
        alarm, watch = self.detector.alarm, self.watch
        self.lives[DETECTOR].end(alarm, n)
        self.lives[LENIENT].end(self.lenient.alarm, n)
        self.lives[BY_TRIAL].end(alarm & watch.breached(self.shadow), n)
        self.lives[BY_DETHRONED].end(alarm & watch.breached(watch.dethroned), n)
        holds = self.trial.reaches(20.0) & self.trial.classic_gates()
        [new, *_] = [life.crown(holds, n) for life in self.lives.values()]
        if new.any():
            self.detector.begin(self.trial.ledgers, new)
            slack = slack_of(self.trial.tallies.champion)
            self.lenient.begin(self.trial.ledgers, new, slack)
            self.begin(new)


class _Naive(_Reigns):
    """Crowned by a t test at every look, dethroned by any figure 15 % worse than in shadow."""

    def __init__(self, paths: int) -> None:
        super().__init__(paths)
        self.seen, self.life = Seen(paths), Life(paths)

    def step(self, n: int, dethroned: Floats, champion: Floats, gates: Flags) -> None:
        """Take one pair of every path, in trial or in reign."""
        self.seen.add(dethroned, champion)
        self.watch.add(dethroned, champion)
        self.life.end(self.watch.breached(self.shadow), n)
        if n < FIRST_LOOK:
            return
        new = self.life.crown(paired_t(self.seen) & gates, n)
        if new.any():
            self.begin(new)

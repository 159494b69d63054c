"""Another component is crowned in the middle of a trial: what becomes of its evidence.

Four policies on the same pairs. Of a schedule whose edge ends with a change of lineup, counted are
trials that reached the change and are crowned afterwards, although no better on that lineup.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from bench.gates import noise
from bench.gates.noise import Draw, Flags
from bench.gates.ours import FIRST_LEVEL, Ours
from bench.gates.trials import Crowns
from bench.gates.worlds import SEED, Returns, steps, with_edge
from kingmaker.evidence.batch import TwoLedgers
from kingmaker.evidence.defaults import PARAMETERS

CARRY_ON = "carry on"
THIS_LINEUP = "carry on, this lineup alone must show E >= 20"
RESTART = "restart, same k"
SPLIT = "restart, alpha split over segments"
POLICIES = (CARRY_ON, THIS_LINEUP, RESTART, SPLIT)

WORLDS: Mapping[str, Draw] = {
    "normal": noise.normal,
    "t(3)": noise.student,
    "GARCH (C1)": noise.garch,
    "overlapping (C4)": noise.overlapping,
    "C1, AR(1) .4 (C3)": noise.echoing_more,
}
CODE = 100  # of the first world and schedule, in the seed


@dataclass(frozen=True, slots=True)
class Schedule:
    """Edge in parts, and after which pairs the lineup changes.

    `null_after` is the change from which on the challenger is no better; None: it stays better.
    `frozen` trials are crowned after that change only, however strong they were before it.
    """

    name: str
    parts: tuple[tuple[int, float], ...]
    changes: tuple[int, ...]
    null_after: int | None = None
    frozen: bool = False

    @property
    def pairs(self) -> int:
        """Return how long it takes."""
        return sum(count for count, _ in self.parts)


FAILING = (
    Schedule(".15 for 300, then 0", ((300, 0.15), (1500, 0.0)), (300,), 300),
    Schedule(".20 for 300, then -.05", ((300, 0.20), (1500, -0.05)), (300,), 300),
    Schedule(".15 for 303, then 0", ((303, 0.15), (1500, 0.0)), (303,), 303),
    Schedule(".20 for 301, then 0", ((301, 0.20), (1500, 0.0)), (301,), 301),
    Schedule(".30 for 148, then 0", ((148, 0.30), (1500, 0.0)), (148,), 148),
    Schedule(".10 for 702, then 0", ((702, 0.10), (1500, 0.0)), (702,), 702),
    Schedule(
        ".15 for 303, then 0, changes 303/607/911",
        ((303, 0.15), (1500, 0.0)),
        (303, 607, 911),
        303,
    ),
    Schedule(".30 for 400, frozen, then 0", ((400, 0.30), (1500, 0.0)), (400,), 400, frozen=True),
    Schedule(".30 for 403, frozen, then 0", ((403, 0.30), (1500, 0.0)), (403,), 403, frozen=True),
)
LASTING = (
    Schedule(".10, changes 300/600/900", ((2400, 0.10),), (300, 600, 900)),
    Schedule(".20, changes 300/600/900", ((2400, 0.20),), (300, 600, 900)),
    Schedule(".10, changes 303/607/911", ((2400, 0.10),), (303, 607, 911)),
    Schedule(".20, changes 148/303/702", ((2400, 0.20),), (148, 303, 702)),
)
SCHEDULES: Mapping[str, Schedule] = {one.name: one for one in (*FAILING, *LASTING)}

type Firsts = Mapping[str, NDArray[np.int32]]


def try_schedule(world: str, schedule: str, chunk: int, paths: int, seed: int = SEED) -> Firsts:
    """Return by policy when each path was crowned; 0 for never."""
    chosen = SCHEDULES[schedule]
    code = CODE + len(SCHEDULES) * list(WORLDS).index(world) + list(SCHEDULES).index(schedule)
    rng = Generator(PCG64(SeedSequence([seed, code, chunk])))
    make = with_edge(WORLDS[world], steps(*chosen.parts))
    first = chosen.null_after if chosen.frozen and chosen.null_after else 0
    return try_changes(make(rng, chosen.pairs, paths), chosen.changes, first)


def try_changes(returns: Returns, changes: tuple[int, ...], frozen_until: int = 0) -> Firsts:
    """Try every path by the four policies; nobody is crowned in the frozen pairs."""
    paths = returns.champion.shape[1]
    crowns = {policy: Crowns(paths) for policy in POLICIES}
    kept, restarted, segment = Ours(paths), TwoLedgers(paths, PARAMETERS), 1
    sides = zip(returns.champion, returns.challenger, strict=True)
    for n, (champion, challenger) in enumerate(sides, start=1):
        kept.add(champion, challenger)
        restarted.weigh(champion, challenger)
        gates = kept.classic_gates()
        for policy, holds in _holding(kept, restarted, segment).items():
            if n > frozen_until:
                crowns[policy].note(holds & gates, n)
        if n in changes:
            kept.start_segment()
            restarted, segment = TwoLedgers(paths, PARAMETERS), segment + 1
    return {policy: one.first for policy, one in crowns.items()}


def _holding(kept: Ours, restarted: TwoLedgers, segment: int) -> Mapping[str, Flags]:
    """Return whom each policy would crown; shares 1/2, 1/6, 1/12 ... of alpha sum to it."""
    enough = kept.reaches(FIRST_LEVEL)
    return {
        CARRY_ON: enough,
        THIS_LINEUP: enough & (kept.ledgers.log_evidence_of_segment >= log(20.0)),
        RESTART: restarted.log_evidence >= log(FIRST_LEVEL),
        SPLIT: restarted.log_evidence >= log(FIRST_LEVEL * segment * (segment + 1)),
    }

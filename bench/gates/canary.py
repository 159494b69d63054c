"""A champion in its reign: when a rule takes the crown back, rightly or wrongly.

Every path is 300 pairs of shadow, then a coronation, then the reign; the dethroned champion goes
on deciding on the same pairs. See docs/decisions/0016.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from bench.gates import noise
from bench.gates.noise import Draw, Flags, Floats
from bench.gates.trials import Crowns
from bench.gates.worlds import CHAMPION_MEAN, SEED, Returns, steps, with_edge
from kingmaker.evidence.batch import TwoLedgers
from kingmaker.evidence.batch.edetector import EDetector
from kingmaker.evidence.batch.tallies import Side
from kingmaker.evidence.defaults import CANARY_PARAMETERS, PARAMETERS
from kingmaker.promotion.coronation import SHARPE_MAX

SHADOW, REIGN, LONG_REIGN = 300, 2_000, 12_000
LONG_CHUNK = 500  # paths of a long reign drawn together
CHANGE = 200  # pairs of the reign after which the edge turns
WORSE = 0.15  # the classic rule: any figure so much worse
PAIRS_MIN = 20  # before that the classic rule has nothing to compare

DETECTOR = "e-detector"  # as the specification measured it: nothing is forgiven
LENIENT = "e-detector with slack .15"  # as canary.slack can ask for
BY_TRIAL = "e-detector, and 15 % against its own trial"
BY_DETHRONED = "e-detector, and 15 % against the dethroned"
PRODUCT = BY_TRIAL  # decision 0019
SLACK = 0.15
NAIVE_SHADOW, NAIVE_CHAMPION = "naive 15 %, against its trial", "naive 15 %, against the dethroned"
ALARMS = (DETECTOR, LENIENT, BY_TRIAL, BY_DETHRONED)
RULES = (*ALARMS, NAIVE_SHADOW, NAIVE_CHAMPION)


@dataclass(frozen=True, slots=True)
class Reign:
    """A world for a canary: noise, the edge after the coronation in parts, a fall of both."""

    code: int
    says: str
    draw: Draw
    parts: tuple[tuple[int, float], ...]
    shadow_edge: float = 0.10
    change: int | None = None  # pairs of the reign before it turns worse; None: never does
    fall: float = 0.0  # of both sides' means, after CHANGE pairs


def _turning(edge: float) -> tuple[tuple[int, float], ...]:
    return (CHANGE, 0.10), (REIGN - CHANGE, edge)


_STAYS = ((REIGN, 0.10),)
REIGNS: Mapping[str, Reign] = {
    "K0": Reign(300, "edge .10 stays, normal", noise.normal, _STAYS),
    "K0t": Reign(301, "edge .10 stays, t(3)", noise.student, _STAYS),
    "K0g": Reign(302, "edge .10 stays, C1", noise.garch, _STAYS),
    "K0o": Reign(303, "edge .10 stays, C4", noise.overlapping, _STAYS),
    "K00": Reign(304, "edge 0 throughout", noise.normal, ((REIGN, 0.0),), 0.0),
    "Kmkt": Reign(305, "both fall by .2 at 200", noise.normal, _STAYS, fall=0.20),
    "K1": Reign(306, "edge -.10 from 200 on", noise.normal, _turning(-0.10), change=CHANGE),
    "K2": Reign(307, "edge -.20 from 200 on", noise.normal, _turning(-0.20), change=CHANGE),
    "K3": Reign(308, "edge -.40 at once", noise.normal, ((REIGN, -0.40),), change=0),
    "K2g": Reign(309, "edge -.20 from 200 on, C1", noise.garch, _turning(-0.20), change=CHANGE),
}
ZERO_EDGE: Mapping[str, Reign] = {
    "normal": Reign(320, "", noise.normal, ((LONG_REIGN, 0.0),), 0.0),
    "t(3)": Reign(321, "", noise.student, ((LONG_REIGN, 0.0),), 0.0),
    "C1": Reign(322, "", noise.garch, ((LONG_REIGN, 0.0),), 0.0),
}

type Alarms = Mapping[str, NDArray[np.int32]]  # by rule: the pair of the reign, 0 for never


@dataclass(slots=True)
class Watch:
    """The classic rule: any of win rate, Sharpe ratio and drawdown 15 % worse than a reference."""

    paths: int
    champion: Side = field(init=False)
    dethroned: Side = field(init=False)

    def __post_init__(self) -> None:
        """Begin a reign."""
        self.champion, self.dethroned = Side.of(self.paths), Side.of(self.paths)

    def add(self, dethroned: Floats, champion: Floats) -> None:
        """Take one pair of every path in."""
        self.dethroned.add(dethroned, dethroned != 0.0, dethroned > 0.0)
        self.champion.add(champion, champion != 0.0, champion > 0.0)

    def breached(self, reference: Side) -> Flags:
        """Tell where the champion is worse than the reference by more than is tolerated."""
        enough = self.champion.pairs >= PAIRS_MIN
        return np.asarray(enough & worse(self.champion, reference))


def worse(side: Side, reference: Side) -> Flags:
    """Tell where any figure of a side is 15 % worse."""
    return np.asarray(
        (side.win_rate < (1.0 - WORSE) * reference.win_rate)
        | (side.sharpe < reference.sharpe - WORSE * np.abs(reference.sharpe))
        | (side.drawdown_max > (1.0 + WORSE) * reference.drawdown_max)
    )


def try_reign(name: str, chunk: int, paths: int, seed: int = SEED) -> Alarms:
    """Return when each rule would have taken the crown back."""
    reign = REIGNS[name]
    returns = _draw(reign, chunk, paths, seed)
    ledgers, shadow = TwoLedgers(paths, PARAMETERS), Watch(paths)
    for dethroned, champion in _pairs(returns, 0, SHADOW):
        ledgers.weigh(dethroned, champion)
        shadow.add(dethroned, champion)
    detector, watch = _begin(ledgers, paths), Watch(paths)
    lenient = _begin(ledgers, paths, slack_of(shadow.dethroned))
    alarms = {rule: Crowns(paths) for rule in RULES}
    for n, (dethroned, champion) in enumerate(_pairs(returns, SHADOW), start=1):
        detector.watch(champion, dethroned)
        lenient.watch(champion, dethroned)
        watch.add(dethroned, champion)
        by_shadow = watch.breached(shadow.champion)
        by_champion = watch.breached(watch.dethroned)
        alarms[DETECTOR].note(detector.alarm, n)
        alarms[LENIENT].note(lenient.alarm, n)
        alarms[BY_TRIAL].note(detector.alarm & by_shadow, n)
        alarms[BY_DETHRONED].note(detector.alarm & by_champion, n)
        alarms[NAIVE_SHADOW].note(by_shadow, n)
        alarms[NAIVE_CHAMPION].note(by_champion, n)
    return {rule: one.first for rule, one in alarms.items()}


def run_lengths(name: str, chunk: int, paths: int, seed: int = SEED) -> Alarms:
    """Return after how many pairs at zero edge the e-detector alarms, at most LONG_REIGN."""
    returns = _draw(ZERO_EDGE[name], chunk, paths, seed)
    ledgers, alarms = TwoLedgers(paths, PARAMETERS), Crowns(paths)
    for dethroned, champion in _pairs(returns, 0, SHADOW):
        ledgers.weigh(dethroned, champion)
    detector = _begin(ledgers, paths)
    for n, (dethroned, champion) in enumerate(_pairs(returns, SHADOW), start=1):
        detector.watch(champion, dethroned)
        alarms.note(detector.alarm, n)
    return {DETECTOR: np.where(alarms.first == 0, LONG_REIGN, alarms.first)}


def slack_of(dethroned: Side) -> Floats:
    """Return what a lenient detector forgives: a share of the dethroned's Sharpe ratio."""
    return np.asarray(SLACK * np.clip(dethroned.sharpe, 0.0, SHARPE_MAX))


def _begin(ledgers: TwoLedgers, paths: int, slack: Floats | None = None) -> EDetector:
    detector = EDetector(paths, CANARY_PARAMETERS)
    detector.begin(ledgers, slack=slack)
    return detector


def _draw(reign: Reign, chunk: int, paths: int, seed: int) -> Returns:
    parts = ((SHADOW, reign.shadow_edge), *reign.parts)
    pairs = sum(count for count, _ in parts)
    before = SHADOW + CHANGE
    mean = CHAMPION_MEAN + steps((before, 0.0), (pairs - before, -reign.fall))
    rng = Generator(PCG64(SeedSequence([seed, reign.code, chunk])))
    return with_edge(reign.draw, steps(*parts), mean)(rng, pairs, paths)


def _pairs(
    returns: Returns, first: int, last: int | None = None
) -> Iterator[tuple[Floats, Floats]]:
    return zip(returns.champion[first:last], returns.challenger[first:last], strict=True)

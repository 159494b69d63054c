"""An e-detector on the risk-scaled difference: it tells when a champion became the worse of two.

At each block three new gamblers bet that the champion is worse than the one it dethroned, and all
who came before go on. While it is not, their joint purse reaches the alarm once in `alarm` pairs
at most, on average, whenever one looks. Source: Shin, Ramdas, Rinaldo, E-detectors (NEJSDS; arXiv
2203.03532); what it does is measured in docs/evidence-bench.md.

Two things go on from the sharpe ledger of the trial: the three scales, learned pair by pair, and
the sums by which the guard tells how much a block resembles the one before. Slack is no part of
the scale: it shifts the bets, not the unit they are in.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, sqrt

from kingmaker.evidence.canary_rules import Rule
from kingmaker.evidence.detector import Detector
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Parameters
from kingmaker.kernel.arithmetic import exp, ln
from kingmaker.kernel.frozen import quick, replace

GUARD_BLOCKS_MIN = 4  # before that the autocorrelation of blocks is not estimated
GUARD_SLACK = 0.5  # standard errors of it that are forgiven
LEVEL_MAX = 1e300  # a purse grows no further: part of the definition, so that nothing overflows
RETURN_MAX = 1e6  # fractions of the capital base
SCALE_MIN = 1e-100  # a side whose past returns are smaller has no scale
SHARES_TOLERANCE = 1e-9

NAMES = (
    "half_life",  # pairs after which a past square counts half
    "warmup",  # pairs without a bet, those of the trial counted
    "sharpe_legs",  # of these, pairs that only fill the scales of the two sides
    "block",  # pairs in a block
    "bound",  # B_c: a block counts at most this many units, either way
    "stake_1",
    "stake_2",
    "stake_3",
    "share_1",
    "share_2",
    "share_3",
    "alarm",  # A: pairs between false alarms, at least, on average
    "slack",  # how much worse per pair is not held against the champion, in units of its scale
)
MAY_BE_ZERO = ("slack",)


@quick
@dataclass(frozen=True, slots=True)
class _Settings:
    """Parameters, prepared: `keep` is what is left of a square after one more pair."""

    keep: float
    warmup: int
    sharpe_legs: int
    block: int
    bound: float
    stakes: tuple[float, float, float]
    shares: tuple[float, float, float]
    slack: float


def begin(ledger: Ledger) -> Detector:
    """Return the detector of a reign: warm from its trial, cold from a ledger without pairs.

    The trial bet on its challenger, the detector bets against it: what has a sign is turned.
    """
    return Detector(
        n=ledger.n,
        champion_square=ledger.challenger_square,
        reference_square=ledger.champion_square,
        difference_square=ledger.difference_square,
        weight=ledger.weight,
        difference_weight=ledger.difference_weight,
        blocks=ledger.blocks,
        last_z=-ledger.last_z,
        lag_products=ledger.lag_products,
        squares=ledger.squares,
    )


def watch(
    detector: Detector, parameters: Parameters, champion: float, reference: float
) -> Detector:
    """Return the detector after one more pair: bet with what is known so far, then learn."""
    if not (abs(champion) <= RETURN_MAX and abs(reference) <= RETURN_MAX):
        raise ValueError(
            f"a pair needs returns up to {RETURN_MAX:g}, not {champion!r} and {reference!r}"
        )
    settings = _prepare(tuple(sorted(parameters.items())))
    difference = _scaled_difference(detector, settings, champion, reference)
    after = detector
    if difference is not None:
        after = _bet(detector, settings, difference)
    return _learn(after, settings, champion, reference, difference)


def threshold(parameters: Parameters) -> float:
    """Return A/m: the detector moves once in m pairs."""
    return parameters["alarm"] / parameters["block"]


def fault(parameters: Parameters) -> str:
    """Return what is wrong with parameters, or nothing."""
    if set(parameters) != set(NAMES):
        return f"parameters are {', '.join(sorted(parameters))}; needed: {', '.join(NAMES)}"
    if not all(
        isfinite(value) and (value > 0.0 or (name in MAY_BE_ZERO and value == 0.0))
        for name, value in parameters.items()
    ):
        return "every parameter must be a finite number above zero; only slack may be zero"
    whole = [parameters[name] for name in ("warmup", "sharpe_legs", "block")]
    if any(value != int(value) for value in whole):
        return "warmup, sharpe_legs and block must be whole numbers"
    if parameters["sharpe_legs"] >= parameters["warmup"]:
        return "sharpe_legs must be below warmup"
    if max(parameters[f"stake_{j}"] for j in (1, 2, 3)) * parameters["bound"] >= 1.0:
        return "a stake times the bound must stay below 1: nobody may lose all in one block"
    if abs(sum(parameters[f"share_{j}"] for j in (1, 2, 3)) - 1.0) > SHARES_TOLERANCE:
        return "the shares must sum to 1"
    return ""


def _scaled_difference(
    detector: Detector, settings: _Settings, champion: float, reference: float
) -> float | None:
    """Return the difference of returns in units of each side's own past; None before there is."""
    if detector.n < settings.sharpe_legs:
        return None
    champion_scale = sqrt(detector.champion_square / detector.weight)
    reference_scale = sqrt(detector.reference_square / detector.weight)
    if not (champion_scale > SCALE_MIN and reference_scale > SCALE_MIN):
        return None
    return champion / champion_scale - reference / reference_scale


def _bet(detector: Detector, settings: _Settings, difference: float) -> Detector:
    """Add what the champion lost to the open block, in units of the recent difference."""
    if detector.n < settings.warmup or not detector.difference_square > 0.0:
        return detector
    scale = sqrt(detector.difference_square / detector.difference_weight)
    block_sum = detector.block_sum + (-difference - settings.slack) / scale
    block_pairs = detector.block_pairs + 1
    if block_pairs < settings.block:
        return replace(detector, block_sum=block_sum, block_pairs=block_pairs)
    return _settle(detector, settings, block_sum)


def _settle(detector: Detector, settings: _Settings, block_sum: float) -> Detector:
    """Let three new gamblers in, and pay all for a finished block."""
    z = max(-settings.bound, min(settings.bound, block_sum))
    tau = _guard(detector)
    levels = [
        min(LEVEL_MAX, (level + 1.0) * (1.0 + stake * z) * exp(_caution(stake, tau, z)))
        for level, stake in zip(
            (detector.level_1, detector.level_2, detector.level_3), settings.stakes, strict=True
        )
    ]
    one, two, three = settings.shares
    statistic = one * levels[0] + two * levels[1] + three * levels[2]
    return replace(
        detector,
        block_sum=0.0,
        block_pairs=0,
        blocks=detector.blocks + 1,
        last_z=z,
        lag_products=detector.lag_products + (z * detector.last_z if detector.blocks else 0.0),
        squares=detector.squares + z * z,
        level_1=levels[0],
        level_2=levels[1],
        level_3=levels[2],
        statistic=statistic,
        statistic_max=max(detector.statistic_max, statistic),
        tau=tau,
        clipped_below=detector.clipped_below + (block_sum < -settings.bound),
        clipped_above=detector.clipped_above + (block_sum > settings.bound),
        largest_z=max(detector.largest_z, abs(block_sum)),
    )


def _guard(detector: Detector) -> float:
    """Return how much more a block may vary because it resembles the one before; at least 1."""
    if detector.blocks < GUARD_BLOCKS_MIN or not detector.squares > 0.0:
        return 1.0
    resemblance = detector.lag_products / detector.squares - GUARD_SLACK / sqrt(detector.blocks)
    return 1.0 + 2.0 * max(0.0, resemblance)


def _caution(stake: float, tau: float, z: float) -> float:
    """Return the logarithm of what the guard takes from a gambler; never above 0."""
    return -(0.5 * stake * stake * (tau - 1.0) * z * z)


def _learn(
    detector: Detector,
    settings: _Settings,
    champion: float,
    reference: float,
    difference: float | None,
) -> Detector:
    keep = settings.keep
    news = 1.0 - keep
    squares, weight = detector.difference_square, detector.difference_weight
    if difference is not None:
        squares, weight = keep * squares + news * difference * difference, keep * weight + news
    return replace(
        detector,
        n=detector.n + 1,
        champion_square=keep * detector.champion_square + news * champion * champion,
        reference_square=keep * detector.reference_square + news * reference * reference,
        difference_square=squares,
        weight=keep * detector.weight + news,
        difference_weight=weight,
    )


@lru_cache(maxsize=64)
def _prepare(items: tuple[tuple[str, float], ...]) -> _Settings:
    values = dict(items)
    assert not fault(values), fault(values)
    return _Settings(
        keep=exp(-ln(2.0) / values["half_life"]),
        warmup=int(values["warmup"]),
        sharpe_legs=int(values["sharpe_legs"]),
        block=int(values["block"]),
        bound=values["bound"],
        stakes=(values["stake_1"], values["stake_2"], values["stake_3"]),
        shares=(values["share_1"], values["share_2"], values["share_3"]),
        slack=values["slack"],
    )


RULE = Rule("edetector", 1, fault, begin, watch, threshold)

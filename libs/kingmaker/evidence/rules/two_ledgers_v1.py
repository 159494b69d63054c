"""Two betting ledgers a challenger must both win: mean return, and return scaled by its risk.

Three gamblers start with shares of one dollar and stake fixed shares of their purse on each block
of pairs, in units of the recent difference. If the challenger is no better the game is fair or
worse: the chance that it ever reaches 1/alpha dollars is at most alpha, whenever one looks.
Source: bets as of Waudby-Smith and Ramdas (arXiv 2010.09686), on paired differences as of Choe and
Ramdas (arXiv 2110.00115); measured in docs/evidence-bench.md. Limits of the claim: block losses
within the bound.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, sqrt

from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Ledgers, Parameters, Rule
from kingmaker.kernel.arithmetic import exp, ln
from kingmaker.kernel.frozen import quick, replace

GUARD_BLOCKS_MIN = 4  # before that the autocorrelation of blocks is not estimated
GUARD_SLACK = 0.5  # standard errors of it that are forgiven
EXP_MIN = -700.0  # below it a gambler has nothing that could be seen beside the others
SHARES_TOLERANCE = 1e-9

NAMES = (
    "half_life",  # pairs after which a past square counts half
    "warmup",  # pairs without a bet
    "sharpe_legs",  # of these, pairs that only fill the scales of the sharpe ledger's legs
    "block",  # pairs in a block
    "bound",  # B: a block counts at most this many units, either way
    "stake_1",
    "stake_2",
    "stake_3",
    "share_1",  # of the first dollar
    "share_2",
    "share_3",
)


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
    log_shares: tuple[float, float, float]


def weigh(ledgers: Ledgers, parameters: Parameters, champion: float, challenger: float) -> Ledgers:
    """Return the ledgers after one more pair of net returns."""
    if not (isfinite(champion) and isfinite(challenger)):
        raise ValueError(f"a pair needs finite returns, not {champion!r} and {challenger!r}")
    settings = _prepare(tuple(sorted(parameters.items())))
    sharpe = ledgers.sharpe
    scaled = _scaled_difference(sharpe, settings, champion, challenger)
    mean = _turn(ledgers.mean, settings, champion, challenger, challenger - champion)
    sharpe = _turn(sharpe, settings, champion, challenger, scaled)
    log_evidence = min(mean.log_evidence, sharpe.log_evidence)
    return Ledgers(mean, sharpe, log_evidence, max(ledgers.log_evidence_max, log_evidence))


def start_segment(ledgers: Ledgers) -> Ledgers:
    """Note where a segment begins: now, or where the block that straddles the change ends."""
    return replace(ledgers, mean=_mark(ledgers.mean), sharpe=_mark(ledgers.sharpe))


def fault(parameters: Parameters) -> str:
    """Return what is wrong with parameters, or nothing."""
    if set(parameters) != set(NAMES):
        return f"parameters are {', '.join(sorted(parameters))}; needed: {', '.join(NAMES)}"
    if not all(isfinite(value) and value > 0.0 for value in parameters.values()):
        return "every parameter must be a finite number above zero"
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
    ledger: Ledger, settings: _Settings, champion: float, challenger: float
) -> float | None:
    """Return the difference of returns in units of each side's own past; None before there is."""
    if ledger.n < settings.sharpe_legs:
        return None
    champion_scale = sqrt(ledger.champion_square / ledger.weight)
    challenger_scale = sqrt(ledger.challenger_square / ledger.weight)
    if not (champion_scale > 0.0 and challenger_scale > 0.0):
        return None
    return challenger / challenger_scale - champion / champion_scale


def _turn(
    ledger: Ledger,
    settings: _Settings,
    champion: float,
    challenger: float,
    difference: float | None,
) -> Ledger:
    """Bet with what is known so far, then learn the pair. Spelled out: it runs at every pair."""
    bets, block_sum, block_pairs = ledger, ledger.block_sum, ledger.block_pairs
    if difference is not None and ledger.n >= settings.warmup and ledger.difference_square > 0.0:
        scale = sqrt(ledger.difference_square / ledger.difference_weight)
        block_sum, block_pairs = block_sum + difference / scale, block_pairs + 1
        if block_pairs == settings.block:
            bets, block_sum, block_pairs = _settle(ledger, settings, block_sum), 0.0, 0
    keep = settings.keep
    news = 1.0 - keep
    squares, weight = ledger.difference_square, ledger.difference_weight
    if difference is not None:
        squares, weight = keep * squares + news * difference * difference, keep * weight + news
    return Ledger(
        ledger.n + 1,
        keep * ledger.champion_square + news * champion * champion,
        keep * ledger.challenger_square + news * challenger * challenger,
        squares,
        keep * ledger.weight + news,
        weight,
        bets.log_wealth_1,
        bets.log_wealth_2,
        bets.log_wealth_3,
        block_sum,
        block_pairs,
        *_of_blocks(bets),
    )


def _of_blocks(
    bets: Ledger,
) -> tuple[int, float, float, float, float, float, int, int, float, float, bool]:
    """Return what changes only when a block ends."""
    return (
        bets.blocks,
        bets.last_z,
        bets.lag_products,
        bets.squares,
        bets.log_evidence,
        bets.log_evidence_at_segment,
        bets.clipped_below,
        bets.clipped_above,
        bets.largest_z,
        bets.tau,
        bets.straddles,
    )


def _settle(ledger: Ledger, settings: _Settings, block_sum: float) -> Ledger:
    """Pay the three gamblers for a finished block."""
    z = max(-settings.bound, min(settings.bound, block_sum))
    tau = _guard(ledger)
    wealth = [
        before + ln(1.0 + stake * z) - 0.5 * stake * stake * (tau - 1.0) * z * z
        for before, stake in zip(
            (ledger.log_wealth_1, ledger.log_wealth_2, ledger.log_wealth_3),
            settings.stakes,
            strict=True,
        )
    ]
    log_evidence = _log_sum(
        [share + log for share, log in zip(settings.log_shares, wealth, strict=True)]
    )
    at_segment = log_evidence if ledger.straddles else ledger.log_evidence_at_segment
    return replace(
        ledger,
        log_wealth_1=wealth[0],
        log_wealth_2=wealth[1],
        log_wealth_3=wealth[2],
        blocks=ledger.blocks + 1,
        last_z=z,
        lag_products=ledger.lag_products + (z * ledger.last_z if ledger.blocks else 0.0),
        squares=ledger.squares + z * z,
        log_evidence=log_evidence,
        log_evidence_at_segment=at_segment,
        clipped_below=ledger.clipped_below + (block_sum < -settings.bound),
        clipped_above=ledger.clipped_above + (block_sum > settings.bound),
        largest_z=max(ledger.largest_z, abs(block_sum)),
        tau=tau,
        straddles=False,
    )


def _guard(ledger: Ledger) -> float:
    """Return how much more a block may vary because it resembles the one before; at least 1."""
    if ledger.blocks < GUARD_BLOCKS_MIN or not ledger.squares > 0.0:
        return 1.0
    resemblance = ledger.lag_products / ledger.squares - GUARD_SLACK / sqrt(ledger.blocks)
    return 1.0 + 2.0 * max(0.0, resemblance)


def _log_sum(logs: list[float]) -> float:
    """Return the logarithm of the sum of what `logs` are logarithms of, added from left to right.

    The built-in sum is not used: how it rounds has changed between releases of Python.
    """
    largest, total = max(logs), 0.0
    for log in logs:
        if log - largest >= EXP_MIN:
            total += exp(log - largest)
    return largest + ln(total)


def _mark(ledger: Ledger) -> Ledger:
    return replace(
        ledger,
        log_evidence_at_segment=ledger.log_evidence,
        straddles=ledger.block_pairs > 0,
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
        log_shares=(ln(values["share_1"]), ln(values["share_2"]), ln(values["share_3"])),
    )


RULE = Rule("two_ledgers", 1, fault, weigh, start_segment)

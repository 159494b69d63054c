"""The rule `two_ledgers@1` over a long stretch of one stream, bit for bit as the rule itself.

What one pair hands to the next is a handful of recursions, which go pair by pair; all the rest is
done for the whole stretch at once. Wherever the rule would do anything but bet block by block
(before the warm-up ends, at a scale of zero, beyond the range of numbers) the rule itself is asked.
"""

from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from kingmaker.evidence.batch.arithmetic import Floats, ln, smaller
from kingmaker.evidence.batch.two_ledgers import Settings, guard, log_sum
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Ledgers, Parameters
from kingmaker.evidence.rules.two_ledgers_v1 import weigh


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is known after each pair of a stretch, and all that is after its last."""

    log_evidence: Floats
    log_evidence_of_segment: Floats
    ledgers: Ledgers


@dataclass(frozen=True, slots=True)
class _Course:
    """One ledger after each block of a stretch, the start first, and whole at the end."""

    log_evidence: Floats
    end: Ledger


def weigh_stretch(
    ledgers: Ledgers, parameters: Parameters, champion: Floats, challenger: Floats
) -> Stretch:
    """Weigh pairs of net returns, given as two arrays of finite numbers."""
    settings = Settings.of(parameters)
    parts, at, end = [], 0, len(champion)
    while at < end:
        count = (end - at) // settings.block * settings.block
        some = slice(at, at + count)
        part = None
        if count and _in_phase(ledgers, settings):
            part = _by_blocks(ledgers, settings, champion[some], challenger[some])
        if part is None:
            until = _next_phase(ledgers, settings, at, end) if count else end
            some = slice(at, until)
            part = _by_rule(ledgers, parameters, champion[some], challenger[some])
        parts.append(part)
        at, ledgers = some.stop, part.ledgers
    return _joined(parts, ledgers)


def _in_phase(ledgers: Ledgers, settings: Settings) -> bool:
    """Whether a block of both ledgers begins with the next pair."""
    mean, sharpe = ledgers.mean, ledgers.sharpe
    return mean.n >= settings.warmup and mean.block_pairs == sharpe.block_pairs == 0


def _next_phase(ledgers: Ledgers, settings: Settings, at: int, end: int) -> int:
    """Return where to try again: after the block that is open, or the warm-up; else at the end."""
    mean, sharpe = ledgers.mean, ledgers.sharpe
    if mean.n < settings.warmup:
        return min(end, at + settings.warmup - mean.n)
    if mean.block_pairs == sharpe.block_pairs > 0:
        return min(end, at + settings.block - mean.block_pairs)
    return end


def _by_rule(
    ledgers: Ledgers, parameters: Parameters, champion: Floats, challenger: Floats
) -> Stretch:
    found = []
    for pair in zip(champion.tolist(), challenger.tolist(), strict=True):
        ledgers = weigh(ledgers, parameters, *pair)
        found.append((ledgers.log_evidence, ledgers.log_evidence_of_segment))
    evidence, of_segment = np.array(found).reshape(-1, 2).T
    return Stretch(evidence, of_segment, ledgers)


def _by_blocks(
    ledgers: Ledgers, settings: Settings, champion: Floats, challenger: Floats
) -> Stretch | None:
    """Weigh whole blocks; None where the rule would do anything but bet on each."""
    with np.errstate(all="ignore"):
        before, legs = _legs(ledgers.sharpe, settings, champion, challenger)
        champion_scale = np.sqrt(before[0] / before[2])
        challenger_scale = np.sqrt(before[1] / before[2])
        if not (_usable(champion_scale) and _usable(challenger_scale)):
            return None
        scaled = challenger / challenger_scale - champion / champion_scale
        mean = _course(ledgers.mean, settings, challenger - champion)
        sharpe = _course(ledgers.sharpe, settings, scaled)
        if mean is None or sharpe is None:
            return None
        return _told(ledgers, settings, len(champion), (mean, sharpe), legs)


def _legs(
    ledger: Ledger, settings: Settings, champion: Floats, challenger: Floats
) -> tuple[tuple[Floats, Floats, Floats], dict[str, float]]:
    """Return what is known of both sides before each pair, and after the last."""
    news = 1.0 - settings.keep
    series = [
        _kept(settings.keep, ledger.champion_square, news * champion * champion),
        _kept(settings.keep, ledger.challenger_square, news * challenger * challenger),
        _kept(settings.keep, ledger.weight, np.full(len(champion), news)),
    ]
    names = ("champion_square", "challenger_square", "weight")
    last = {name: one[-1].item() for name, one in zip(names, series, strict=True)}
    return (series[0][:-1], series[1][:-1], series[2][:-1]), last


def _course(ledger: Ledger, settings: Settings, difference: Floats) -> _Course | None:
    """Return a ledger over whole blocks of differences; None where not every pair bets."""
    keep, news = settings.keep, 1.0 - settings.keep
    squares = _kept(keep, ledger.difference_square, news * difference * difference)
    weight = _kept(keep, ledger.difference_weight, np.full(len(difference), news))
    scale = np.sqrt(squares[:-1] / weight[:-1])
    if not (_usable(squares) and _usable(scale)):
        return None
    units = (difference / scale).reshape(-1, settings.block).T
    sums = np.zeros(units.shape[1])
    for unit in units:
        sums = sums + unit
    course = _settle(ledger, settings, sums)
    return replace(
        course,
        end=replace(
            course.end,
            difference_square=squares[-1].item(),
            difference_weight=weight[-1].item(),
        ),
    )


def _settle(ledger: Ledger, settings: Settings, sums: Floats) -> _Course:
    """Pay the three gamblers block by block."""
    bound = settings.bound
    z = np.where(sums < bound, sums, bound)
    z = np.where(z > -bound, z, -bound)
    blocks = ledger.blocks + np.arange(len(z))
    last = np.concatenate(([ledger.last_z], z[:-1]))
    products = _added(ledger.lag_products, np.where(blocks > 0, z * last, 0.0))
    squares = _added(ledger.squares, z * z)
    tau = guard(blocks, products[:-1], squares[:-1])
    wealth = _wealth(ledger, settings, z, tau)
    log_evidence = log_sum(settings.log_shares + wealth)
    first, second, third = wealth[:, -1].tolist()
    return _Course(
        np.concatenate(([ledger.log_evidence], log_evidence)),
        replace(
            ledger,
            log_wealth_1=first,
            log_wealth_2=second,
            log_wealth_3=third,
            blocks=ledger.blocks + len(z),
            last_z=z[-1].item(),
            lag_products=products[-1].item(),
            squares=squares[-1].item(),
            log_evidence=log_evidence[-1].item(),
            clipped_below=ledger.clipped_below + int((sums < -bound).sum()),
            clipped_above=ledger.clipped_above + int((sums > bound).sum()),
            largest_z=max(ledger.largest_z, np.abs(sums).max().item()),
            tau=tau[-1].item(),
        ),
    )


def _wealth(ledger: Ledger, settings: Settings, z: Floats, tau: Floats) -> Floats:
    """Return the three purses after each block: what was won is added, then caution taken."""
    steps = np.empty((3, 1 + 2 * len(z)))
    steps[:, 0] = (ledger.log_wealth_1, ledger.log_wealth_2, ledger.log_wealth_3)
    steps[:, 1::2] = ln(1.0 + settings.stakes * z)
    steps[:, 2::2] = -(settings.half_squares * (tau - 1.0) * z * z)
    return np.add.accumulate(steps, axis=1)[:, 2::2]


def _told(
    ledgers: Ledgers,
    settings: Settings,
    pairs: int,
    courses: tuple[_Course, _Course],
    legs: dict[str, float],
) -> Stretch:
    """Say what is known after each pair: evidence moves where a block ends."""
    mean, sharpe = (
        replace(course.end, n=course.end.n + pairs, **legs)  # type: ignore[arg-type] # three floats
        for course in courses
    )
    evidence = smaller(courses[0].log_evidence, courses[1].log_evidence)
    of_segment = smaller(
        courses[0].log_evidence - mean.log_evidence_at_segment,
        courses[1].log_evidence - sharpe.log_evidence_at_segment,
    )
    after = (np.arange(pairs) + 1) // settings.block
    highest = max(ledgers.log_evidence_max, evidence[1:].max().item())
    end = Ledgers(mean, sharpe, evidence[-1].item(), highest)
    return Stretch(evidence[after], of_segment[after], end)


def _kept(keep: float, start: float, news: Floats) -> Floats:
    """Return a fading sum after each piece of news, the start first."""
    if len(news) and (news == news[0]).all() and keep * start + news[0] == start:
        return np.full(len(news) + 1, start)  # as full as it gets
    faded = accumulate(news.tolist(), lambda before, one: keep * before + one, initial=start)
    return np.fromiter(faded, np.float64, len(news) + 1)


def _added(start: float, terms: Floats) -> Floats:
    """Return a sum after each term, from the left, the start first."""
    return np.add.accumulate(np.concatenate(([start], terms)))


def _usable(scale: Floats) -> bool:
    return bool(((scale > 0.0) & (scale < np.inf)).all())


def _joined(parts: list[Stretch], ledgers: Ledgers) -> Stretch:
    if not parts:
        return Stretch(np.zeros(0), np.zeros(0), ledgers)
    return Stretch(
        np.concatenate([part.log_evidence for part in parts]),
        np.concatenate([part.log_evidence_of_segment for part in parts]),
        ledgers,
    )

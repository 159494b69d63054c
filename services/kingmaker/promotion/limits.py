"""What is held against a champion: the detector, the 15 % rule, and an operator's hard limits.

The detector compares with the champion that was dethroned, on the same pairs. The 15 % rule holds
the champion to its own record, the figures on the pairs that crowned it; where there is none (a
direct promotion, a change of settings), to those of the one before on the same pairs. Alone it is
no test: at some moment luck breaches it, whoever is the better of the two.
"""

from collections.abc import Sequence

from kingmaker.evidence.tally import NO_PAIRS, Tally, sharpe_ratio, win_rate
from kingmaker.promotion.heard import CanaryMeasured
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import Finding

DETECTOR = "edetector"
WIN_RATE, SHARPE, DRAWDOWN = "win_rate", "sharpe", "drawdown"
RELATIVE = frozenset({WIN_RATE, SHARPE, DRAWDOWN})  # the 15 % rule
HARD_DRAWDOWN, HARD_LOSS = "hard_drawdown", "hard_loss"
HARD = frozenset({HARD_DRAWDOWN, HARD_LOSS})
TAKEN_MIN = 20  # trades of the champion before the 15 % rule says anything


def judge(
    policy: Policy, measured: CanaryMeasured, record: Tally = NO_PAIRS
) -> tuple[Finding, ...]:
    """Return every limit that is in force: what was seen, the limit, and whether it holds."""
    statistic, threshold = measured.statistic, measured.threshold
    detector = found(DETECTOR, statistic, threshold, measured.pairs, statistic < threshold)
    reference = record if record.pairs else measured.reference
    return (
        detector,
        *_relative(policy, measured.champion, reference),
        *_hard(policy, measured),
    )


def breached(findings: Sequence[Finding], names: frozenset[str]) -> tuple[str, ...]:
    """Return those of `names` that do not hold."""
    return tuple(one.gate for one in findings if one.gate in names and not one.passed)


def found(name: str, value: float, limit: float, n: int, passed: bool) -> Finding:  # noqa: FBT001 - in the order of a finding
    """Return the record of one limit; each is in force."""
    return Finding(name, value, limit, n, passed, advisory=False)


def _relative(policy: Policy, champion: Tally, reference: Tally) -> Sequence[Finding]:
    tolerance, taken = policy.canary_tolerance, champion.taken
    early = taken < TAKEN_MIN
    won, won_min = win_rate(champion), (1.0 - tolerance) * win_rate(reference)
    ratio, before = sharpe_ratio(champion), sharpe_ratio(reference)
    ratio_min = before - tolerance * abs(before)
    fell, fell_max = champion.drawdown_max, (1.0 + tolerance) * reference.drawdown_max
    return (
        found(WIN_RATE, won, won_min, taken, early or won >= won_min),
        found(SHARPE, ratio, ratio_min, champion.pairs, early or ratio >= ratio_min),
        found(DRAWDOWN, fell, fell_max, champion.pairs, early or fell <= fell_max),
    )


def _hard(policy: Policy, measured: CanaryMeasured) -> Sequence[Finding]:
    """Return the absolute limits of the reign that are on, in fractions of the capital base."""
    champion = measured.champion
    fell, lost = champion.drawdown_max, max(0.0, -champion.sum)
    limits = (
        (HARD_DRAWDOWN, fell, policy.canary_hard_drawdown),
        (HARD_LOSS, lost, policy.canary_hard_loss),
    )
    return [
        found(name, value, limit, champion.pairs, value < limit)
        for name, value, limit in limits
        if limit > 0.0
    ]

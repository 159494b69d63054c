"""What is held against a champion, limit by limit."""

from dataclasses import replace

import pytest

from kingmaker.evidence.tally import Tally
from kingmaker.promotion import limits
from kingmaker.promotion.heard import CanaryMeasured
from kingmaker.promotion.limits import HARD, RELATIVE
from kingmaker.promotion.policy import Policy

DEFAULT = Policy()
ALIKE = Tally(pairs=50, sum=0.5, squares=0.05, taken=40, won=20, drawdown_max=0.10)
MEASURED = CanaryMeasured("c", "s@d", 2, 50, 10.0, 200.0, ALIKE, ALIKE, 0)


def breached(policy: Policy = DEFAULT, **champion: float) -> tuple[str, ...]:
    """Return the limits that a champion breaches whose sums differ in `champion`."""
    changed = replace(ALIKE, **champion)  # type: ignore[arg-type] # counts are whole
    findings = limits.judge(policy, replace(MEASURED, champion=changed))
    return limits.breached(findings, RELATIVE | HARD | {limits.DETECTOR})


def test_a_champion_as_good_as_its_reference_breaches_nothing() -> None:
    assert breached() == ()


@pytest.mark.parametrize(
    ("champion", "limit"),
    [
        ({"won": 16}, "win_rate"),  # .40 < .85 * .50
        ({"sum": 0.35}, "sharpe"),
        ({"drawdown_max": 0.1151}, "drawdown"),
    ],
)
def test_each_limit_of_the_15_percent_rule_alone(champion: dict[str, float], limit: str) -> None:
    assert breached(DEFAULT, **champion) == (limit,)


def test_within_15_percent_nothing_is_breached() -> None:
    assert breached(won=17, drawdown_max=0.1149) == ()


def test_before_twenty_trades_the_15_percent_rule_says_nothing() -> None:
    assert breached(taken=19, won=0, sum=-1.0, drawdown_max=9.0) == ()
    assert breached(taken=20, won=0) == ("win_rate",)


def test_a_reference_that_loses_is_no_licence_to_lose_more() -> None:
    losing = replace(ALIKE, sum=-0.5)
    worse = replace(losing, sum=-0.6)
    findings = limits.judge(Policy(), replace(MEASURED, champion=worse, reference=losing))
    assert limits.breached(findings, RELATIVE) == ("sharpe",)
    findings = limits.judge(Policy(), replace(MEASURED, champion=losing, reference=losing))
    assert limits.breached(findings, RELATIVE) == ()


def test_the_detector_raises_its_alarm_at_its_threshold() -> None:
    policy = Policy()
    below = limits.judge(policy, replace(MEASURED, statistic=199.9))
    at = limits.judge(policy, replace(MEASURED, statistic=200.0))
    assert limits.breached(below, frozenset({limits.DETECTOR})) == ()
    assert limits.breached(at, frozenset({limits.DETECTOR})) == ("edetector",)
    assert (at[0].value, at[0].threshold, at[0].n) == (200.0, 200.0, 50)


def test_hard_limits_are_off_unless_they_are_set_and_absolute_if_they_are() -> None:
    assert breached(taken=0, sum=-5.0, drawdown_max=5.0) == ()
    strict = Policy(canary_hard_drawdown=0.12, canary_hard_loss=0.05)
    assert breached(strict, taken=0, drawdown_max=0.12) == ("hard_drawdown",)
    assert breached(strict, taken=0, sum=-0.05) == ("hard_loss",)
    assert breached(strict, taken=0, sum=-0.049) == ()


def test_the_tolerance_is_a_setting() -> None:
    assert breached(Policy(canary_tolerance=0.5), won=11) == ()
    assert breached(Policy(canary_tolerance=0.0), won=19) == ("win_rate",)

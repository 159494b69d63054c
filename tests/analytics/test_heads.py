"""What heads and signals were worth: equal to a reckoning by hand on a fixed log."""

import random
from dataclasses import replace

import pytest

from kingmaker.analytics import heads, intervals
from kingmaker.analytics.heads import CHANCE, WEEK_MS, Outcome

WEIGHTS = {"cvar_ppo": 0.2, "neural_ucb": 0.05}
WON = Outcome(1, taken=True, net=0.02, signal_net=0.02, reason="TP_HIT", heads={"cvar_ppo": 0.5})
LOST = Outcome(2, taken=True, net=-0.01, signal_net=-0.01, reason="SL_HIT", heads={"cvar_ppo": 0.9})
LEFT = Outcome(3, taken=False, net=0.0, signal_net=-0.03, reason="SL_HIT", heads={"cvar_ppo": -0.2})
OVER = Outcome(
    4, taken=True, net=-0.04, signal_net=-0.04, reason="EXPIRED", heads={"cvar_ppo": 1.0}
)
FIXED = (WON, LOST, LEFT, OVER)


def test_the_figures_of_nothing_are_empty_not_wrong() -> None:
    found = heads.overall([])
    assert (found.signals, found.win_rate.value, found.sharpe, found.drawdown) == (0, None, None, 0)
    assert heads.weeks([]) == []
    [one, _] = heads.heads([], WEIGHTS)
    assert one.accuracy == one.lift == intervals.NOTHING


def test_the_figures_of_a_fixed_log_are_those_by_hand() -> None:
    found = heads.overall(FIXED)
    assert (found.signals, found.wins, found.losses, found.expired) == (3, 1, 1, 1)
    assert found.win_rate == intervals.rate(1, 2)
    assert found.profit.value == pytest.approx(-0.01)
    assert found.profit_factor == pytest.approx(0.02 / 0.05)
    assert found.sharpe == pytest.approx(-0.01 / 0.03)
    assert found.drawdown == pytest.approx(0.05)


def test_a_head_is_right_where_it_agreed_and_won_or_disagreed_and_lost() -> None:
    [cvar, ucb] = heads.heads(FIXED, WEIGHTS)
    assert (cvar.agreed, cvar.disagreed) == (2, 1)
    assert cvar.accuracy == intervals.rate(2, 3)
    assert cvar.lift.value == pytest.approx(0.5)
    assert ucb.accuracy.n == 0


def many(agree_won: int, disagree_won: int, of: int = 100) -> list[Outcome]:
    """Return signals of which so many won where the head agreed, and where it did not."""
    return [
        replace(WON, signal_net=0.01 if at < won else -0.01, heads={"cvar_ppo": sign})
        for won, sign in ((agree_won, 0.5), (disagree_won, -0.5))
        for at in range(of)
    ]


@pytest.mark.parametrize(
    ("outcomes", "suggested", "confidence"),
    [
        (many(70, 40), 0.24, "95 %"),
        (many(40, 70), 0.16, "95 %"),
        (many(52, 50), 0.20, "low"),
        (many(30, 0, of=49), 0.20, "none"),
    ],
    ids=["skill", "harm", "chance", "few"],
)
def test_a_weight_is_to_move_where_lift_is_no_chance(
    outcomes: list[Outcome], suggested: float, confidence: str
) -> None:
    [found] = heads.recommendations(heads.heads(outcomes, {"cvar_ppo": 0.2}))
    assert found.suggested == pytest.approx(suggested)
    assert found.confidence == confidence


def test_no_recommendation_leaves_the_bounds() -> None:
    for weight, outcomes, bound in ((0.29, many(80, 30), 0.30), (0.055, many(30, 80), 0.05)):
        [found] = heads.recommendations(heads.heads(outcomes, {"cvar_ppo": weight}))
        assert found.suggested == bound


def test_a_weight_at_its_bound_stays_there_and_says_why() -> None:
    [found] = heads.recommendations(heads.heads(many(80, 30), {"cvar_ppo": 0.30}))
    assert found.change == 0.0
    assert found.reason.endswith("its weight is at its bound")


def quarter(win_rate: float, later: float) -> list[Outcome]:
    """Return 13 weeks of 40 signals a week; the win rate changes after the baseline."""
    draw = random.Random(5)  # noqa: S311 - no secret
    made = []
    for week in range(13):
        for at in range(40):
            won = draw.random() < (win_rate if week < heads.BASELINE_WEEKS else later)
            net = 0.01 if won else -0.01
            time_ms = week * WEEK_MS + at * (WEEK_MS // 40)
            made.append(replace(WON, time_ms=time_ms, net=net, signal_net=net))
    return made


def test_a_quarter_of_the_same_skill_is_not_distinguishable_from_chance() -> None:
    found = heads.weeks(quarter(0.55, 0.55))
    assert [week.week for week in found] == list(range(1, 14))
    assert [week.reading for week in found[:2]] == ["baseline"] * 2
    readings = [week.reading for week in found[2:]]
    assert readings.count(CHANCE) >= 9
    assert found[0].classic == "30-35, 62-65 %, 1.8-2.0 %"
    assert found[12].classic == "45-50, 73-76 %, 3.0-3.5 %"


def test_a_quarter_that_became_better_says_so() -> None:
    readings = [week.reading for week in heads.weeks(quarter(0.3, 0.9))[2:]]
    assert set(readings) == {"better"}

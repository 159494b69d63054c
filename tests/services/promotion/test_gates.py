"""Every gate blocks alone; a new gate is one new file."""

from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.kernel.service import Tick
from kingmaker.promotion import gates
from kingmaker.promotion.gates import (
    Case,
    Reading,
    Role,
    absolute_quality,
    drawdown,
    latency,
    market_hours,
    naive_t,
    sharpe_improvement,
    win_rate,
)
from kingmaker.promotion.heard import ChallengerFaulted, PositionClosed, PositionOpened
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import ChallengerHeld, ChampionCrowned, Tally
from tests.services.promotion.story import (
    BETTER,
    CHAMPION,
    MINUTE_MS,
    OTHER,
    SLOT,
    START_MS,
    Story,
    begun,
    freeze,
    kinds,
    measured,
    promotion,
    registered,
    significant,
    thaw,
    tried,
    warmed,
)

NEW_GATE = '''
"""Only on lucky numbers."""
from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    return Reading(case.evidence.pairs, 7, 1, case.evidence.pairs % 7 == 0)


GATE = Gate("lucky_number", judge)
'''


def held_by(story: Story, **changes: object) -> tuple[str, ...]:
    """Return the gates that hold the challenger back on evidence that differs by `changes`."""
    said = story.hear(measured(**changes))  # type: ignore[arg-type] # the caller names fields
    held = [event for event in said if isinstance(event, ChallengerHeld)]
    assert held or any(isinstance(event, ChampionCrowned) for event in said)
    return held[-1].held_by if held else ()


def case(
    champion: Tally = CHAMPION,
    challenger: Tally = BETTER,
    difference_squares: float | None = None,
    **policy: object,
) -> Case:
    """Return a case with these sums."""
    story = tried()
    policy_now = replace(story.state.policy, **policy)  # type: ignore[arg-type] # named fields
    held_by(story, log_evidence=0.0)
    trial = story.state.trials["t-0001@d"]
    assert trial.evidence
    squares = 0.08 if difference_squares is None else difference_squares
    evidence = replace(
        trial.evidence,
        champion=champion,
        challenger=challenger,
        difference_squares=squares,
    )
    return Case(replace(story.state, policy=policy_now), trial, evidence, START_MS)


def test_all_gates_of_the_requirements_are_there() -> None:
    assert [gate.name for gate in gates.discover()] == [
        "absolute_quality",
        "approved",
        "cool_down",
        "drawdown",
        "enough_pairs",
        "evidence",
        "evidence_on_this_lineup",
        "latency",
        "market_hours",
        "min_taken",
        "naive_t",
        "no_faults",
        "not_frozen",
        "not_vetoed",
        "reign_settled",
        "sharpe_improvement",
        "warmed",
        "win_rate",
    ]


def test_convincing_evidence_passes_every_gate() -> None:
    assert held_by(tried()) == ()


FEW = replace(BETTER, pairs=49, sum=0.098, squares=0.0049)


@pytest.mark.parametrize(
    ("gate", "changes"),
    [
        ("drawdown", {"challenger": replace(BETTER, drawdown_max=0.10501)}),
        ("enough_pairs", {"challenger": FEW}),
        ("evidence", {"log_evidence": 5.39}),
        ("evidence_on_this_lineup", {"log_evidence_of_segment": 2.99}),
        ("min_taken", {"challenger": replace(BETTER, taken=19, won=19)}),
        ("sharpe_improvement", {"challenger": replace(BETTER, sum=0.41)}),
        ("win_rate", {"challenger": replace(BETTER, won=149)}),
    ],
)
def test_each_gate_on_the_evidence_blocks_alone(gate: str, changes: dict[str, object]) -> None:
    assert held_by(tried(), **changes) == (gate,)


def test_cool_down_blocks_alone_after_a_rollback_by_itself() -> None:
    story = tried()
    slot = replace(story.slot, rolled_back_ms=START_MS - 59 * MINUTE_MS)
    story.state = replace(story.state, slots={**story.state.slots, SLOT: slot})
    assert held_by(story) == ("cool_down",)
    assert kinds(story.hear(Tick(START_MS + MINUTE_MS)))[0] == "ChampionCrowned"


def test_a_fault_of_the_challenger_blocks_alone() -> None:
    story = tried()
    story.hear(ChallengerFaulted("t-0001@d", "not finite", 1, START_MS))
    assert held_by(story) == ("no_faults",)


@pytest.mark.parametrize("scope", ["desk", SLOT])
def test_a_freeze_blocks_alone_until_thaw(scope: str) -> None:
    story = tried()
    story.hear(freeze(scope=scope))
    assert held_by(story) == ("not_frozen",)
    assert "ChampionCrowned" in kinds(story.hear(thaw(scope=scope)))


def test_a_freeze_of_another_slot_blocks_nobody_here() -> None:
    story = tried()
    story.hear(freeze(scope=OTHER))
    assert held_by(story) == ()


def test_a_reign_that_the_trader_has_not_followed_blocks_alone_wherever_on_the_desk() -> None:
    story = tried()
    slot = replace(story.state.slots[OTHER], reign=2)
    story.state = replace(story.state, slots={**story.state.slots, OTHER: slot})
    assert held_by(story) == ("reign_settled",)


def test_a_challenger_that_does_not_decide_yet_is_held_by_that_alone() -> None:
    story = begun()
    story.hear(registered())
    assert held_by(story) == ("warmed",)
    assert "ChampionCrowned" in kinds(story.hear(warmed()))


def test_an_open_position_blocks_alone_until_the_desk_is_flat() -> None:
    story = tried()
    story.hear(PositionOpened("o1", START_MS), PositionOpened("o2", START_MS))
    assert held_by(story) == ("market_hours",)
    assert kinds(story.hear(PositionClosed("o1", START_MS))) == ["ExposureChanged"]
    assert "ChampionCrowned" in kinds(story.hear(PositionClosed("o2", START_MS)))


def test_a_market_that_never_closes_gives_way_after_one_longest_holding_time() -> None:
    story = tried(promotion__max_holding_minutes="60")
    story.hear(PositionOpened("o1", START_MS))
    assert held_by(story) == ("market_hours",)
    assert kinds(story.hear(Tick(START_MS + 59 * MINUTE_MS))) == []
    assert "ChampionCrowned" in kinds(story.hear(Tick(START_MS + 60 * MINUTE_MS)))


def test_the_holding_time_counts_from_when_all_else_held() -> None:
    story = tried(promotion__max_holding_minutes="60")
    story.hear(PositionOpened("o1", START_MS))
    held_by(story, log_evidence=1.0)
    story.hear(Tick(START_MS + 90 * MINUTE_MS))
    assert held_by(story, pairs=401) == ("market_hours",)


def test_a_market_that_closes_does_not_give_way_but_closes_on_saturdays() -> None:
    saturday_ms = 1_700_265_600_000  # 2023-11-18T00:00Z
    story = tried(market__calendar="fx", promotion__market_hours="closed_or_flat")
    story.hear(PositionOpened("o1", START_MS))
    assert held_by(story) == ("market_hours",)
    assert kinds(story.hear(Tick(saturday_ms - 1))) == []
    assert "ChampionCrowned" in kinds(story.hear(Tick(saturday_ms)))


@pytest.mark.parametrize(("hours", "passed"), [("closed", False), ("any", True)])
def test_market_hours_can_be_stricter_or_off(hours: str, passed: bool) -> None:  # noqa: FBT001 - a table
    now = case(market_hours=hours, calendar="fx")
    assert market_hours.judge(now).passed is passed


def test_a_worse_challenger_cannot_pass_below_zero() -> None:
    losing = Tally(pairs=100, sum=-1.0, squares=0.2)
    a_bit_worse = replace(losing, sum=-1.05)
    reading = sharpe_improvement.judge(case(losing, a_bit_worse))
    assert reading.threshold > 1.1 * sharpe_improvement.judge(case(losing, losing)).value
    assert not reading.passed


@pytest.mark.parametrize("tally", [Tally(), Tally(pairs=1, sum=1.0, squares=1.0), Tally(pairs=9)])
def test_without_variation_there_is_no_sharpe_ratio(tally: Tally) -> None:
    assert sharpe_improvement.judge(case(CHAMPION, tally)).value == 0.0


def test_win_rate_is_over_trades_taken() -> None:
    picky = replace(BETTER, taken=20, won=10)  # left 380 trades alone
    assert held_by(tried(), challenger=picky) == ()


def test_a_side_that_took_nothing_has_no_win_rate() -> None:
    idle = replace(CHAMPION, taken=0, won=0)
    assert held_by(tried(), champion=idle) == ()


def test_zero_tolerance_is_strict() -> None:
    deeper = replace(BETTER, drawdown_max=CHAMPION.drawdown_max * 1.0000001)
    assert not drawdown.judge(case(CHAMPION, deeper, max_drawdown_tolerance=0.0)).passed
    equal = replace(BETTER, drawdown_max=CHAMPION.drawdown_max)
    assert drawdown.judge(case(CHAMPION, equal, max_drawdown_tolerance=0.0)) == Reading(
        0.10, 0.10, 400, passed=True
    )


def test_min_trades_moves_the_gate() -> None:
    fewer = replace(BETTER, pairs=79)
    assert held_by(tried(promotion__min_trades="80"), challenger=fewer) == ("enough_pairs",)


def test_the_classic_sharpe_rule_lets_a_worse_challenger_through_below_zero() -> None:
    losing = Tally(pairs=100, sum=-1.0, squares=0.2)
    a_bit_worse = replace(losing, sum=-1.05)
    assert sharpe_improvement.judge(case(losing, a_bit_worse, sharpe_rule="classic")).passed
    much_worse = replace(losing, sum=-1.2)
    assert not sharpe_improvement.judge(case(losing, much_worse, sharpe_rule="classic")).passed


def test_above_zero_both_sharpe_rules_agree() -> None:
    classic = sharpe_improvement.judge(case(sharpe_rule="classic"))
    assert classic == sharpe_improvement.judge(case())


def test_a_lower_win_rate_is_forgiven_within_its_tolerance() -> None:
    lower = replace(BETTER, won=147)  # .49 against .50
    assert not win_rate.judge(case(challenger=lower)).passed
    assert win_rate.judge(case(challenger=lower, win_rate_tolerance=0.011)).passed


def test_faults_are_forgiven_where_people_say_so() -> None:
    story = tried(promotion__max_faults="1")
    story.hear(ChallengerFaulted("t-0001@d", "not finite", 1, START_MS))
    assert held_by(story) == ()


def test_absolute_quality_is_silent_until_a_number_is_set() -> None:
    assert absolute_quality.role(Policy()) is Role.SILENT
    assert absolute_quality.role(Policy(min_sharpe=0.0)) is Role.HOLDS
    found = absolute_quality.judge(case(min_sharpe=0.2))
    assert found.value == pytest.approx(0.2038688, abs=1e-7)
    assert (found.threshold, found.n) == (0.2, 400)
    assert found.passed
    assert not absolute_quality.judge(case(min_sharpe=0.21)).passed


def test_of_a_hundred_answers_one_may_be_late() -> None:
    in_time, late = {20_480: 99}, {53_248: 1}
    found = latency.judge(answering(in_time | late))
    assert (found.value, found.threshold, found.n, found.passed) == (20.48, 50.0, 100, True)
    slow = latency.judge(answering({20_480: 98, 53_248: 2}))
    assert (slow.value, slow.n, slow.passed) == (53.248, 100, False)
    assert latency.judge(answering({50_000: 1})).passed


def test_where_nothing_was_measured_nobody_knows_whether_it_is_in_time() -> None:
    found = latency.judge(answering({}))
    assert (found.value, found.n, found.passed) == (0.0, 0, False)


def test_latency_is_silent_under_a_scheduler_and_holds_on_a_live_host() -> None:
    assert latency.role(Policy()) is Role.SILENT
    assert latency.role(Policy(latency_ms_max=50.0)) is Role.HOLDS


def answering(latencies: dict[int, int]) -> Case:
    """Return a case of a challenger that took so long, where 50 ms are allowed."""
    usual = case(latency_ms_max=50.0)
    return replace(usual, evidence=replace(usual.evidence, latencies=latencies))


def test_naive_t_is_the_paired_test_on_the_segment() -> None:
    """Differences of mean .001 whose squares sum to .08: t = 1.4160 with 399 degrees of freedom."""
    found = naive_t.judge(case())
    assert found.value == pytest.approx(0.157558836932055, rel=1e-9)
    assert (found.threshold, found.n, found.passed) == (0.05, 400, False)
    assert naive_t.judge(case(difference_squares=0.04)).passed  # t = 2.007
    assert not naive_t.judge(case(difference_squares=0.042)).passed  # t = 1.958
    strict = case(difference_squares=0.04)
    assert not naive_t.judge(replace(strict, trial=replace(strict.trial, p_max=0.01))).passed


def test_naive_t_is_two_sided() -> None:
    better, worse = case(difference_squares=0.03), case(BETTER, CHAMPION, difference_squares=0.03)
    assert naive_t.judge(better).value == naive_t.judge(worse).value < 0.05


@pytest.mark.parametrize("tally", [Tally(), Tally(pairs=1, sum=1.0), Tally(pairs=400, sum=0.8)])
def test_naive_t_knows_nothing_where_differences_do_not_vary(tally: Tally) -> None:
    assert naive_t.judge(case(challenger=tally, difference_squares=0.0)).value == 1.0


def test_beside_naive_t_the_evidence_is_shown_and_holds_nobody() -> None:
    assert naive_t.role(Policy()) is Role.SILENT
    story = tried(promotion__p_method="naive_t")
    said = story.hear(significant(log_evidence=1.0, log_evidence_of_segment=0.5))
    crowned = said[0]
    assert isinstance(crowned, ChampionCrowned)
    found = {finding.gate: finding for finding in crowned.findings}
    for name in ("evidence", "evidence_on_this_lineup"):
        assert (found[name].passed, found[name].advisory, found[name].holds) == (False, True, False)
    assert (found["naive_t"].passed, found["naive_t"].advisory) == (True, False)
    assert not any(one.advisory for name, one in found.items() if "evidence" not in name)


def test_a_gate_that_is_dropped_in_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lucky_number.py").write_text(NEW_GATE, encoding="utf-8")
    monkeypatch.setattr(gates, "__path__", [*gates.__path__, str(tmp_path)])
    story = tried()
    story.service = promotion()
    said = story.hear(measured(pairs=400))
    assert isinstance(said[0], ChallengerHeld)
    assert said[0].held_by == ("lucky_number",)
    assert kinds(story.hear(measured(pairs=406)))[0] == "ChampionCrowned"

"""Every gate blocks alone; a new gate is one new file."""

from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.kernel.service import Tick
from kingmaker.promotion import gates
from kingmaker.promotion.gates import Case, Reading, drawdown, market_hours, sharpe_improvement
from kingmaker.promotion.heard import ChallengerFaulted, PositionClosed, PositionOpened
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


def case(champion: Tally = CHAMPION, challenger: Tally = BETTER, **policy: object) -> Case:
    """Return a case with these sums."""
    story = tried()
    policy_now = replace(story.state.policy, **policy)  # type: ignore[arg-type] # named fields
    held_by(story, log_evidence=0.0)
    trial = story.state.trials["t-0001@d"]
    assert trial.evidence
    evidence = replace(trial.evidence, champion=champion, challenger=challenger)
    return Case(replace(story.state, policy=policy_now), trial, evidence, START_MS)


def test_all_gates_of_the_requirements_are_there() -> None:
    assert [gate.name for gate in gates.discover()] == [
        "cool_down",
        "drawdown",
        "enough_pairs",
        "evidence",
        "evidence_on_this_lineup",
        "market_hours",
        "min_taken",
        "no_faults",
        "not_frozen",
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


def test_a_gate_that_is_dropped_in_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lucky_number.py").write_text(NEW_GATE, encoding="utf-8")
    monkeypatch.setattr(gates, "__path__", [*gates.__path__, str(tmp_path)])
    story = tried()
    story.service = promotion()
    said = story.hear(measured(pairs=400))
    assert isinstance(said[0], ChallengerHeld)
    assert said[0].held_by == ("lucky_number",)
    assert kinds(story.hear(measured(pairs=406)))[0] == "ChampionCrowned"

"""Each gate alone blocks: all others pass, it does not, and promotion names exactly it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from kingmaker.promotion import gates
from kingmaker.promotion.domain import Slot
from kingmaker.promotion.heard import (
    ChallengerFaulted,
    EvidenceMeasured,
    ModeChanged,
    PositionOpened,
)
from kingmaker.promotion.said import ChallengerHeld, ChallengerReady, ChampionCrowned
from tests.services.promotion.story import (
    BETTER,
    MINUTE_MS,
    OTHER,
    SLOT,
    START_MS,
    TRIAL,
    Story,
    begun,
    freeze,
    measured,
    registered,
    tried,
    veto,
)

type Blocked = tuple[Story, EvidenceMeasured]  # who has heard all but the evidence, and that


def _with_slot(name: str, change: Callable[[Slot], Slot]) -> Story:
    story = tried()
    slots = {**story.state.slots, name: change(story.state.slots[name])}
    story.state = replace(story.state, slots=slots)
    return story


def _after(story: Story, *messages: object) -> Story:
    story.hear(*messages)  # type: ignore[arg-type] # each case names what promotion hears
    return story


def _cold() -> Story:
    return _after(begun(), registered())


CASES: Mapping[str, Callable[[], Blocked]] = {
    "approved": lambda: (tried(promotion__auto="0"), measured()),
    "absolute_quality": lambda: (tried(promotion__min_sharpe="0.21"), measured()),
    "cool_down": lambda: (
        _with_slot(SLOT, lambda slot: replace(slot, rolled_back_ms=START_MS - 59 * MINUTE_MS)),
        measured(),
    ),
    "drawdown": lambda: (tried(), measured(challenger=replace(BETTER, drawdown_max=0.10501))),
    "enough_pairs": lambda: (
        tried(),
        measured(challenger=replace(BETTER, pairs=49, sum=0.098, squares=0.0049)),
    ),
    "evidence": lambda: (tried(), measured(log_evidence=5.39)),
    "evidence_on_this_lineup": lambda: (tried(), measured(log_evidence_of_segment=2.99)),
    "latency": lambda: (
        tried(promotion__max_latency_ms="50"),
        measured(latencies={20_480: 395, 65_536: 5}),
    ),
    "market_hours": lambda: (_after(tried(), PositionOpened("o1", START_MS)), measured()),
    "min_taken": lambda: (tried(), measured(challenger=replace(BETTER, taken=19, won=19))),
    "naive_t": lambda: (tried(promotion__p_method="naive_t"), measured()),
    "no_faults": lambda: (
        _after(tried(), ChallengerFaulted(TRIAL, "not finite", 1, START_MS)),
        measured(),
    ),
    "not_frozen": lambda: (_after(tried(), freeze()), measured()),
    "not_vetoed": lambda: (_after(tried(), veto(until_ms=START_MS + MINUTE_MS)), measured()),
    "reign_settled": lambda: (
        _with_slot(OTHER, lambda slot: replace(slot, reign=2)),
        measured(),
    ),
    "sharpe_improvement": lambda: (tried(), measured(challenger=replace(BETTER, sum=0.41))),
    "warmed": lambda: (_cold(), measured()),
    "win_rate": lambda: (tried(), measured(challenger=replace(BETTER, won=149))),
}


@pytest.mark.parametrize("gate", [gate.name for gate in gates.discover()])
def test_each_gate_alone_blocks(gate: str) -> None:
    assert gate in CASES, f"say in CASES how {gate} alone blocks"
    story, evidence = CASES[gate]()
    said = story.hear(evidence)
    [held] = said
    if gate == "approved":  # all others hold: it is a person's turn
        assert isinstance(held, ChallengerReady)
    else:
        assert isinstance(held, ChallengerHeld)
        assert held.held_by == (gate,)
    others = [finding for finding in held.findings if finding.gate != gate]
    assert all(finding.passed for finding in others)
    assert [finding.passed for finding in held.findings if finding.gate == gate] == [False]


def test_there_is_no_case_of_a_gate_that_is_none() -> None:
    assert set(CASES) == {gate.name for gate in gates.discover()}


def test_with_none_of_these_the_challenger_is_crowned() -> None:
    assert isinstance(tried().hear(measured())[0], ChampionCrowned)


def test_a_kill_of_the_desk_blocks_alone_as_a_freeze_does() -> None:
    story = _after(tried(), ModeChanged(1, "killed", START_MS))
    [held] = story.hear(measured())
    assert isinstance(held, ChallengerHeld)
    assert held.held_by == ("not_frozen",)
    said = story.hear(ModeChanged(2, "normal", START_MS))
    assert [type(one).__name__ for one in said] == [
        "ModeFollowed",
        "ChampionCrowned",
        "TrialClosed",
    ]

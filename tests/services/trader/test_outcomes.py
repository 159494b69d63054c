"""What becomes of open opportunities: entries, exits, resolutions, and bars that never come."""

from dataclasses import replace

import pytest

from kingmaker.kernel.service import Answer, Question
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.said import (
    OpportunityDecided,
    OpportunityMissed,
    OpportunityResolved,
    PositionClosed,
    PositionOpened,
)
from tests.services.trader.desk import (
    HOUR,
    Rig,
    bootstrap,
    component_in,
    picky,
    reigning,
    sized,
    tried,
    walk,
)

WALK = list(walk(500))


def until_open(rig: Rig, bars: list[BarClosed]) -> list[BarClosed]:
    """Play until an opportunity is open; return the rest."""
    rest = list(bars)
    while not rig.state.open:
        rig.hear(rest.pop(0))
    return rest


def test_every_opportunity_is_entered_left_and_resolved_once_and_in_that_order() -> None:
    rig = reigning()
    rig.hear_all(WALK)
    resolved = rig.of(OpportunityResolved)
    assert len(resolved) > 25
    for event in resolved:
        mine = [
            type(said)
            for said in rig.said
            if event.opportunity
            in (getattr(said, "opportunity", ""), getattr(said, "position", ""))
        ]
        assert mine == [OpportunityDecided, PositionOpened, PositionClosed, OpportunityResolved]


def test_the_account_enters_at_the_open_of_the_next_bar_and_pays_its_costs() -> None:
    values = {"costs.fee_bp": "4", "costs.half_spread_bp": "0.5", "costs.slippage_bp": "0.5"}
    rig = reigning(values=values)
    rest = until_open(rig, WALK)
    decided, bar = rig.state.open[0].decided, rest[0]
    [opened] = [said for said in rig.hear(bar) if isinstance(said, PositionOpened)]
    assert (opened.position, opened.time_ms) == (decided.opportunity, decided.time_ms)
    assert opened.entry == pytest.approx(bar.open * (1 + 1e-4 * opened.direction))
    champion = decided.decisions[0]
    way = opened.direction * champion.stop_distance * bar.open
    assert opened.stop == pytest.approx(bar.open - way)
    free = reigning()
    free.hear_all(WALK)
    rig.hear_all(rest[1:])
    pairs = zip(rig.of(OpportunityResolved), free.of(OpportunityResolved), strict=True)
    for dear, cheap in pairs:
        assert dear.signal_net == pytest.approx(cheap.signal_net - 1e-3, abs=5e-5)


def test_a_trade_may_end_in_its_bar_of_entry() -> None:
    rig = reigning()
    rest = until_open(rig, WALK)
    side = rig.state.open[0].decided.decisions[0].direction
    bar = rest[0]
    crash = replace(bar, low=bar.open / 2) if side > 0 else replace(bar, high=bar.open * 2)
    said = [type(event) for event in rig.hear(crash)]
    assert said[:3] == [PositionOpened, PositionClosed, OpportunityResolved]
    assert rig.of(PositionClosed)[0].reason == "SL_HIT"
    assert rig.state.equity < 0.0


def test_the_equity_is_the_sum_of_what_the_account_made() -> None:
    rig = reigning()
    rig.hear_all(WALK)
    total = 0.0
    for closed in rig.of(PositionClosed):
        total += closed.net
        assert closed.equity == total
    assert rig.state.equity == total != 0.0


def test_a_signal_left_alone_is_simulated_all_the_same() -> None:
    taken, left = reigning(), reigning(_no_size)
    taken.hear_all(WALK)
    left.hear_all(WALK)
    assert not left.of(PositionOpened)
    assert left.state.equity == 0.0
    for one, other in zip(taken.of(OpportunityResolved), left.of(OpportunityResolved), strict=True):
        assert (one.signal_net, one.risk) == (other.signal_net, other.risk)
        assert one.outcomes[0].net == one.signal_net
        assert (other.outcomes[0].net, other.outcomes[0].taken) == (0.0, False)
        assert other.outcomes[0].full_net == one.signal_net


def _no_size(question: Question) -> Answer:
    return sized(0) if component_in(question) == "cvar_ppo" else bootstrap(question)


def test_size_scales_the_net_and_two_contracts_are_full() -> None:
    rig = reigning(lambda q: sized(3) if component_in(q) == "cvar_ppo" else bootstrap(q))
    rig.hear_all(WALK)
    for resolved in rig.of(OpportunityResolved):
        assert resolved.outcomes[0].net == pytest.approx(1.5 * resolved.signal_net)


def test_what_learners_read_is_whole() -> None:
    rig = reigning()
    rig.hear_all(WALK)
    for resolved in rig.of(OpportunityResolved):
        assert (len(resolved.setup), len(resolved.contexts)) == (56, 170)
        row = resolved.contexts[34 * resolved.arm : 34 * (resolved.arm + 1)]
        assert row[:24] == resolved.setup[:24]
        assert row[-2:] == (float(resolved.direction), 1.0)
        assert row[29:32] == resolved.setup[-3:]
        assert resolved.risk > 0.0
        assert resolved.decided_ms < resolved.time_ms


def test_every_branch_has_its_outcome_on_the_same_bars() -> None:
    rig = reigning(picky)
    trial = tried(rig)
    rig.hear_all(WALK)
    for resolved in rig.of(OpportunityResolved):
        champion, mine = resolved.outcomes
        assert (champion.branch, mine.branch) == ("champion", trial)
        assert (mine.entry, mine.exit, mine.full_net) == (
            *(champion.entry, champion.exit),
            champion.full_net,
        )
        assert mine.net == (champion.net if mine.taken else 0.0)


def test_an_opportunity_waits_for_the_branch_that_leaves_last() -> None:
    def answer(question: Question) -> Answer:
        mine = question.branch and component_in(question) == "pm_optimizer"
        return Answer({"exit_params": (0.0, 0.0, 2.0)}) if mine else bootstrap(question)

    rig = reigning(answer)
    tried(rig, "pm_optimizer")
    rig.hear_all(WALK)
    waited = 0
    for resolved in rig.of(OpportunityResolved):
        champion, mine = resolved.outcomes
        assert mine.exit_ms <= resolved.decided_ms + 2 * HOUR
        assert resolved.time_ms == max(champion.exit_ms, mine.exit_ms)
        waited += champion.exit_ms > mine.exit_ms
    assert waited > 5


def test_nobody_enters_where_the_next_bar_is_missing() -> None:
    rig = reigning()
    rest = until_open(rig, WALK)
    [item] = rig.state.open
    said = rig.hear(rest[1])
    missed = next(event for event in said if isinstance(event, OpportunityMissed))
    assert missed.opportunity == item.decided.opportunity
    assert item.decided.opportunity not in [o.decided.opportunity for o in rig.state.open]
    assert not rig.of(PositionOpened)


def test_a_symbol_that_falls_silent_is_given_up_after_three_days() -> None:
    rig = reigning()
    rest = until_open(rig, WALK)
    rig.hear(rest[0])
    while not any(item.account == "in" for item in rig.state.open):
        rig.hear(rest.pop(0))
    waiting = {item.decided.opportunity for item in rig.state.open}
    others = [replace(bar, symbol="ELM") for bar in rest[1:90]]
    rig.hear_all(others[:70])
    assert waiting <= {item.decided.opportunity for item in rig.state.open}
    rig.hear_all(others[70:])
    assert not waiting & {item.decided.opportunity for item in rig.state.open}
    resolved = {e.opportunity: e for e in rig.of(OpportunityResolved)}
    missed = {e.opportunity for e in rig.of(OpportunityMissed)}
    assert waiting <= set(resolved) | missed
    assert "EXPIRED" in {closed.reason for closed in rig.of(PositionClosed)}


def test_a_position_whose_bars_are_out_of_reach_is_closed_as_void() -> None:
    rig = reigning()
    rest = until_open(rig, WALK)
    rig.hear(rest[0])
    [item] = [item for item in rig.state.open if item.account == "in"]
    rig.window = type(rig.window)()
    rig.hear(replace(rest[1], open_ms=rest[1].open_ms + 200 * HOUR))
    [closed] = rig.of(PositionClosed)
    assert (closed.position, closed.net, closed.reason) == (
        *(item.decided.opportunity, 0.0),
        "EXPIRED",
    )
    assert not rig.state.open

"""From what models say to what a side decides."""

from dataclasses import replace

import pytest

from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.trader.judgement import feature_hash
from kingmaker.trader.said import Decision, OpportunityDecided
from tests.services.trader.desk import FREE, Ask, bootstrap, component_in, reigning, sized, walk


def decisions(answer: Ask, values: dict[str, str] | None = None) -> list[Decision]:
    """Return what the champion decides on a walk."""
    rig = reigning(answer, values)
    rig.hear_all(list(walk(400)))
    found = [decided.decisions[0] for decided in rig.of(OpportunityDecided)]
    assert len(found) > 15
    return found


def instead(component: str, reply: Answer | Fault) -> Ask:
    """Answer as the bootstrap does, but for one component."""

    def answer(question: Question) -> Answer | Fault:
        return reply if component_in(question) == component else bootstrap(question)

    return answer


def test_the_bootstrap_takes_every_signal_at_full_size() -> None:
    found = decisions(bootstrap)
    assert {(d.taken, d.size, d.refusal, d.branch) for d in found} == {(True, 2, "", "champion")}
    assert {(d.breakeven_r, d.trail_r, d.time_bars) for d in found} == {(1.0, 0.0, 12)}


def test_no_size_is_a_trade_left_alone() -> None:
    found = decisions(instead("cvar_ppo", sized(0)))
    assert {(d.taken, d.size, d.refusal) for d in found} == {(False, 0, "size")}


def test_heads_that_disagree_keep_the_desk_out() -> None:
    against = instead("model_ensemble", Answer({"score": (-1.0,)}))
    found = decisions(against)
    assert {(d.taken, d.refusal) for d in found} == {(False, "consensus")}
    assert all(d.consensus < 0.7 for d in found)
    indulgent = FREE | {"signals.confluence_min": "0.3"}
    assert {d.taken for d in decisions(against, indulgent)} == {True}


@pytest.mark.parametrize("component", ["s15_rl_policy", "neural_ucb", "pm_optimizer", "cvar_ppo"])
def test_a_fault_keeps_the_desk_out_and_names_who_failed(component: str) -> None:
    rig = reigning(instead(component, Fault("nan")))
    rig.hear_all(list(walk(400)))
    first = rig.of(OpportunityDecided)[0].decisions[0]
    assert (first.taken, first.size, first.refusal) == (False, 0, "fault")
    assert (first.faulted, first.fault, first.votes) == (component, "nan", ())
    assert first.strategy
    assert first.direction


@pytest.mark.parametrize(
    ("said", "exits"),
    [
        ((1.5, 0.5, 6.0), (1.5, 0.5, 6)),
        ((0.0, 0.0, 400.0), (0.0, 0.0, 12)),
        ((-1.0, -2.0, 0.0), (0.0, 0.0, 12)),
        ((1.0, 0.0, 2.6), (1.0, 0.0, 3)),
    ],
)
def test_no_exit_model_outlasts_the_longest_holding_time(
    said: tuple[float, ...], exits: tuple[float, float, int]
) -> None:
    found = decisions(instead("pm_optimizer", Answer({"exit_params": said})))
    assert {(d.breakeven_r, d.trail_r, d.time_bars) for d in found} == {exits}


def test_sizes_are_bounded() -> None:
    wild = Answer({"action": (17.0,), "probs": (0.0, 0.0, 0.0, 1.0)})
    assert {d.size for d in decisions(instead("cvar_ppo", wild))} == {3}


def test_stop_and_target_are_those_of_the_picked_strategy() -> None:
    for decision in decisions(bootstrap):
        reward = decision.target_distance / decision.stop_distance
        far = decision.strategy in ("S3", "S6")
        assert reward == pytest.approx(1.5 if far else 1.0)
        assert 0.0 < decision.stop_distance < 0.1


def test_one_bit_of_one_feature_changes_the_hash() -> None:
    row = (1.0, 0.1)
    assert feature_hash(row) != feature_hash((1.0, 0.1 + 2e-17 * 4))
    assert feature_hash(row) == feature_hash((1.0, 0.1))
    assert len(feature_hash(row)) == 64


def test_a_longer_holding_time_waits_for_a_fresh_desk() -> None:
    rig = reigning(bootstrap)
    bars = list(walk(400))
    rig.hear_all(bars[:200])
    assert rig.state.bucket_ms == 12 * bars[0].interval_ms
    rig.state = replace(rig.state, policy=replace(rig.state.policy, max_holding=48))
    wide = instead("pm_optimizer", Answer({"exit_params": (1.0, 0.0, 48.0)}))
    rig.answer = wide
    rig.hear_all(bars[200:])
    last = rig.of(OpportunityDecided)[-1]
    assert (last.bucket_ms, last.decisions[0].time_bars) == (12 * bars[0].interval_ms, 12)

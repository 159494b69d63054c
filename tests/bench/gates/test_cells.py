"""What a cell does with its pairs: gates, budgets, policies on a change, reigns."""

import numpy as np
import pytest

from bench.gates import canary, decay, lineups, scalar, streams, trials
from bench.gates.ours import Ours
from bench.gates.worlds import WORLDS, Returns
from kingmaker.evidence.batch.tallies import Side
from kingmaker.promotion.policy import Policy


def test_paths_are_judged_alone() -> None:
    drawn = WORLDS["D3"].draw(6, pairs=400)
    together = trials.try_returns(drawn)
    alone = trials.try_returns(Returns(drawn.champion[:, 2:3], drawn.challenger[:, 2:3]))
    for rule, firsts in together.items():
        if rule != "Bonferroni per look":  # it shares its error over as many looks as there are
            assert firsts[2] == alone[rule][0], rule


def test_nobody_is_crowned_before_fifty_pairs() -> None:
    drawn = WORLDS["D3"].draw(50, pairs=120)
    better = Returns(drawn.champion, drawn.challenger + 1.0)
    firsts = trials.try_returns(better)
    assert firsts["naive paired t"].tolist() == [50] * 50
    assert (firsts[trials.OURS] >= 50).all()


@pytest.mark.parametrize("name", scalar.WORLDS)
def test_the_twin_with_its_gates_is_the_real_shadow_and_promotion(name: str) -> None:
    same = scalar.compare(name, chunk=3, paths=2, pairs=600)
    assert same["same verdict"].all()
    assert same["same bits"].all()


def test_a_segment_describes_its_own_pairs_only() -> None:
    ours = Ours(1)
    for net in (1.0, -2.0, 0.5):
        ours.add(np.array([net]), np.array([net]))
    ours.start_segment()
    ours.add(np.array([1.0]), np.array([1.0]))
    assert ours.tallies.challenger.pairs.tolist() == [1]
    assert ours.tallies.challenger.drawdown_max.tolist() == [0.0]


def test_the_budget_of_a_stream_is_the_products() -> None:
    evidence = np.full(20, -np.inf)
    evidence[0], evidence[10], evidence[11] = np.log(220.1), np.log(850.0), np.log(500.0)
    policy = Policy(budget_tests=10)
    # Tests 11 and 12 are asked 840 and 924, and half of it after a crown of the first cohort.
    assert streams.judge(evidence, policy)[[0, 10, 11]].tolist() == [1.0, 1.0, 1.0]
    alone = evidence.copy()
    alone[0] = -np.inf
    assert streams.judge(alone, policy)[[0, 10, 11]].tolist() == [0.0, 1.0, 0.0]
    strict = Policy(budget_mode="fwer", budget_tests=10)
    assert streams.judge(evidence, strict)[[0, 10, 11]].tolist() == [1.0, 1.0, 0.0]


def test_frozen_trials_are_crowned_after_the_thaw_only() -> None:
    found = lineups.try_schedule("normal", ".30 for 400, frozen, then 0", 0, 100)
    assert (found[lineups.CARRY_ON] > 0).mean() > 0.4
    assert all(((firsts == 0) | (firsts > 400)).all() for firsts in found.values())


def test_what_this_lineup_must_show_is_never_easier_than_carrying_on() -> None:
    found = lineups.try_schedule("t(3)", ".20, changes 148/303/702", 0, 60)
    carried, shown = found[lineups.CARRY_ON], found[lineups.THIS_LINEUP]
    assert ((shown == 0) | (carried > 0) & (carried <= shown)).all()
    assert (shown != carried).any()


def test_a_figure_is_worse_by_more_than_fifteen_per_cent_or_not_at_all() -> None:
    reference, side = Side.of(1), Side.of(1)
    for net in (1.0, 2.0, -1.0):
        reference.add(np.array([net]), np.array([1]), np.array([int(net > 0.0)]))
        side.add(np.array([net]), np.array([1]), np.array([int(net > 0.0)]))
    assert not canary.worse(side, reference).any()
    side.add(np.array([-1.0]), np.array([1]), np.array([0]))
    assert canary.worse(side, reference).all()


def test_a_champion_much_worse_at_once_is_taken_back_by_every_rule() -> None:
    alarms = canary.try_reign("K3", 0, 40)
    assert all((firsts > 0).all() for firsts in alarms.values())
    assert (alarms[canary.DETECTOR] <= alarms[canary.BY_TRIAL]).all()
    assert (alarms[canary.DETECTOR] % 5 == 0).all()  # it moves once in a block


def test_a_reign_ends_after_it_began() -> None:
    turns = decay.try_decay(0, 60)
    for rule in (canary.DETECTOR, canary.BY_DETHRONED, canary.NAIVE_SHADOW):
        crowned, ended = turns[f"{rule}, crowned"], turns[f"{rule}, ended"]
        assert (crowned[ended > 0] > 0).all()
        assert (ended[ended > 0] > crowned[ended > 0]).all()

"""What the nine learn where nothing can be learned is tried in earnest, and not crowned.

In each world a desk trades a fair market, trains its learners on its own record, and tries what
they made on the bars that follow. What admission refuses a person offers all the same, as with the
gate left open. The champions read all that they are given, so every challenger trades otherwise
than they do, and is no better: the null hypothesis of its trial holds exactly.

What is claimed: of the nine of one world, any is ever crowned with a chance of at most 5 % (e-LOND:
their shares of alpha sum to less), and the evidence of one trial ever reaches 20 with at most 5 %,
whenever one looks. Of 46 trials in 6 worlds that would allow two; none reaches it, and none is
crowned. Judged by a t-test at every pair, the same pairs crown some: the last test but one.
"""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kingmaker.contracts.desks import COMPONENTS, component_of
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.pattern_recognition import PatternRecognition
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.shadow.domain import Side
from tests.scenarios.bundling import bundled
from tests.scenarios.courtroom import Pair, try_challenger
from tests.simulation import fair_market, market, models, readers
from tests.simulation.school import Record, School, school, settings

SLOW = frozenset({"cvar_ppo", "s15_rl_policy"})  # compile for seconds: tried in fewer worlds
QUICK = frozenset(COMPONENTS) - SLOW
WORLDS, WORLDS_OF_THE_SLOW = range(6), range(2)
SYMBOLS = ("AAA", "BBB", "CCC")
TRAINED, TRIED = 1045, 1850  # bars: both trainings and trials are over then
PAIRS_MIN = 100
ALPHA = 0.05
SILENT = "pattern_recognition"  # believes nothing where nothing foretells: see `believing`
LEARNING = {
    "learning.pm_optimizer_quantile": "0.5",  # the best mean, by chance: else it changes nothing
    "learning.cvar_ppo_iterations": "20",
    "learning.s15_rl_policy_steps": "400",
    "learning.s15_rl_policy_bars_max": "600",
}


@dataclass(frozen=True)
class Lived:
    """What came of one world."""

    admitted: Collection[str]
    evidence: Mapping[str, Any]  # the last of each component's trial
    held: Mapping[str, Any]  # likewise
    crowned: Sequence[Any]  # by trial or by hand; not those who reigned from the start
    pairs: Mapping[str, Sequence[Pair]]
    nets: Sequence[float]  # of all signals, at full size


def components_of(world: int) -> Collection[str]:
    return COMPONENTS if world in WORLDS_OF_THE_SLOW else QUICK


@cache
def lived(world: int) -> Lived:
    """Return what came of the fair market of this number."""
    bars = {name: fair_market.bars(world, at, TRIED) for at, name in enumerate(SYMBOLS)}
    policy = settings(components_of(world), {"trader": fair_market.FREE, "learners": LEARNING})
    with (
        tempfile.TemporaryDirectory() as folder,
        school(Path(folder), bars, TRIED, readers.answer, policy) as desk,
    ):
        desk.live(TRAINED)
        made = {component_of(one.slot): one for one in desk.said("learners", "TrainingCompleted")}
        assert set(made) == set(components_of(world)), "each has trained"
        by_hand = {
            component: desk.store.read(one.digest)
            for component, one in made.items()
            if not one.candidate
        }
        if SILENT in by_hand:
            by_hand[SILENT] = believing(desk)
        desk.offer(TRAINED + 1, by_hand)
        desk.live(TRIED)
        return what_came(desk, made.keys() - by_hand.keys())


def believing(desk: School) -> Bundle:
    """Return the patterns of the desk's trades, believed though they have foretold nothing."""
    record = Record(desk.log)
    batch = Experience.of(record.trades(), by_symbol(record.bars()))
    learner = PatternRecognition(winners_only=False)
    return bundled(SILENT, learner, replace(learner.fit(batch, None, 0), belief=1.0), batch).bundle


def what_came(desk: School, admitted: Collection[str]) -> Lived:
    slots = {one.trial: component_of(one.slot) for one in desk.said("promotion", "TrialOpened")}
    pairs: dict[str, list[Pair]] = {component: [] for component in slots.values()}
    for pair in desk.said("trader", "PairResolved"):
        if pair.counted and pair.trial in slots:  # a canary has pairs too
            pairs[slots[pair.trial]].append((side(pair.champion), side(pair.challenger)))
    return Lived(
        admitted,
        {component_of(one.slot): one for one in desk.said("shadow", "EvidenceMeasured")},
        {component_of(one.slot): one for one in desk.said("promotion", "ChallengerHeld")},
        [one for one in desk.said("promotion", "ChampionCrowned") if one.how != "bootstrap"],
        pairs,
        [one.signal_net for one in desk.said("trader", "OpportunityResolved")],
    )


def side(message: Any) -> Side:  # noqa: ANN401 - a message
    return Side(message.net, message.taken, message.won)


@pytest.mark.parametrize("world", WORLDS)
def test_no_product_of_a_fair_market_is_crowned(world: int) -> None:
    found = lived(world)
    assert found.evidence.keys() == set(components_of(world)), "each was tried"
    for component, last in found.evidence.items():
        assert last.pairs >= PAIRS_MIN, component
        assert last.difference_squares > 0.0, f"{component} trades as the champion does"
        assert last.log_evidence_max < log(1.0 / ALPHA), component
        assert "evidence" in found.held[component].held_by, component
    assert not found.crowned


def test_admission_refuses_most_of_them() -> None:
    """One standard error lets about one null in six pass; that is why they are tried at all."""
    admitted = sum(len(lived(world).admitted) for world in WORLDS)
    trials = sum(len(components_of(world)) for world in WORLDS)
    assert trials == 46
    assert 0 < admitted <= trials / 4


def test_nothing_that_is_traded_there_pays_or_costs() -> None:
    """So the null hypothesis holds: a market that cost would favour whoever trades less."""
    nets = np.concatenate([lived(world).nets for world in WORLDS])
    assert len(nets) > 4_000
    assert abs(nets.mean()) < 2.0 * nets.std() / sqrt(len(nets))


def test_a_test_at_every_pair_would_have_crowned_some_of_them() -> None:
    """The same pairs before the classic rule: so it is the evidence that keeps them from it."""
    classic = {"promotion.p_method": "naive_t"}
    pairs = [pairs for world in WORLDS for pairs in lived(world).pairs.values()]
    assert any(try_challenger(one, policy=classic).crowned for one in pairs)
    assert not any(try_challenger(one).crowned for one in pairs)


def test_what_was_learned_where_something_can_be_is_crowned_in_the_same_school() -> None:
    """Volume tells which breakouts hold, and the win probability learns it."""
    bars = {name: market.bars(1, phase=at) for at, name in enumerate(SYMBOLS)}
    policy = settings(["online_learning"], {})
    with (
        tempfile.TemporaryDirectory() as folder,
        school(Path(folder), bars, TRIED, knowing_nothing, policy) as desk,
    ):
        desk.live(TRIED)
        [trained] = desk.said("learners", "TrainingCompleted")
        assert trained.candidate
        [crowned] = what_came(desk, ()).crowned
    assert (crowned.slot, crowned.how) == (trained.slot, "promoted")


def knowing_nothing(question: Question) -> Answer | Fault:
    """Answer as the bundles that ship."""
    return models.answer([question])[question.key]

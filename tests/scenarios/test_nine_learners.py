"""Nine learners in one home: each makes a bundle, and what it learned is seen once it reigns.

Real bars of a quiet market: most products are not admitted, and the home says so. People offer and
crown those all the same here, to see what they do; no evidence is claimed for them.
"""

import shutil
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pytest

from kingmaker.contracts.desks import COMPONENTS, component_of, slot_of
from kingmaker.contracts.models import REGIMES
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Answers, Question
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.audit import Auditor
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.models.patience import SCHEDULED
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Learning, Settings
from tests.scenarios.challenged import crown, kingdom_of, offer_of
from tests.scenarios.playing import Stage

DESK = DEMO[2]
LEARNED_UNTIL = 3300  # market times of hourly EURUSD: 440 closed trades
UNTIL_WARM = 24  # market times from an offer to a challenger that decides
SEEN = 200  # market times that a reign is looked at
ENOUGH = 420  # trades: a hundred of each part, as sizing, exits and costs ask for
LAST = "cvar_ppo"  # of the coronations
SETTINGS = Settings(
    desks=(DESK.model_copy(update={"min_trades": ENOUGH}),),
    learning=Learning(
        components=cast("Any", COMPONENTS),
        experiences=ENOUGH,
        cvar_ppo_iterations=20,
        s15_rl_policy_steps=400,
    ),
)

type Look = Callable[[Any], object]  # of an OpportunityDecided

# What each component is seen by: before its coronation it is the same in every decision.
SHOWS: dict[str, Look] = {
    "cvar_ppo": lambda one: one.decisions[0].size,
    "neural_ucb": lambda one: one.judged[3],
    "regime_detector": lambda one: one.setup[-REGIMES:],
    "model_ensemble": lambda one: one.judged[1],
    "online_learning": lambda one: one.decisions[0].p_win,
    "slippage_latency": lambda one: one.judged[2],
    "s15_rl_policy": lambda one: one.directions[-1],
    "pattern_recognition": lambda one: one.judged[4],  # unless it believes nothing, as here
    "pm_optimizer": lambda one: one.decisions[0].breakeven_r,
}
SELDOM = {"cvar_ppo", "s15_rl_policy"}  # they choose: now and then as the bootstrap did
SILENT = "pattern_recognition"  # one that speaks: test_learned_views_of_the_market.py


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, str]:
    """Return a home whose desk has trained all nine, and the digest of its history."""
    played = Stage(Home(tmp_path_factory.mktemp("nine") / "home"), SETTINGS)
    return played, played.play(LEARNED_UNTIL)


@pytest.fixture(scope="module")
def on_trial(learned: tuple[Stage, str], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return that home with all nine products on trial: people offered those not admitted."""
    stage = copied(learned[0], tmp_path_factory.mktemp("on_trial"))
    with kingdom_of(stage, SCHEDULED) as kingdom:
        for number, made in enumerate(products(stage).values()):
            if not made.candidate:
                offer = offer_of(made.slot, made.digest, made.size_bytes, kingdom.now_ms, number)
                kingdom.send(Lane(command_topic("registry"), 0), offer)
        kingdom.deliver()
        go_on(stage, kingdom, UNTIL_WARM)
    return stage


@pytest.fixture(scope="module")
def usual(on_trial: Stage, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Any]:
    """Return what the desk decides where nobody is crowned."""
    stage = copied(on_trial, tmp_path_factory.mktemp("usual"))
    return decided_under(stage)


def test_each_of_the_nine_made_a_bundle_and_the_home_says_what_it_is_worth(
    learned: tuple[Stage, str],
) -> None:
    stage, _ = learned
    made = products(stage)
    assert sorted(made) == sorted(COMPONENTS)
    assert not stage.events("learners", 0, "TrainingFailed")
    store = ArtifactStore(stage.home.artifacts)
    registered = {one.digest for one in stage.events("registry", 0, "ModelRegistered")}
    for component, product in made.items():
        assert product.candidate == (not product.reason), component
        assert "holdout_gain" in product.metrics, component
        assert not store.fault_of([product.digest]), component
        assert (product.digest in registered) == product.candidate, component
    assert any(product.candidate for product in made.values())
    assert not all(product.candidate for product in made.values())


def test_a_second_play_is_the_same_history(learned: tuple[Stage, str], tmp_path: Path) -> None:
    first, digest = learned
    second = Stage(Home(tmp_path / "home"), SETTINGS)
    assert second.play(LEARNED_UNTIL) == digest
    assert digests(second) == digests(first)


@pytest.mark.parametrize("component", sorted(SHOWS.keys() - {SILENT}))
def test_a_crown_is_seen_in_the_decisions_of_the_desk(
    on_trial: Stage, usual: Sequence[Any], tmp_path: Path, component: str
) -> None:
    changed, show = decided_under(copied(on_trial, tmp_path), component), SHOWS[component]
    assert len(usual) > 20
    assert [one.opportunity for one in changed] == [one.opportunity for one in usual]
    assert [one.features for one in changed] == [one.features for one in usual]
    departures = sum(show(one) != show(other) for one, other in zip(changed, usual, strict=True))
    assert departures > (0 if component in SELDOM else len(usual) - 1)


def test_a_library_in_which_nothing_foretells_changes_nothing_and_is_not_admitted(
    learned: tuple[Stage, str], on_trial: Stage, usual: Sequence[Any], tmp_path: Path
) -> None:
    changed = decided_under(copied(on_trial, tmp_path), SILENT)
    assert {SHOWS[SILENT](one) for one in changed} == {0.0}
    assert [one.decisions[0].size for one in changed] == [one.decisions[0].size for one in usual]
    assert "gain over the base rate" in products(learned[0])[SILENT].reason


def test_sizing_takes_more_or_less_than_full_size(
    on_trial: Stage, usual: Sequence[Any], tmp_path: Path
) -> None:
    changed = decided_under(copied(on_trial, tmp_path), "cvar_ppo")
    assert {one.decisions[0].size for one in usual} == {2}
    sizes = {one.decisions[0].size for one in changed}
    assert len(sizes) > 1
    left_alone = [one.decisions[0] for one in changed if one.decisions[0].size == 0]
    assert all((one.taken, one.refusal) == (False, "size") for one in left_alone)


def test_s15_has_a_direction_where_no_rule_gives_it_one(
    on_trial: Stage, usual: Sequence[Any], tmp_path: Path
) -> None:
    changed = decided_under(copied(on_trial, tmp_path), "s15_rl_policy")
    assert {one.directions[-1] for one in usual} == {0}
    assert {one.directions[-1] for one in changed} & {1, -1}
    assert [one.directions[:-1] for one in changed] == [one.directions[:-1] for one in usual]


def test_an_audit_finds_every_bit_of_nine_reigns_at_all_levels(
    on_trial: Stage, tmp_path: Path
) -> None:
    stage = copied(on_trial, tmp_path)
    with kingdom_of(stage, SCHEDULED) as kingdom:
        for component in SHOWS:
            if component != LAST:
                crown(kingdom, component)
        go_on(stage, kingdom, SEEN)
        crown(kingdom, LAST)
        go_on(stage, kingdom, 1)
    [last] = [
        one
        for one in stage.events("promotion", 0, "ChampionCrowned")
        if (one.how, one.slot) == ("direct", slot_of(LAST, DESK.name))
    ]
    asked: set[str] = set()
    with stage.log() as log, answering(stage.home) as answer:

        def noting(questions: Sequence[Question]) -> Answers:
            asked.update(question.model for question in questions)
            return answer(questions)

        report = Auditor(
            log=log,
            lanes=log.lanes(),
            desks=stage.desks,
            build=build_services,
            answer=noting,
            check_models=ArtifactStore(stage.home.artifacts).fault_of,
            whole=True,
        ).audit(last.promotion)
    assert (report.level, report.identical, report.first_difference) == ("models", True, "")
    assert digests(stage) <= asked, "what all nine had learned was asked again"


def products(stage: Stage) -> dict[str, Any]:
    """Return what became of the training of each component."""
    completed = stage.events("learners", 0, "TrainingCompleted")
    return {component_of(one.slot): one for one in completed}


def digests(stage: Stage) -> set[str]:
    return {one.digest for one in products(stage).values()}


def copied(stage: Stage, path: Path) -> Stage:
    """Return a home of one's own with the same history."""
    shutil.copytree(stage.home.path, path / "home")
    return Stage(Home(path / "home"), stage.settings)


def decided_under(stage: Stage, component: str = "") -> Sequence[Any]:
    """Crown the component's challenger, if any, play on, and return the decisions since."""
    known = len(stage.events("trader", 0, "OpportunityDecided"))
    with kingdom_of(stage, SCHEDULED) as kingdom:
        if component:
            crown(kingdom, component)
        go_on(stage, kingdom, SEEN)
    return stage.events("trader", 0, "OpportunityDecided")[known:]


def go_on(stage: Stage, kingdom: Kingdom, times: int) -> None:
    starts = [position + 1 for position in kingdom.positions()]
    for _ in islice(kingdom.play(stage._bars().rows(starts)), times):
        pass

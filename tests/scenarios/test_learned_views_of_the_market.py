"""Regimes and patterns that a real desk learned are seen in its decisions once they are crowned."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.models import REGIMES
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.pattern_recognition import PatternRecognition
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.patience import SCHEDULED
from kingmaker.runtime.settings import Learning, Settings
from tests.scenarios.bundling import bundled
from tests.scenarios.challenged import Challenge, crown, kingdom_of, play
from tests.scenarios.playing import Stage

LEARNED_UNTIL, MORE = 1650, 200  # market times of hourly EURUSD
UNTIL_WARM = 24  # market times from an offer to a challenger that decides
PATTERN = 4  # place of the pattern's score in what sizing saw
SETTINGS = Settings(
    desks=(DEMO[2].model_copy(update={"min_trades": 200}),),
    learning=Learning(components=("pattern_recognition", "regime_detector")),
)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home whose desk has trained both components; regimes that last are on trial."""
    played = Stage(Home(tmp_path_factory.mktemp("learned") / "home"), SETTINGS)
    played.play(LEARNED_UNTIL)
    return played


@pytest.fixture(scope="module")
def goes_on(learned: Stage, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Any]:
    """Return what the desk decides where nobody is crowned."""
    folder = tmp_path_factory.mktemp("goes_on") / "home"
    shutil.copytree(learned.home.path, folder)
    return decisions_of(Stage(Home(folder), SETTINGS))


def test_the_desk_trained_both_and_says_of_each_whether_it_is_worth_a_trial(learned: Stage) -> None:
    completed = learned.events("learners", 0, "TrainingCompleted")
    of_slot = {event.slot: event for event in completed}
    regimes = of_slot["regime_detector@eurusd-1h"]
    patterns = of_slot["pattern_recognition@eurusd-1h"]
    assert regimes.candidate
    assert regimes.metrics["holdout_gain"] > regimes.metrics["holdout_gain_se"]
    assert patterns.candidate == (not patterns.reason)


def test_crowned_regimes_change_what_every_decision_sees(
    learned: Stage, goes_on: Sequence[Any], tmp_path: Path
) -> None:
    own = copied(learned, tmp_path)
    changed = decisions_of(own, "regime_detector")
    assert len(changed) > 20
    assert [one.opportunity for one in changed] == [one.opportunity for one in goes_on]
    for before, after in zip(goes_on, changed, strict=True):
        assert after.features == before.features
        assert after.setup[-REGIMES:] != before.setup[-REGIMES:]
        assert sum(after.setup[-REGIMES:]) == pytest.approx(1.0, abs=1e-5)


def test_a_crowned_library_gives_every_decision_a_score_where_there_was_none(
    learned: Stage, tmp_path: Path
) -> None:
    own = copied(learned, tmp_path)
    play(own, UNTIL_WARM, believed_library(own))
    before = own.events("trader", 0, "OpportunityDecided")
    assert {one.judged[PATTERN] for one in before} == {0.0}
    assert all(one.judged[PATTERN] != 0.0 for one in decisions_of(own, "pattern_recognition"))


def copied(stage: Stage, path: Path) -> Stage:
    """Return a home of one's own with the same history."""
    shutil.copytree(stage.home.path, path / "home")
    return Stage(Home(path / "home"), stage.settings)


def believed_library(stage: Stage) -> Challenge:
    """Return the patterns of the desk's own trades, believed whether they foretell or not."""
    batch = Experience.of(
        stage.events("trader", 0, "OpportunityResolved"),
        by_symbol(stage.events("feed", 0, "BarClosed")),
    )
    learner = PatternRecognition(winners_only=False)
    state = replace(learner.fit(batch, None, 0), belief=1.0)
    return bundled("pattern_recognition", learner, state, batch)


def decisions_of(stage: Stage, component: str = "") -> Sequence[Any]:
    """Crown the component's challenger, if any, play on, and return the decisions since."""
    known = len(stage.events("trader", 0, "OpportunityDecided"))
    with kingdom_of(stage, SCHEDULED) as kingdom:
        if component:
            crown(kingdom, component)
        starts = [position + 1 for position in kingdom.positions()]
        for _ in islice(kingdom.play(stage._bars().rows(starts)), MORE):
            pass
    return stage.events("trader", 0, "OpportunityDecided")[known:]

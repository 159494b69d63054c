"""Weights of heads on real bars: learned from outcomes, followed on record, decided anew alike."""

from pathlib import Path

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.lane import Lane
from kingmaker.learners import weights
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Learning, Settings
from tests.runtime.short_play import EURUSD, TIMES
from tests.scenarios.playing import Stage
from tests.scenarios.playing import stage as staged

LEARNING = Learning(head_weights=True)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home with a few weeks in it, whose heads learn."""
    played = learning(tmp_path_factory.mktemp("heads"))
    played.play(TIMES)
    return played


def learning(path: Path) -> Stage:
    """Return a home with nothing in it, whose heads learn."""
    bare = staged(path / "home", [EURUSD])
    return Stage(bare.home, Settings(desks=(EURUSD,), learning=LEARNING))


def test_every_decision_goes_by_the_version_that_the_trader_followed_last(stage: Stage) -> None:
    version, held = 0, dict.fromkeys(COMPONENTS, 1.0 / 9.0)
    decided = 0
    for event in stage.events("trader", 0, "WeightsFollowed", "OpportunityDecided"):
        if event.DESCRIPTOR.name == "WeightsFollowed":
            assert event.version == version + 1
            version = event.version
            held = dict(zip(COMPONENTS, event.weights, strict=True))
            continue
        decided += version > 0
        votes = {vote.component: vote for vote in event.decisions[0].votes}
        total = sum(held[name] * vote.confidence for name, vote in votes.items())
        agreed = sum(held[name] * v.confidence for name, v in votes.items() if v.agrees)
        assert event.weights_version == version
        assert event.decisions[0].consensus == pytest.approx(agreed / total)
    assert decided > 0, "nothing was decided by learned weights"


def test_each_outcome_that_counts_makes_one_version_from_the_tenth_on(stage: Stage) -> None:
    judged = stage.events("learners", 0, "OutcomeJudged")
    learned = stage.events("learners", 0, "WeightsLearned")
    assert [event.outcomes for event in judged] == list(range(1, len(judged) + 1))
    by_outcome = [event.outcome for event in learned if event.cause == "outcome"]
    later = [event.opportunity for event in judged[9:]]
    assert by_outcome[0] == later[0]
    assert by_outcome == [name for name in later if name in by_outcome]
    assert len(later) - len(by_outcome) < 5, "only where no weight could move"
    assert [event.version for event in learned] == list(range(1, len(learned) + 1))
    for event in learned:
        assert weights.why_not(tuple(event.weights)) == ""


def test_the_jobs_fire_once_each_and_a_day_of_ten_outcomes_makes_a_version(stage: Stage) -> None:
    fired = stage.events("learners", 0, "TriggerFired")
    times = [(event.schedule, event.fire_time_ms) for event in fired]
    assert len(set(times)) == len(times)
    assert {schedule for schedule, _ in times} == {"daily_learning", "weekly_retraining"}
    skipped = stage.events("learners", 0, "LearningJobSkipped")
    completed = stage.events("learners", 0, "LearningJobCompleted")
    assert len(skipped) + len(completed) == len(fired)
    assert all(event.outcomes < event.needed for event in skipped)


def test_trader_and_learners_decide_the_same_anew(stage: Stage) -> None:
    with stage.log() as log, answering(stage.home) as answer:
        for service in build_services(stage.desks):
            if service.lane in (Lane("km.trader.v1", 0), Lane("km.learners.v1", 0)):
                again = Redecision(service, log, answer)
                assert again.run() is None
                assert again.events > 0


def test_a_stop_in_between_changes_no_history(stage: Stage, tmp_path: Path) -> None:
    other = learning(tmp_path)
    other.play(TIMES // 3)
    other.play(TIMES - TIMES // 3)
    assert other.events("trader", 0) == stage.events("trader", 0)
    for name in ("OutcomeJudged", "WeightsLearned", "TriggerFired", "LearningJobSkipped"):
        assert other.events("learners", 0, name) == stage.events("learners", 0, name)

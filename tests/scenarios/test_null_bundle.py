"""A sizing model that throws dice is offered, found sound, tried on real bars, and not crowned."""

from collections.abc import Callable

import pytest

from kingmaker.runtime.bars import DEMO
from tests.scenarios import null_bundle
from tests.scenarios.challenged import play
from tests.scenarios.playing import Stage, stage

BTC = DEMO[0]
TIMES = 3_000  # hours: fewer trades than any learner asks for, so this trial is the only one
PAIRS_MIN = 100
TRIAL = "t-0001@btc-1h"


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home in which the null was tried from the first hour on."""
    played = stage(tmp_path_factory.mktemp("null") / "home", [BTC])
    play(played, TIMES, null_bundle.null())
    return played


def test_it_was_offered_by_a_person_found_sound_and_given_a_trial(tried: Stage) -> None:
    models = tried.events("registry", 0, "ModelRegistered")
    [registered] = [model for model in models if model.source == "offer-1"]
    assert (registered.digest, registered.origin) == (null_bundle.null().digest, "converted")
    assert not tried.events("registry", 0, "ModelRefused")
    [opened] = tried.events("promotion", 0, "TrialOpened")
    assert (opened.trial, opened.challenger) == (TRIAL, registered.model)


def test_it_trades_what_the_champion_trades_in_sizes_of_its_own(tried: Stage) -> None:
    sizes = []
    for decided in tried.events("trader", 0, "OpportunityDecided"):
        champion, *others = decided.decisions
        for challenger in others:
            assert (challenger.taken, champion.size) == (champion.taken, 2)
            sizes.append(challenger.size)
    assert set(sizes) == {1, 3}
    assert len(sizes) / 3 < sizes.count(1) < 2 * len(sizes) / 3
    assert not tried.events("trader", 0, "ChallengerFaulted")


def test_it_is_measured_and_not_crowned(
    tried: Stage, record_property: Callable[[str, object], None]
) -> None:
    evidence = tried.events("shadow", 0, "EvidenceMeasured")
    assert {e.trial for e in evidence} == {TRIAL}
    assert evidence[-1].pairs == len(evidence) > PAIRS_MIN
    record_property("highest ln E", evidence[-1].log_evidence_max)
    crowned = tried.events("promotion", 0, "ChampionCrowned")
    assert {c.how for c in crowned} == {"bootstrap"}
    [*_, held] = tried.events("promotion", 0, "ChallengerHeld")
    assert "evidence" in held.held_by

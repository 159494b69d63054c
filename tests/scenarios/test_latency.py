"""Where answers are measured, a challenger that takes too long is held, and a fast one is not.

Real models, really timed; only the clock of the market is a scheduler's.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.kernel.service import Service
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.models.patience import LIVE, MEASURED, Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from tests.scenarios import evil_models
from tests.scenarios.challenged import Challenge, play
from tests.scenarios.playing import Stage, stage

EURUSD = DEMO[2]
TIMES = 400  # hours


@pytest.fixture
def home(tmp_path: Path) -> Stage:
    return stage(tmp_path / "home", [EURUSD])


def played(home: Stage, challenge: Challenge, patience: Patience = MEASURED) -> Stage:
    play(home, TIMES, challenge, patience)
    return home


def held_by(home: Stage) -> list[str]:
    """Return which gates the last verdict of the only trial names."""
    return list(home.events("promotion", 0, "ChallengerHeld")[-1].held_by)


def latencies_of(home: Stage) -> list[int]:
    """Return how many answers of its challenger every verdict stands on."""
    held = home.events("promotion", 0, "ChallengerHeld")
    return [finding.n for one in held for finding in one.findings if finding.gate == "latency"]


def test_a_slow_challenger_is_held_by_the_gate(home: Stage) -> None:
    assert "latency" in held_by(played(home, evil_models.sluggish()))
    assert min(latencies_of(home)) > 0


def test_a_fast_one_is_not_and_both_can_be_decided_anew_to_the_bit(home: Stage) -> None:
    played(home, evil_models.sound())
    assert "latency" not in held_by(home)
    counts = latencies_of(home)
    assert counts == sorted(counts)
    assert counts[0] > 0
    trader = next(one for one in build_services(home.desks) if one.name == "trader")
    assert difference(home, trader) == "None"
    forgetful = replace(trader, timed={})  # who measured, or took nought, would find another event
    assert "OpportunityDecided" in difference(home, forgetful)


def difference[S, W, M, E](home: Stage, service: Service[S, W, M, E]) -> str:
    """Decide a lane anew with models that nobody times."""
    with home.log() as log, ModelRunner(ArtifactStore(home.home.artifacts)) as runner:
        return str(Redecision(service, log, runner.load_and_answer).run())


def test_where_nothing_is_measured_the_gate_is_silent(home: Stage) -> None:
    played(home, evil_models.sound(), LIVE)
    assert held_by(home)
    assert not latencies_of(home)
    assert not any(event.latencies_us for event in home.events("trader", 0, "OpportunityDecided"))

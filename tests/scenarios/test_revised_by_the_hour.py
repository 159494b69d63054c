"""An ensemble that weighs by the hour and a library that learns on, in a real home of real bars."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.model_ensemble import ModelEnsemble
from kingmaker.learners.learners.pattern_recognition import PatternRecognition
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.patience import SCHEDULED
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Learning, Settings
from tests.runtime.cli.conftest import Call, call
from tests.scenarios.bundling import bundled
from tests.scenarios.challenged import Challenge, crown, kingdom_of, play
from tests.scenarios.playing import Stage
from tests.scenarios.test_audit import audit

__all__ = ["call"]  # the fixture
pytestmark = pytest.mark.slow
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
LEARNED_UNTIL, UNTIL_WARM, MORE = 2000, 24, 700  # hourly bars of BTCUSDT
ENSEMBLE, LIBRARY = "model_ensemble", "pattern_recognition"
BLEND, PATTERN = 1, 4  # places in what sizing saw
SETTINGS = Settings(
    desks=DEMO[:1],
    learning=Learning(components=(), revisions=("model_ensemble", "pattern_recognition")),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home whose ensemble and library were made of its own trades, and learn on."""
    stage = Stage(Home(tmp_path_factory.mktemp("by_the_hour") / "home"), SETTINGS)
    stage.play(LEARNED_UNTIL)
    for challenge in challenges(stage):
        play(stage, UNTIL_WARM, challenge)
    with kingdom_of(stage, SCHEDULED) as kingdom:
        for component in (LIBRARY, ENSEMBLE):
            crown(kingdom, component)
        starts = [position + 1 for position in kingdom.positions()]
        for _ in islice(kingdom.play(stage._bars().rows(starts)), MORE):
            pass
    remember_desks(stage.home, [{"name": "btc-1h"}])
    return stage


def challenges(stage: Stage) -> Sequence[Challenge]:
    """Return a library of the desk's own trades, believed, and an ensemble that hears all scores.

    What both are worth is no matter here: they must be seen in decisions.
    """
    batch = Experience.of(
        stage.events("trader", 0, "OpportunityResolved"),
        by_symbol(stage.events("feed", 0, "BarClosed")),
    )
    library = PatternRecognition(winners_only=False, revisable=True)
    patterns = replace(library.fit(batch, None, 0), belief=1.0)
    blend = ModelEnsemble(100.0, revisable=True)
    scales = blend.fit(batch, None, 0)
    every = np.ones_like(scales.mean)
    listening = replace(
        scales, mean=0.0 * every, scale=0.1 * every, square=100.0 * every, product=50.0 * every
    )
    offered = bundled(ENSEMBLE, blend, listening, batch)
    return bundled(LIBRARY, library, patterns, batch), replace(offered, number=2)


def revised(stage: Stage, component: str) -> list[Any]:
    """Return what the component's champion has learned, also while it was a challenger."""
    events = [
        event
        for event in stage.events("trader", 0, "ModelRevised")
        if event.slot.startswith(component)
    ]
    return [event for event in events if event.learner == events[-1].learner]


def test_a_market_day_of_a_real_desk_has_24_rebalances(home: Stage) -> None:
    hours = [event.hour_ms for event in revised(home, ENSEMBLE) if event.hour_ms]
    days = Counter((hour_ms - 1) // DAY_MS for hour_ms in hours)
    whole = [days[day] for day in sorted(days)[1:-1]]
    assert len(whole) > 20
    assert set(whole) == {24}
    for event in revised(home, ENSEMBLE):
        if event.hour_ms:
            assert sum(event.row) == pytest.approx(1.0)
            assert min(event.row[2:]) >= 0.05


def test_decisions_are_seen_to_be_by_the_hour_s_weights_and_by_patterns_that_moved(
    home: Stage,
) -> None:
    decided = home.events("trader", 0, "OpportunityDecided")
    by_hour = [one for one in decided if one.revisions.get(f"champion/{ENSEMBLE}")]
    assert len(by_hour) > 40
    assert all(one.judged[BLEND] != 0.0 for one in by_hour)
    known = [one for one in decided if "champion" in one.patterns]
    assert known
    lessons = [event for event in revised(home, LIBRARY) if event.branch == "champion"]
    assert {event.opportunity for event in lessons} <= {one.opportunity for one in known}
    assert len(lessons) >= len(known) - 2
    moved = [one for one in decided if one.revisions.get(f"champion/{LIBRARY}")]
    assert moved
    assert any(one.judged[PATTERN] != 0.0 for one in moved)


def test_an_audit_finds_the_same_bits_at_all_four_levels(home: Stage) -> None:
    crowns = [one for one in home.events("promotion", 0, "ChampionCrowned") if one.reign > 1]
    assert len(crowns) == 2
    for crown_ in crowns:
        report = audit(home, crown_.promotion)
        assert (report.level, report.identical, report.first_difference) == ("models", True, "")


def test_every_step_of_the_trader_is_decided_again_by_the_models_themselves(home: Stage) -> None:
    [trader] = build_services(home.desks, ("trader",))
    with home.log() as log, answering(home.home) as answer:
        redecision = Redecision(trader, log, answer)
        assert redecision.run() is None
        assert redecision.events > 1000


def test_people_see_the_next_rebalance_the_weights_and_the_library(home: Stage, call: Call) -> None:
    status = call("status", "-o", "json", home=home.home).json
    [row] = [one for one in status["counters"] if one["waits_for"] == "rebalance"]
    last_ms = status["desks"][0]["last_ms"]
    hours = [event for event in revised(home, ENSEMBLE) if event.hour_ms]
    assert row["count"] == len(hours)
    assert row["next_ms"] == last_ms // HOUR_MS * HOUR_MS + HOUR_MS
    assert "rebalance" in call("status", home=home.home).out
    stats = call("learn", "stats", home=home.home).out
    assert f"{len(hours):,} rebalances, the last at" in stats
    found = call("learn", "patterns", "btc-1h", "--like", "3", "-o", "json", home=home.home).json
    assert found["patterns"] > 50
    assert found["outcomes"] == len(revised(home, LIBRARY))
    [window] = found["windows"]
    assert window["symbol"] == "BTCUSDT"
    assert window["time_ms"] == last_ms
    alike = [one["similarity"] for one in window["matches"]]
    assert alike == sorted(alike, reverse=True)
    assert len(alike) == 3
    shown = call("learn", "patterns", home=home.home).out
    assert f"knows {found['patterns']:,} patterns of all trades" in shown

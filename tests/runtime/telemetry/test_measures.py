"""What a process measured, held against what its log says."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Step
from kingmaker.runtime.history import accepted
from kingmaker.runtime.services import ORDER
from kingmaker.runtime.telemetry.measures import Measures
from tests.runtime.short_play import unplayed
from tests.scenarios.playing import Stage

PROMOTION = Lane("km.promotion.v1", 0)
SLOT = "online_learning@eurusd-1h"
DESK = "eurusd-1h"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, Measures]:
    """Return a few weeks of bars, measured while they were played."""
    stage = unplayed(tmp_path_factory.mktemp("measured"))
    measures = Measures([desk.name for desk in stage.desks])
    stage.play(600, measures.take, lambda engines: measures.look(engines, {}))
    return stage, measures


def step(*events: tuple[str, dict[str, Any]]) -> Step[Any]:
    """Return a step of promotion as it is shown once it is accepted."""
    kinds = [f"kingmaker.promotion.v1.{name}" for name, _ in events]
    records = frame(PROMOTION.genesis("x"), Pen(1, "p"), [Draft(kind, b"") for kind in kinds])
    said = [type(name, (SimpleNamespace,), {})(**fields) for name, fields in events]
    return Step((), tuple(said), records)


def test_every_event_of_every_lane_was_counted_once(played: tuple[Stage, Measures]) -> None:
    stage, measures = played
    found: Counter[tuple[str, str]] = Counter()
    with stage.log() as log:
        for service in ORDER:
            for record in accepted(log, Lane(f"km.{service}.v1")):
                found[service, record.kind] += 1
    assert measures.counters["events_accepted_total"] == found


def test_counters_are_what_the_events_say(played: tuple[Stage, Measures]) -> None:
    stage, measures = played
    decided = stage.events("trader", 0, "OpportunityDecided")
    taken = sum(event.decisions[0].taken for event in decided)
    assert taken > 0
    assert measures.counters["decisions_total"][DESK, "taken"] == taken
    closed = Counter(event.reason for event in stage.events("trader", 0, "PositionClosed"))
    assert measures.counters["positions_closed_total"] == {(DESK, r): n for r, n in closed.items()}
    assert measures.counters["bars_total"] == {(DESK,): 600}
    assert measures.counters["promotions_total"][SLOT, "bootstrap"] == 1


def test_gauges_are_read_off_the_state(played: tuple[Stage, Measures]) -> None:
    stage, measures = played
    equity = stage.events("trader", 0, "PositionClosed")[-1].equity
    gauges = measures.gauges
    assert gauges["equity_ratio"] == {(DESK,): equity}
    assert gauges["may_enter"] == {(DESK,): 1.0}
    assert gauges["champion_info"][SLOT, "v1.0.0-bootstrap"] == 1.0
    assert gauges["lane_term"]["km.feed.v1/0",] == 1.0
    assert 0 < gauges["model_age_seconds"][SLOT,] < 600 * 3600 * 4


def test_all_of_it_has_a_name_and_its_labels(played: tuple[Stage, Measures]) -> None:
    from kingmaker.runtime.telemetry.catalogue import BY_SHORT  # noqa: PLC0415 - this test's own

    _, measures = played
    for shorts in (measures.counters, measures.gauges, measures.levels):
        for short, values in shorts.items():
            for labels in values:
                assert len(labels) == len(BY_SHORT[short].labels), (short, labels)


def test_a_crown_is_timed_until_promotion_has_heard_that_the_trader_follows() -> None:
    now = [10.0]
    measures = Measures([DESK], lambda: now[0])
    crown = {"slot": SLOT, "reign": 2, "how": "promoted", "findings": ()}
    measures.took(PROMOTION, step(("ChampionCrowned", crown)), 0.0)
    now[0] = 10.2
    measures.took(PROMOTION, step(("ReignAcknowledged", {"slot": SLOT, "reign": 2})), 0.0)
    measures.took(PROMOTION, step(("ReignAcknowledged", {"slot": SLOT, "reign": 2})), 0.0)
    histogram = measures.histograms["activation_seconds", (DESK,)]
    assert histogram.sum == pytest.approx(0.2)
    assert histogram.cumulative()[-1] == ("+Inf", 1.0)


def test_gates_of_a_trial_that_ended_are_told_no_longer() -> None:
    measures = Measures([DESK])
    finding = SimpleNamespace(gate="evidence", passed=False)
    measures.take(PROMOTION, step(("ChallengerHeld", {"slot": SLOT, "findings": (finding,)})))
    assert measures.levels["gate_check_passed"] == {(SLOT, "evidence"): 0.0}
    measures.take(PROMOTION, step(("TrialClosed", {"slot": SLOT, "reason": "veto"})))
    assert measures.levels["gate_check_passed"] == {}


def test_evidence_too_large_for_a_float_is_capped() -> None:
    from kingmaker.kernel.service import Reading  # noqa: PLC0415 - this test's own

    found: dict[str, Any] = {}
    measures = Measures([DESK])
    service = SimpleNamespace(readings=lambda _: [Reading("trial_log_evidence", 9e9, (SLOT,))])
    host = SimpleNamespace(tip=SimpleNamespace(seq=0), term=1, time_ms=0, state=None)
    engine = SimpleNamespace(service=service, host=host, lane=PROMOTION, open_effects=list)
    measures.look([engine], found)  # type: ignore[list-item] # what is read of an engine
    assert measures.gauges["trial_evidence"][SLOT,] == pytest.approx(1e304, rel=0.2)


def test_a_message_class_is_as_good_as_a_dataclass() -> None:
    event = message_class("kingmaker.promotion.v1", "ChampionRolledBack")(
        slot=SLOT, trigger="person"
    )
    measures = Measures([DESK])
    record = frame(
        PROMOTION.genesis("x"),
        Pen(1, "p"),
        [Draft("kingmaker.promotion.v1.ChampionRolledBack", b"")],
    )
    measures.take(PROMOTION, Step((), (event,), record))
    assert measures.counters["rollbacks_total"] == {(SLOT, "person"): 1.0}

"""A rollback that came by itself is recomputed exactly like a coronation, to the last bit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.audit import Auditor, Report
from kingmaker.runtime.audited import ROLLED_BACK, find
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.report.collect import collect
from kingmaker.runtime.report.page import page
from tests.histories.record import SLOT, Order, Story, lived
from tests.simulation import models
from tests.simulation.world import DESKS, services

PROMOTION = Lane("km.promotion.v1")
# A good model reigns, then a bad one: crowned by people, taken back by nobody.
DECAY = Story(
    commands={
        110: [Order("DirectPromotion", {"slot": SLOT, "model": "v1.1.0-cloud"})],
        130: [Order("DirectPromotion", {"slot": SLOT, "model": "v1.2.0-cloud"})],
    },
    bars=600,
    offers=((95, "trained"), (112, "other")),
)


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    return lived(DECAY)


def rollback(log: MemoryLog) -> Any:  # noqa: ANN401 - a message of the wire
    [back] = [message_of(one) for one in decided(log, PROMOTION) if one.kind == ROLLED_BACK]
    return back


def audit(log: MemoryLog, name: str, built: Sequence[AnyService], *, whole: bool = False) -> Report:
    def build(_desks: Sequence[Desk]) -> Sequence[AnyService]:
        return built

    return Auditor(
        log=log,
        lanes=[service.lane for service in built],
        desks=DESKS,
        build=build,
        answer=models.answer,
        check_models=lambda digests: "" if set(digests) <= set(models.KNOWN) else "unknown",
        whole=whole,
    ).audit(name)


@pytest.mark.parametrize("whole", [False, True])
def test_a_rollback_by_the_canary_is_recomputed_on_all_levels(
    log: MemoryLog, *, whole: bool
) -> None:
    back = rollback(log)
    assert back.trigger == "canary"
    report = audit(log, back.promotion, services(), whole=whole)
    assert (report.level, report.identical, report.first_difference) == ("models", True, "")
    folded = [note for note in report.notes if "folded as recorded" in note]
    assert bool(folded) is not whole


def test_a_canary_that_watches_otherwise_would_be_found(log: MemoryLog) -> None:
    changed = [_doubling(one) if one.name == "shadow" else one for one in services()]
    report = audit(log, rollback(log).promotion, changed)
    assert (report.level, report.identical) == ("state", False)
    assert "km.shadow.v1/0 record" in report.first_difference
    assert "CanaryMeasured" in report.first_difference


def test_its_page_shows_the_watch_and_what_was_breached(log: MemoryLog) -> None:
    back = rollback(log)
    found = collect(log, find(log, PROMOTION, back.promotion))
    assert found.canary
    text = page(found, audit(log, back.promotion, services()))
    assert "by itself: canary" in text
    assert "raises a false alarm once in 1,000 pairs on average, or more rarely" in text
    assert "<h2>Canary</h2>" in text
    for finding in back.findings:
        assert f"<td>{finding.gate}</td>" in text


def _doubling(service: AnyService) -> AnyService:
    def decide(*call: Any) -> Sequence[Any]:  # noqa: ANN401 - whatever a service is called with
        return [
            replace(one, statistic=2.0 * one.statistic)
            if type(one).__name__ == "CanaryMeasured"
            else one
            for one in service.decide(*call)
        ]

    return replace(service, decide=decide)

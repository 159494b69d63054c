"""Deciders with one promise taken out: the simulation notices, within few schedules."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from kingmaker.promotion import decider, evolution, gates
from kingmaker.promotion import service as promotion
from kingmaker.runtime.engine import AnyService
from tests.simulation import world
from tests.simulation.test_world import PLACES, begun, live

SCHEDULES = range(1, 600, 4)  # those that any order is good for: they need no history to compare

type Weaken = Callable[[AnyService], AnyService]


def without_gates(*names: str) -> Weaken:
    """Let promotion judge without some of its gates."""
    court = decider.build([g for g in gates.discover() if g.name not in names], promotion.seal())
    return lambda service: replace(service, decide=court)


def gullible(service: AnyService) -> AnyService:
    """Believe every signature of a key that is known."""
    seal = replace(promotion.seal(), verify=lambda *_: True)
    return replace(service, decide=decider.build(gates.discover(), seal))


def forgetful(service: AnyService) -> AnyService:
    """Forget which commands were acted upon."""
    return replace(
        service, evolve=lambda state, event: replace(evolution.evolve(state, event), commands={})
    )


def counting_all(service: AnyService) -> AnyService:
    """Count pairs of other lineups too."""

    def decide(*arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - as the trader decides
        decided = service.decide(*arguments)
        pairs = {id(e): replace(e, counted=True) for e in decided if hasattr(e, "counted")}
        return [pairs.get(id(event), event) for event in decided]

    return replace(service, decide=decide)


def repeating(service: AnyService) -> AnyService:
    """Follow every rollback twice."""

    def decide(state: Any, window: Any, message: Any, answers: Any) -> Sequence[Any]:  # noqa: ANN401 - as above
        decided = service.decide(state, window, message, answers)
        return [*decided, *(decided if type(message).__name__ == "ChampionRolledBack" else ())]

    return replace(service, decide=decide)


@pytest.mark.parametrize(
    ("name", "weaken", "complaint"),
    [
        ("promotion", without_gates("not_frozen"), "C2 .* crowned while frozen"),
        ("promotion", without_gates("evidence", "evidence_on_this_lineup"), "C2 no evidence"),
        ("promotion", gullible, "C5 .* acted unsigned"),
        ("promotion", forgetful, "C5 .* acted twice"),
        ("trader", counting_all, "C4 .* a counted pair of another lineup"),
        ("trader", repeating, "C3 .* follows"),
    ],
)
def test_a_decider_without_a_promise_is_caught(
    name: str, weaken: Weaken, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in PLACES:
        begun(place)  # by real deciders: it is kept for others
    weak = tuple(weaken(s) if s.name == name else s for s in world.services())
    monkeypatch.setattr(world, "services", lambda: weak)
    with pytest.raises(AssertionError, match=complaint):
        list(map(live, SCHEDULES))

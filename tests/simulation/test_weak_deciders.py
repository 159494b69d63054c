"""Deciders with one promise taken out: the simulation notices, within few schedules."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from kingmaker.promotion import decider, evolution, gates
from kingmaker.promotion import service as promotion
from kingmaker.risk import decider as braking
from kingmaker.risk import service as risk
from kingmaker.runtime.engine import AnyService
from tests.services.promotion.story import obeying_ada
from tests.simulation import world
from tests.simulation.test_world import WHERE, begun, live

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


def trusting(service: AnyService) -> AnyService:
    """Act on bare commands as if Ada had signed them."""
    return replace(service, decide=obeying_ada(service.decide))


def one_eyed(service: AnyService) -> AnyService:
    """Ask nobody for a second signature."""

    def evolve(state: Any, event: Any) -> Any:  # noqa: ANN401 - as promotion learns
        after = evolution.evolve(state, event)
        return replace(after, policy=replace(after.policy, four_eyes=()))

    return replace(service, evolve=evolve)


def deaf_to(message_name: str) -> Weaken:
    """Let promotion decide nothing upon such a message."""

    def weaken(service: AnyService) -> AnyService:
        def decide(state: Any, window: Any, message: Any, answers: Any) -> Sequence[Any]:  # noqa: ANN401 - as promotion decides
            deaf = type(message).__name__ == message_name
            return () if deaf else service.decide(state, window, message, answers)

        return replace(service, decide=decide)

    return weaken


def saying(event_name: str, **fields: object) -> Weaken:
    """Let promotion say something else in such an event."""

    def weaken(service: AnyService) -> AnyService:
        def decide(*arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - as promotion decides
            said = service.decide(*arguments)
            return [replace(e, **fields) if type(e).__name__ == event_name else e for e in said]

        return replace(service, decide=decide)

    return weaken


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


def unlearning(**fields: object) -> Weaken:
    """Say everything, and know otherwise."""

    def weaken(service: AnyService) -> AnyService:
        return replace(service, evolve=lambda *said: replace(service.evolve(*said), **fields))

    return weaken


def crowning_while_killed(service: AnyService) -> AnyService:
    """Say that a kill is followed, and freeze nothing."""

    def evolve(state: Any, event: Any) -> Any:  # noqa: ANN401 - as promotion learns
        after = evolution.evolve(state, event)
        return replace(after, frozen=after.frozen - {"kill"})

    return replace(service, evolve=evolve)


def keeping_the_kill_in_the_process(service: AnyService) -> AnyService:
    """Remember a kill in the window, which no restart brings back, and not in the state."""
    killed: dict[int, tuple[object, bool]] = {}  # by window, which is kept so that its id is

    def observe(window: Any, message: Any) -> Any:  # noqa: ANN401 - as the trader observes
        if type(message).__name__ == "ModeChanged":
            killed[id(window)] = window, message.mode == "killed"
        return service.observe(window, message)

    def decide(state: Any, window: Any, message: Any, answers: Any) -> Sequence[Any]:  # noqa: ANN401 - as above
        known = killed.get(id(window), (window, False))[1]
        return service.decide(replace(state, killed=known), window, message, answers)

    evolve = unlearning(killed=False)(service).evolve
    return replace(service, observe=observe, decide=decide, evolve=evolve)


def believing_anybody(service: AnyService) -> AnyService:
    """Let risk believe every signature of a key that is known."""
    seal = replace(risk.seal(), verify=lambda *_: True)
    return replace(service, decide=braking.build(seal))


@pytest.mark.parametrize(
    ("name", "weaken", "complaint"),
    [
        ("promotion", without_gates("not_frozen"), "C[26] .* crowned while (frozen|killed)"),
        ("promotion", without_gates("evidence", "evidence_on_this_lineup"), "C2 no evidence"),
        ("promotion", gullible, "C5 .* acted unsigned"),
        ("promotion", trusting, "C5 .* acted unsigned"),
        ("promotion", one_eyed, "C5 .* acted on one signature"),
        ("promotion", forgetful, "C5 .* acted twice"),
        ("promotion", without_gates("not_vetoed"), "C2 crowned though vetoed"),
        ("promotion", saying("ChampionCrowned", policy_hash=""), "C2 .* names another policy"),
        ("promotion", saying("ChampionCrowned", alpha=0.04), "C4 not the alpha it opened with"),
        ("promotion", saying("TrialOpened", alpha=0.05, mode="e_lond"), "C4 alpha overspent"),
        ("promotion", saying("TrialOpened", crowned_before=1), "C4 R of"),
        ("promotion", deaf_to("CanaryMeasured"), "C7 .* the crown stayed"),
        ("trader", counting_all, "C4 .* a counted pair of another lineup"),
        ("trader", repeating, "C3 .* follows"),
        ("trader", unlearning(killed=False), "C6 .* opened while killed"),
        ("trader", unlearning(flatten=False), "C6 .* stayed open"),
        ("trader", keeping_the_kill_in_the_process, "C6 .* opened while killed"),
        ("trader", deaf_to("ModeChanged"), "C6 .* not followed"),
        ("promotion", crowning_while_killed, "C6 .* crowned while killed"),
        ("risk", believing_anybody, "C5 .* acted unsigned"),
        ("risk", unlearning(commands={}), "C5 .* acted twice"),
    ],
)
def test_a_decider_without_a_promise_is_caught(
    name: str, weaken: Weaken, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in WHERE:
        begun(place)  # by real deciders: it is kept for others
    weak = tuple(weaken(s) if s.name == name else s for s in world.services())
    monkeypatch.setattr(world, "services", lambda: weak)
    with pytest.raises(AssertionError, match=complaint):
        list(map(live, SCHEDULES))

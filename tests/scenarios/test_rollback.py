"""A person takes the crown back, and gives it again: nothing is loaded, everything is recorded."""

from collections.abc import Callable

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring
from kingmaker.runtime.kingdom import Kingdom
from tests.scenarios.playing import Stage

SLOT = "online_learning@btc-1h"


def command(kingdom: Kingdom, name: str, number: int, **fields: str) -> None:
    cls = message_class("kingmaker.promotion.v1", name)
    now = kingdom.now_ms
    message = cls(
        command_id=f"c-{number}",
        actor="ada",
        reason="a test",
        issued_at_ms=now,
        not_after_ms=now + 60_000,
        **fields,
    )
    draft = Draft(f"kingmaker.promotion.v1.{name}", message.SerializeToString())
    own = keyring.read_key(keyring.own_file(kingdom.home))
    kingdom.send(Lane("km.promotion.commands.v1", 0), seal(own, draft))
    kingdom.deliver()


def reigning(stage: Stage) -> tuple[str, int]:
    activated = [a for a in stage.events("trader", 0, "ChampionActivated") if a.slot == SLOT]
    return activated[-1].model, activated[-1].reign


def loads(stage: Stage) -> int:
    """Count the models that were ever loaded to serve in the slot."""
    requests = stage.events("trader", 0, "ModelLoadRequested")
    return sum(request.slot == SLOT for request in requests)


@pytest.fixture
def crowned(demo: Stage, copy_of: Callable[[Stage], Stage]) -> Stage:
    """Return a home in which a trained model reigns."""
    stage = copy_of(demo)
    assert reigning(stage)[0].endswith("-trained")
    return stage


def test_a_rollback_restores_the_former_champion_and_loads_nothing(crowned: Stage) -> None:
    model, reign = reigning(crowned)
    with crowned.kingdom() as kingdom:
        before = loads(crowned)
        command(kingdom, "Rollback", 1, slot=SLOT)
        assert loads(crowned) == before
    assert reigning(crowned) == ("v1.0.0-bootstrap", reign + 1)
    (event,) = crowned.events("promotion", 0, "ChampionRolledBack")
    assert (event.from_model, event.actor, event.reason) == (model, "ada", "a test")


def test_a_second_rollback_undoes_the_first(crowned: Stage) -> None:
    model, reign = reigning(crowned)
    with crowned.kingdom() as kingdom:
        command(kingdom, "Rollback", 1, slot=SLOT)
        command(kingdom, "Rollback", 2, slot=SLOT)
    assert reigning(crowned) == (model, reign + 2)


def test_the_same_command_acts_once(crowned: Stage) -> None:
    with crowned.kingdom() as kingdom:
        command(kingdom, "Rollback", 1, slot=SLOT)
        command(kingdom, "Rollback", 1, slot=SLOT)
    assert len(crowned.events("promotion", 0, "ChampionRolledBack")) == 1
    assert len(crowned.events("promotion", 0, "CommandRefused")) == 1


def test_a_rollback_is_not_blocked_by_a_freeze(crowned: Stage) -> None:
    with crowned.kingdom() as kingdom:
        command(kingdom, "Freeze", 1, scope="desk")
        command(kingdom, "Rollback", 2, slot=SLOT)
    assert reigning(crowned)[0] == "v1.0.0-bootstrap"

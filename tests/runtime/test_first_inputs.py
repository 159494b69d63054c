"""What every start begins with, as the service hears it."""

from collections.abc import Callable

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import first_inputs
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.first_inputs import Said
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.services import build_services

DESKS = (Desk("one", 0), Desk("two", 1))


def engine(name: str, index: int = 0) -> Engine:
    services = build_services(DESKS)
    made = Engine(next(s for s in services if (s.name, s.index) == (name, index)), MemoryLog())
    made.start("test")
    return made


def test_a_service_of_a_desk_hears_the_settings_of_its_desk() -> None:
    asked: list[tuple[str, Desk | None]] = []

    def policy_of(service: str, desk: Desk | None) -> dict[str, str]:
        asked.append((service, desk))
        return {"a": "1"}

    item = first_inputs.policy(engine("promotion", 1), Said(DESKS, policy_of), 5)
    assert item.lane == Lane("km.promotion.settings.v1", 1)
    assert (item.number, item.kind, item.time_ms) == (0, first_inputs.APPLY_POLICY, 5)
    first_inputs.policy(engine("registry"), Said(DESKS, policy_of), 5)
    assert asked == [("promotion", DESKS[1]), ("registry", None)]


def test_keys_are_handed_to_the_lane_of_the_desk() -> None:
    item = first_inputs.keys(engine("promotion", 1), Draft("keys", b"k"), 5)
    assert (item.lane, item.number) == (Lane("km.promotion.keys.v1", 1), 0)
    assert (item.kind, item.value, item.time_ms) == ("keys", b"k", 5)


def test_offers_are_numbered_on_after_those_of_earlier_starts() -> None:
    registry, offers = engine("registry"), [Draft("unknown", b""), Draft("unknown", b"")]
    for first in (0, 2):
        items = list(first_inputs.bootstrap(registry, offers, 5))
        assert [item.number for item in items] == [first, first + 1]
        for item in items:
            registry.offer(item)


def test_a_model_that_is_lost_is_told_to_the_service_that_serves_with_it() -> None:
    trader = engine("trader")
    object.__setattr__(trader.service, "models", lambda _state: ("there", "gone"))
    (lost,) = first_inputs.losses(trader, refusing("gone"), 5)
    assert (lost.lane, lost.kind) == (Lane("km.trader.facts.v1"), first_inputs.MODEL_LOST)
    assert b"gone" in lost.value


def test_a_store_that_does_not_answer_ends_the_start_and_takes_nobodys_crown() -> None:
    trader = engine("trader")
    object.__setattr__(trader.service, "models", lambda _state: ("there", "unreachable"))
    with pytest.raises(ModelRefusedError, match="unavailable"):
        list(first_inputs.losses(trader, refusing("unreachable", "unavailable"), 5))


def refusing(digest: str, reason: str = "digest_missing") -> Callable[[str], None]:
    def load(asked: str) -> None:
        if asked == digest:
            raise ModelRefusedError(reason, f"there is no artifact {asked}")

    return load

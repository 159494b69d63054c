"""Desks and slots have one spelling."""

import pytest

from kingmaker.contracts.desks import COMPONENTS, component_of, desk_of, slot_of


def test_a_slot_of_an_unknown_component_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="oracle is not one of the nine"):
        slot_of("oracle", "btc-1h")


def test_there_are_nine_components() -> None:
    assert len(set(COMPONENTS)) == 9


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_slot_tells_its_component_and_its_desk(component: str) -> None:
    slot = slot_of(component, "btc-1h")
    assert slot == f"{component}@btc-1h"
    assert (component_of(slot), desk_of(slot)) == (component, "btc-1h")

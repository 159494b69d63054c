"""What a search may try: all of it is understood by the learner, and nothing else is asked."""

import pytest

from kingmaker.learners import indicators
from kingmaker.learners.policy import Policy
from kingmaker.learners.search import space


@pytest.mark.parametrize("component", sorted(space.COMPONENTS))
def test_every_space_begins_with_what_is_in_force(component: str) -> None:
    told = Policy().parameters(component) | space.parameters(50)
    trials, axes = space.of(component, told)
    assert trials == 50
    usual = dict.fromkeys(axes, 0.0) | {indicators.LOOKBACK: 1.0} | told
    assert space.present(axes, told) == {name: usual[name] for name in axes}


def test_a_setting_that_lies_outside_is_begun_with_as_near_as_may_be() -> None:
    told = {"iterations": 400.0, "alpha": 0.005, "tail": 0.5, "blur": 5.0}
    present = space.present(space.SPACES["cvar_ppo"], told)
    assert {name: present[name] for name in told} == {
        "iterations": 100.0,
        "alpha": 0.02,
        "tail": 0.5,
        "blur": 1.5,
    }


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({space.TRIALS: 0.0}, "2 to 1000 trials"),
        ({space.TRIALS: 2.5}, "a whole number"),
        ({space.SPACE: 2.0}, "searches space 1"),
        ({"l2": None}, "was not told its present l2"),
    ],
)
def test_what_cannot_be_meant_is_named(told: dict[str, float | None], said: str) -> None:
    asked = {"l2": 1.0} | space.parameters(50) | told
    given = {name: value for name, value in asked.items() if value is not None}
    with pytest.raises(ValueError, match=said):
        space.of("online_learning", given)


def test_a_component_without_a_space_is_named() -> None:
    with pytest.raises(ValueError, match="regime_detector has nothing to search"):
        space.of("regime_detector", space.parameters(50))

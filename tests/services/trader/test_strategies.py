"""The arms: which bars they want, and in which direction."""

from dataclasses import replace

import pytest

from kingmaker.contracts.models import STRATEGIES
from kingmaker.trader import strategies
from kingmaker.trader.gauges import Gauges

CALM = Gauges(
    close=100.0,
    atr=1.0,
    z=0.0,
    channel=0,
    fast_move=0.0,
    slow_move=0.0,
    body=0.0,
    wick_up=0.0,
    wick_down=0.0,
)
ARMS = {arm.name: arm for arm in strategies.discover()}


def test_a_file_is_an_arm_and_arms_are_counted_as_models_count_them() -> None:
    assert tuple(ARMS) == STRATEGIES


def test_nobody_wants_a_calm_bar() -> None:
    assert strategies.wants_of(strategies.discover(), CALM) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "change", "direction"),
    [
        ("S2", {"z": 2.0}, -1),
        ("S2", {"z": -2.0}, 1),
        ("S2", {"z": 1.99}, 0),
        ("S3", {"channel": 1}, 1),
        ("S3", {"channel": -1}, -1),
        ("S6", {"slow_move": 1.0}, 1),
        ("S6", {"slow_move": -1.0}, -1),
        ("S6", {"slow_move": 0.99}, 0),
        ("S11", {"fast_move": 1.0, "body": -0.1, "wick_up": 0.3}, -1),
        ("S11", {"fast_move": -1.0, "body": 0.1, "wick_down": 0.3}, 1),
        ("S11", {"fast_move": 1.0, "body": 0.1, "wick_up": 0.3}, 0),
        ("S11", {"fast_move": 1.0, "body": -0.1, "wick_up": 0.29}, 0),
        ("S11", {"fast_move": -1.0, "body": 0.1, "wick_up": 0.3}, 0),
        ("S15", {"z": 5.0, "channel": 1, "slow_move": 5.0}, 0),
    ],
)
def test_an_arm_wants_what_its_rule_says(
    name: str, change: dict[str, float], direction: int
) -> None:
    assert ARMS[name].wants(replace(CALM, **change)) == direction  # type: ignore[arg-type] # by field


def test_every_arm_gives_its_numbers() -> None:
    assert ARMS["S2"].reason(replace(CALM, z=-2.345)) == "z20=-2.35"
    assert all(arm.reason(CALM) for arm in ARMS.values())

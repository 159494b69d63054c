"""A world is what its line in the specification says: moments, dependence, equal edges."""

import numpy as np
import pytest

from bench.gates.worlds import CHAMPION_MEAN, EDGES, FURTHER, NULLS, WORLDS, World, steps

PATHS = 200
BOTH_LEVEL = [*NULLS, *EDGES, *FURTHER]


def test_the_same_seed_draws_the_same_returns_and_another_chunk_others() -> None:
    first, again = (WORLDS["C3"].draw(5, pairs=60) for _ in range(2))
    other = WORLDS["C3"].draw(5, chunk=1, pairs=60)
    assert np.array_equal(first.champion, again.champion)
    assert not np.array_equal(first.champion, other.champion)


def test_no_two_worlds_share_a_code() -> None:
    assert len({world.code for world in WORLDS.values()}) == len(BOTH_LEVEL) == len(WORLDS)


@pytest.mark.parametrize("world", NULLS, ids=lambda world: world.name)
def test_a_world_without_an_edge_has_none(world: World) -> None:
    drawn = world.draw(PATHS)
    difference = drawn.challenger - drawn.champion
    mean, error = difference.mean(), difference.mean(axis=0).std() / np.sqrt(PATHS)
    # E1 and G buy more mean with risk; C5's average is nothing in units of volatility only.
    expected = {"E1": 0.05, "G": 0.15, "C5": -0.049}.get(world.name, 0.0)
    assert abs(mean - expected) < 4.0 * error


@pytest.mark.parametrize(
    ("name", "edge"), [("D1", 0.05), ("D2t", 0.10), ("D3", 0.20), ("S2", 0.10)]
)
def test_an_edge_is_as_large_as_it_says(name: str, edge: float) -> None:
    drawn = WORLDS[name].draw(PATHS)
    difference = (drawn.challenger - drawn.champion).mean(axis=0)
    assert abs(difference.mean() - edge) < 4.0 * difference.std() / np.sqrt(PATHS)


@pytest.mark.parametrize("name", ["A1", "C1", "C3", "C4"])
def test_noise_has_unit_variance_and_the_correlation_asked_for(name: str) -> None:
    drawn = WORLDS[name].draw(PATHS)
    assert drawn.champion.std() == pytest.approx(1.0, abs=0.1)
    correlation = np.corrcoef(drawn.champion.ravel(), drawn.challenger.ravel())[0, 1]
    assert correlation == pytest.approx(0.6, abs=0.06)


@pytest.mark.parametrize(("name", "echo"), [("C1", 0.0), ("C2", 0.2), ("C3", 0.4), ("C4", 0.8)])
def test_differences_echo_as_declared(name: str, echo: float) -> None:
    drawn = WORLDS[name].draw(PATHS)
    signs = np.sign(drawn.challenger - drawn.champion)  # of signs: volatility does not count
    expected = 2.0 / np.pi * np.arcsin(echo)
    assert (signs[1:] * signs[:-1]).mean() == pytest.approx(expected, abs=0.04)


def test_a_hidden_crash_leaves_the_means_equal_and_is_seen_seldom() -> None:
    drawn = WORLDS["E2"].draw(PATHS)
    crashes = (drawn.challenger < -6.0).mean()
    assert crashes == pytest.approx(0.01, abs=0.001)


def test_seven_of_ten_pairs_are_left_alone() -> None:
    drawn = WORLDS["X3"].draw(PATHS)
    assert (drawn.champion == 0.0).mean() == pytest.approx(0.7, abs=0.01)


def test_steps_are_one_value_a_pair() -> None:
    assert steps((2, 0.1), (1, -0.2))[:, 0].tolist() == [0.1, 0.1, -0.2]
    assert CHAMPION_MEAN == 0.05

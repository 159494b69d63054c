"""The worlds in which a challenger is tried: noise, and how much better it is at each pair.

Unit is the standard deviation of the champion's returns, `CHAMPION_MEAN` its Sharpe ratio a pair.
What each is for: docs/decisions/0016; `further` worlds are ours. A world's code is part of its
seed and never changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from bench.gates import noise
from bench.gates.noise import Draw, Floats, Noise

SEED = 20_250
CHUNK = 2_500  # paths that are drawn together
PAIRS = 2_000
CHAMPION_MEAN = 0.05


@dataclass(frozen=True, slots=True)
class Returns:
    """Net returns of both sides, each (pairs, paths)."""

    champion: Floats
    challenger: Floats


type Make = Callable[[Generator, int, int], Returns]


@dataclass(frozen=True, slots=True)
class World:
    """A world by name; `make` draws pairs x paths."""

    name: str
    code: int
    says: str
    make: Make

    def draw(self, paths: int, chunk: int = 0, pairs: int = PAIRS, seed: int = SEED) -> Returns:
        """Return the same returns for the same arguments, on any machine with this numpy."""
        rng = Generator(PCG64(SeedSequence([seed, self.code, chunk])))
        return self.make(rng, pairs, paths)


def with_edge(draw: Draw, edge: float | Floats = 0.0, mean: float | Floats = CHAMPION_MEAN) -> Make:
    """Return a world whose challenger is better by `edge`, a number or one a pair (pairs, 1)."""

    def make(rng: Generator, pairs: int, paths: int) -> Returns:
        made = draw(rng, pairs, paths)
        return _returns(made, mean, edge)

    return make


def _returns(made: Noise, mean: float | Floats, edge: float | Floats) -> Returns:
    return Returns(
        made.volatility * (mean + made.champion),
        made.volatility * (mean + edge + made.challenger),
    )


def _better_when_calm(rng: Generator, pairs: int, paths: int) -> Returns:
    made = noise.garch(rng, pairs, paths)
    assert made.crisis is not None
    return _returns(made, CHAMPION_MEAN, np.where(made.crisis, -0.30, 0.10))


def _levered(draw: Draw, mean: float, challenger_mean: float, leverage: float) -> Make:
    def make(rng: Generator, pairs: int, paths: int) -> Returns:
        made = draw(rng, pairs, paths)
        challenger = challenger_mean + leverage * made.challenger
        return Returns(mean + made.champion, challenger)

    return make


def _crashing(gain: float, crash: float, chance: float) -> Make:
    """Equal means: a small gain at every pair pays for a seldom crash."""

    def make(rng: Generator, pairs: int, paths: int) -> Returns:
        made = noise.normal(rng, pairs, paths)
        crashes = rng.random((pairs, paths)) < chance
        challenger = CHAMPION_MEAN + gain + made.challenger - crash * crashes
        return Returns(CHAMPION_MEAN + made.champion, challenger)

    return make


def _seldom_different(edge: float) -> Make:
    """Return a world in which the sides differ on a fifth of the trades only."""

    def make(rng: Generator, pairs: int, paths: int) -> Returns:
        champion = CHAMPION_MEAN + rng.standard_normal((pairs, paths))
        other = CHAMPION_MEAN + 5.0 * edge + rng.standard_normal((pairs, paths))
        differs = rng.random((pairs, paths)) < 0.2  # noqa: PLR2004 - a fifth
        return Returns(champion, np.where(differs, other, champion))

    return make


def _mostly_out(rng: Generator, pairs: int, paths: int) -> Returns:
    """Both sides stay out of 70 % of the pairs, each at its own choice."""
    made = noise.student(rng, pairs, paths, degrees=4.0)
    takes = rng.random((2, pairs, paths)) < 0.3  # noqa: PLR2004 - what is left of 70 %
    champion = np.where(takes[0], CHAMPION_MEAN + made.champion, 0.0)
    return Returns(champion, np.where(takes[1], CHAMPION_MEAN + made.challenger, 0.0))


def steps(*parts: tuple[int, float]) -> Floats:
    """Return an edge that is constant in parts: so many pairs at so much, as (pairs, 1)."""
    return np.repeat([value for _, value in parts], [count for count, _ in parts])[:, None]


_STUDENT, _GARCH = noise.student, noise.garch
_EDGES = {"D1": 0.05, "D2": 0.10, "D3": 0.20}

NULLS = (
    World("A0", 1, "normal, uncorrelated", with_edge(lambda *a: noise.normal(*a, rho=0.0))),
    World("A1", 2, "normal, correlation .6", with_edge(noise.normal)),
    World("B", 3, "t(3)", with_edge(_STUDENT)),
    World("C1", 4, "GARCH volatility, crises", with_edge(_GARCH)),
    World("C2", 5, "C1, AR(1) .2", with_edge(noise.echoing)),
    World("C3", 6, "C1, AR(1) .4", with_edge(noise.echoing_more)),
    World("C4", 7, "five-fold overlapping trades", with_edge(noise.overlapping)),
    World("C5", 8, "C1, better when calm, worse in crises", _better_when_calm),
    World("E1", 9, "t(3), higher mean, lower Sharpe", _levered(_STUDENT, 0.05, 0.10, 2.5)),
    World("E2", 10, "hidden crash of 12 in 1 of 100", _crashing(0.12, 12.0, 0.01)),
    World("E3", 11, "hidden crash of 30 in 1 of 200", _crashing(0.15, 30.0, 0.005)),
    World("G", 12, "leverage only", _levered(noise.normal, 0.15, 0.30, 2.0)),
    World("H", 13, "high Sharpe, normal against t(3)", with_edge(noise.one_heavy, mean=0.30)),
    World("S0", 14, "differ on a fifth of the trades", _seldom_different(0.0)),
)
EDGES = (
    *(
        World(name, 20 + i, f"normal, edge {edge}", with_edge(noise.normal, edge))
        for i, (name, edge) in enumerate(_EDGES.items())
    ),
    *(
        World(f"{name}t", 30 + i, f"t(3), edge {edge}", with_edge(_STUDENT, edge))
        for i, (name, edge) in enumerate(_EDGES.items())
    ),
    *(
        World(f"{name}g", 40 + i, f"C1, edge {edge}", with_edge(_GARCH, edge))
        for i, (name, edge) in enumerate(_EDGES.items())
    ),
    World("S2", 50, "differ on a fifth, edge .10", _seldom_different(0.10)),
)
FURTHER = (
    World("X1", 60, "t(2.5)", with_edge(lambda *a: noise.student(*a, degrees=2.5))),
    World("X2", 61, "correlation flips .9/-.3", with_edge(noise.switching)),
    World("X3", 62, "70 % of pairs are zeros", _mostly_out),
    World("X4", 63, "volatility by the hour", with_edge(noise.seasonal)),
    World("X5", 64, "skewed: many small gains", with_edge(noise.skewed)),
    World("X6", 65, "C3, both without drift", with_edge(noise.echoing_more, mean=0.0)),
)
WORLDS: Mapping[str, World] = {world.name: world for world in (*NULLS, *EDGES, *FURTHER)}

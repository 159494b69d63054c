"""What moves the returns of two models beside their edge: shared and own noise, of unit variance.

Arrays have the shape (pairs, paths), so that one pair of all paths lies together. Rho is the
correlation of the two sides. What each is for: docs/decisions/0016; below them some of our own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import pi, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]

RHO = 0.6
CRISIS_SCALE = 2.0
CRISIS_COMES, CRISIS_ENDS, CRISIS_AT_FIRST = 0.01, 0.03, 0.25
GARCH_BASE, GARCH_NEWS, GARCH_KEEPS = 0.02, 0.10, 0.88
GARCH_DEGREES = 5.0
OVERLAP = 5  # trades open at once
DAY = 24  # pairs of a day, for volatility that has an hour


@dataclass(frozen=True, slots=True)
class Noise:
    """Both sides' noise; `volatility` scales a whole return, `crisis` tells when it is high."""

    champion: Floats
    challenger: Floats
    volatility: Floats | float = 1.0
    crisis: Flags | None = None


type Draw = Callable[[Generator, int, int], Noise]


def normal(rng: Generator, pairs: int, paths: int, *, rho: float = RHO) -> Noise:
    """Draw bivariate normals."""
    shared, own = rng.standard_normal((2, pairs, paths))
    return Noise(shared, rho * shared + sqrt(1.0 - rho * rho) * own)


def student(rng: Generator, pairs: int, paths: int, *, degrees: float = 3.0) -> Noise:
    """Draw bivariate Student t: normals divided by the root of one chi square, of unit variance."""
    both = normal(rng, pairs, paths)
    heavy = np.sqrt((degrees - 2.0) / rng.chisquare(degrees, (pairs, paths)))
    return Noise(both.champion * heavy, both.challenger * heavy)


def one_heavy(rng: Generator, pairs: int, paths: int) -> Noise:
    """Draw the champion normal, the challenger t(3)."""
    both = normal(rng, pairs, paths)
    return Noise(both.champion, both.challenger / np.sqrt(rng.chisquare(3.0, (pairs, paths))))


def garch(rng: Generator, pairs: int, paths: int, *, echo: float = 0.0) -> Noise:
    """Draw a market with GARCH volatility and crises; what is own may echo its past: AR(1)."""
    market = _unit_student(rng, pairs, paths)
    own = [_echoing(_unit_student(rng, pairs, paths), echo) for _ in range(2)]
    crisis = _crises(rng, pairs, paths)
    volatility = np.sqrt(_garch_variance(market) / 1.75) * np.where(crisis, CRISIS_SCALE, 1.0)
    shared = sqrt(RHO) * market
    champion, challenger = (shared + sqrt(1.0 - RHO) * side for side in own)
    return Noise(champion, challenger, volatility, crisis)


def overlapping(rng: Generator, pairs: int, paths: int) -> Noise:
    """Draw trades that stay open while the next four begin: what is own is a moving sum."""
    shared = sqrt(RHO) * rng.standard_normal((pairs, paths))
    sides = []
    for _ in range(2):
        steps = rng.standard_normal((pairs + OVERLAP - 1, paths))
        moving = np.add.reduce([steps[lag : lag + pairs] for lag in range(OVERLAP)]) / sqrt(OVERLAP)
        sides.append(shared + sqrt(1.0 - RHO) * moving)
    return Noise(*sides)


def switching(rng: Generator, pairs: int, paths: int) -> Noise:
    """Ours: let the correlation of the sides flip between .9 and -.3 with the crises."""
    shared, own = rng.standard_normal((2, pairs, paths))
    crisis = _crises(rng, pairs, paths)
    rho = np.where(crisis, -0.3, 0.9)
    return Noise(shared, rho * shared + np.sqrt(1.0 - rho * rho) * own, 1.0, crisis)


def seasonal(rng: Generator, pairs: int, paths: int) -> Noise:
    """Ours: let volatility have an hour of the day, five times as high at noon as at night."""
    both = student(rng, pairs, paths, degrees=5.0)
    hours = (np.arange(pairs)[:, None] + rng.integers(0, DAY, paths)) % DAY
    volatility = 0.6 - 0.4 * np.cos(2.0 * pi * hours / DAY)
    return Noise(both.champion, both.challenger, volatility)


def skewed(rng: Generator, pairs: int, paths: int) -> Noise:
    """Ours: let the challenger win little and often, and seldom lose much (lognormal losses)."""
    both = normal(rng, pairs, paths)
    mean, deviation = np.exp(0.5), sqrt((np.e - 1.0) * np.e)
    return Noise(both.champion, (mean - np.exp(both.challenger)) / deviation)


echoing = partial(garch, echo=0.2)
echoing_more = partial(garch, echo=0.4)


def _unit_student(rng: Generator, pairs: int, paths: int) -> Floats:
    scale = sqrt(GARCH_DEGREES / (GARCH_DEGREES - 2.0))
    return rng.standard_t(GARCH_DEGREES, (pairs, paths)) / scale


def _echoing(noise: Floats, echo: float) -> Floats:
    """Return an AR(1) of unit variance driven by `noise`."""
    if echo == 0.0:
        return noise
    news = sqrt(1.0 - echo * echo)
    for now in range(1, len(noise)):
        noise[now] = echo * noise[now - 1] + news * noise[now]
    return noise


def _garch_variance(market: Floats) -> Floats:
    variance = np.ones_like(market)
    for now in range(1, len(market)):
        before = variance[now - 1]
        variance[now] = (
            GARCH_BASE + GARCH_NEWS * before * market[now - 1] ** 2 + GARCH_KEEPS * before
        )
    return variance


def _crises(rng: Generator, pairs: int, paths: int) -> Flags:
    chances = rng.random((pairs, paths))
    crisis = np.empty((pairs, paths), bool)
    crisis[0] = chances[0] < CRISIS_AT_FIRST
    for now in range(1, pairs):
        before = crisis[now - 1]
        crisis[now] = np.where(before, chances[now] >= CRISIS_ENDS, chances[now] < CRISIS_COMES)
    return crisis

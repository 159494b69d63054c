"""A Gaussian hidden Markov model, fitted by Baum-Welch from several starts, in numpy alone.

Baum-Welch is expectation maximisation (Rabiner 1989, sections III and V); a likelihood has many
local peaks, so the best of several starts goes on. The recursions run over blocks of rows side by
side: what a block does to any state before it is a small matrix, so a pass over T rows is about
sqrt(T) steps of numpy and exact, not T steps.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import isqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Tell = Callable[[int, float], None]

STEPS_SEARCH, STEPS_MAX = 25, 200  # of a start, and of the best of them
SEARCH_ROWS = 8_000  # the newest: enough to tell a good start from a bad one
SETTLED = 1e-6  # gain in log-likelihood a row below which a fit is over
SPREAD_MIN = 1e-3  # variance added to every state: a row seen twice is no state
MOVES_MIN = 1.0  # moves of every kind taken as seen: no move is impossible
STAY = 0.95  # chance to stay, at a start
CENTRE_STEPS = 5


def _unheard(_step: int, _reached: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Chain:
    """K states that emit Gaussian rows of D numbers."""

    first: Floats  # [K] chance to begin in a state
    moves: Floats  # [K, K] chance to go from a state (row) to a state (column)
    means: Floats  # [K, D]
    covariances: Floats  # [K, D, D]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a fit needs to know of the rows: sums over them, by state."""

    first: Floats  # [K] beginnings
    moves: Floats  # [K, K]
    rows: Floats  # [K] rows spent there
    values: Floats  # [K, D] sum of the rows
    squares: Floats  # [K, D, D] sum of their outer products

    def __add__(self, more: Self) -> Self:
        """Return both together."""
        pairs = ((getattr(self, one.name), getattr(more, one.name)) for one in fields(self))
        return type(self)(*[mine + theirs for mine, theirs in pairs])


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What a chain says of T rows."""

    log_likelihood: float
    filtered: Floats  # [T, K] of the state, by the rows so far
    smoothed: Floats  # [T, K] by all rows: looks ahead, for learning only
    moves: Floats  # [K, K] expected moves within the sequences


def fit(  # noqa: PLR0913 - the last three say how
    rows: Floats,
    begins: Flags,
    states: int,
    *,
    seed: int,
    starts: int,
    tell: Tell = _unheard,
) -> Chain:
    """Return the chain of the highest likelihood that `starts` climbs found, calm states first.

    rows [T, D], standardised, the first column says how wild the state is; begins [T] marks the
    first row of every sequence. The first start is the rows cut by that column, the others are
    random centres. `tell` hears each step of the last climb, at most STEPS_MAX, and the
    log-likelihood a row before it.
    """
    newest = slice(max(0, len(rows) - SEARCH_ROWS), None)
    part, part_begins = rows[newest], begins[newest].copy()
    part_begins[0] = True
    random = np.random.default_rng(seed)
    guesses = [_cut(part, states)]
    guesses += [_centres(part, states, random) for _ in range(starts - 1)]
    climbs = [
        _climb(_start(part, guess, states), part, part_begins, STEPS_SEARCH) for guess in guesses
    ]
    best = max(climbs, key=lambda climb: climb.log_likelihood)
    return _ordered(_climb(best.chain, rows, begins, STEPS_MAX, tell).chain)


def look(chain: Chain, rows: Floats, begins: Flags) -> Beliefs:
    """Return what the chain believes of each row, and the log-likelihood of all (natural log)."""
    count = len(rows)
    densities = log_densities(chain, rows)
    highest = densities.max(axis=1)
    blocks = _Blocks.of(chain, np.exp(densities - highest[:, None]), begins)
    scales, filtered, smoothed, moves = blocks.passes()
    return Beliefs(
        float(np.log(scales).sum() + highest.sum()),
        _in_time(filtered)[:count],
        _in_time(smoothed)[:count],
        moves,
    )


def sums_of(beliefs: Beliefs, rows: Floats, begins: Flags) -> Sums:
    """Return the sums over the rows, each counted in the states it may belong to."""
    weights = beliefs.smoothed
    squares = np.stack([(rows * weight[:, None]).T @ rows for weight in weights.T])
    first = weights[begins].sum(axis=0)
    return Sums(first, beliefs.moves, weights.sum(axis=0), weights.T @ rows, squares)


def best_for(sums: Sums) -> Chain:
    """Return the chain that explains the sums best, given the little that is taken as seen."""
    first = sums.first + MOVES_MIN
    moves = sums.moves + MOVES_MIN
    count = (sums.rows + SPREAD_MIN)[:, None]
    means = sums.values / count
    spread = sums.squares / count[:, :, None] - means[:, :, None] * means[:, None, :]
    even = (spread + spread.transpose(0, 2, 1)) / 2.0
    return Chain(
        first / first.sum(),
        moves / moves.sum(axis=1, keepdims=True),
        means,
        even + SPREAD_MIN * np.eye(means.shape[1]),
    )


def whitening(chain: Chain) -> tuple[Floats, Floats, Floats]:
    """Return what makes densities of rows: matrices [K, D, D], offsets [K, D], constants [K].

    log p(row | k) = constants[k] - |row @ matrices[k] - offsets[k]|^2 / 2.
    """
    width = chain.means.shape[1]
    matrices = np.linalg.inv(np.linalg.cholesky(chain.covariances)).transpose(0, 2, 1)
    offsets = np.einsum("kd,kde->ke", chain.means, matrices)
    volume = np.log(np.diagonal(matrices, axis1=1, axis2=2)).sum(axis=1)
    return matrices, offsets, volume - 0.5 * width * np.log(2.0 * np.pi)


def log_densities(chain: Chain, rows: Floats) -> Floats:
    """Return log p(row | state), [T, K]."""
    matrices, offsets, constants = whitening(chain)
    away = [
        ((rows @ matrix - offset) ** 2).sum(axis=1)
        for matrix, offset in zip(matrices, offsets, strict=True)
    ]
    densities: Floats = constants - 0.5 * np.stack(away, axis=1)
    return densities


@dataclass(frozen=True, slots=True)
class _Climb:
    chain: Chain
    log_likelihood: float


def _climb(chain: Chain, rows: Floats, begins: Flags, steps: int, tell: Tell = _unheard) -> _Climb:
    """Take steps of Baum-Welch while each gains something."""
    reached = -np.inf
    for step in range(1, steps + 1):
        beliefs = look(chain, rows, begins)
        tell(step, beliefs.log_likelihood / len(rows))
        if not beliefs.log_likelihood - reached > SETTLED * len(rows):
            break
        reached = beliefs.log_likelihood
        chain = best_for(sums_of(beliefs, rows, begins))
    return _Climb(chain, reached)


def _start(rows: Floats, labels: NDArray[np.int64], states: int) -> Chain:
    """Return the chain of rows that are in these states, each as lasting as the others."""
    certain = np.eye(states)[labels]
    none = np.zeros(len(rows), np.bool_)
    beliefs = Beliefs(0.0, certain, certain, np.zeros((states, states)))
    leave = (1.0 - STAY) / (states - 1)
    moves = np.full((states, states), leave) + (STAY - leave) * np.eye(states)
    return replace(best_for(sums_of(beliefs, rows, none)), moves=moves)


def _cut(rows: Floats, states: int) -> NDArray[np.int64]:
    """Return labels by the first column: as many rows in each state."""
    order = rows[:, 0].argsort(kind="stable").argsort(kind="stable")
    return order * states // len(rows)


def _centres(rows: Floats, states: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return labels by the nearest of random centres (k-means++, Arthur and Vassilvitskii 2007)."""
    centres = rows[random.integers(len(rows))][None, :]
    while len(centres) < states:
        away = _away(rows, centres).min(axis=1) + SPREAD_MIN
        drawn = random.choice(len(rows), p=away / away.sum())
        centres = np.vstack([centres, rows[drawn]])
    for _ in range(CENTRE_STEPS):
        labels = _away(rows, centres).argmin(axis=1)
        held = np.eye(states)[labels]
        count = held.sum(axis=0)[:, None]
        centres = np.where(count > 0, held.T @ rows / np.maximum(count, 1.0), centres)
    return labels


def _away(rows: Floats, centres: Floats) -> Floats:
    """Return squared distances [T, K]."""
    return np.stack([((rows - centre) ** 2).sum(axis=1) for centre in centres], axis=1)


def _ordered(chain: Chain) -> Chain:
    """Return the same chain, its states in order of their means in the first column."""
    order = chain.means[:, 0].argsort(kind="stable")
    return Chain(
        chain.first[order],
        chain.moves[np.ix_(order, order)],
        chain.means[order],
        chain.covariances[order],
    )


@dataclass(frozen=True, slots=True)
class _Blocks:
    """One chain over rows in N blocks of L: arrays [L, K, N], so that a step is one over blocks."""

    chain: Chain
    chances: Floats  # [L, K, N] p(row | state) up to a factor a row
    begins: Flags  # [L, N]

    @classmethod
    def of(cls, chain: Chain, chances: Floats, begins: Flags) -> Self:
        """Cut rows into blocks; what is added at the end begins anew and says nothing."""
        count, states = chances.shape
        length = isqrt(count)
        blocks = -(-count // length)
        full, starts = np.ones((blocks * length, states)), np.ones(blocks * length, np.bool_)
        full[:count], starts[1:count] = chances, begins[1:]
        in_steps = full.reshape(blocks, length, states).transpose(1, 2, 0)
        return cls(chain, np.ascontiguousarray(in_steps), starts.reshape(blocks, length).T.copy())

    def passes(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Go forward and back over all rows.

        Returns each row's likelihood given those before [L, N], up to the factors of `chances`;
        filtered and smoothed chances of the states [L, K, N]; expected moves [K, K].
        """
        whole = self._whole()
        scales, filtered = self._forward(self._before(whole))
        smoothed, moves = self._backward(self._after(whole, filtered[-1]), scales, filtered)
        return scales, filtered, smoothed, moves

    def _forward(self, before: Floats) -> tuple[Floats, Floats]:
        scales, filtered = np.empty(self.begins.shape), np.empty_like(self.chances)
        for step, chances in enumerate(self.chances):
            joint = self._ahead(before, step) * chances
            scales[step] = joint.sum(axis=0)
            before = filtered[step] = joint / scales[step]
        return scales, filtered

    def _backward(self, after: Floats, scales: Floats, filtered: Floats) -> tuple[Floats, Floats]:
        states = len(self.chain.first)
        smoothed, moves = np.empty_like(filtered), np.zeros((states, states))
        for step in range(len(filtered) - 1, -1, -1):
            smoothed[step] = filtered[step] * after
            seen = self.chances[step] * after / scales[step]
            before = filtered[step - 1] if step else np.roll(filtered[-1], 1, axis=1)
            moves += (before * ~self.begins[step]) @ seen.T
            anew = self.chain.first @ seen
            after = np.where(self.begins[step], anew, self.chain.moves @ seen)
        return smoothed, moves * self.chain.moves

    def _whole(self) -> Floats:
        """Return what each block does to a state before it, [K, K, N], up to a factor a block."""
        states, blocks = self.chances.shape[1:]
        whole = np.repeat(np.eye(states)[:, :, None], blocks, axis=2)
        for step, chances in enumerate(self.chances):
            whole = self._ahead(whole, step) * chances
            whole = whole / whole.sum(axis=(0, 1))
        return whole

    def _before(self, whole: Floats) -> Floats:
        """Return the filtered chances before each block [K, N]."""
        before = np.empty(whole.shape[1:])
        now = self.chain.first
        for block in range(before.shape[1]):
            before[:, block] = now
            now = now @ whole[:, :, block]
            now = now / now.sum()
        return before

    def _after(self, whole: Floats, ends: Floats) -> Floats:
        """Return what the rows after each block say of its last state [K, N], on `ends` 1."""
        after = np.empty_like(ends)
        now = np.ones(len(ends))
        for block in range(ends.shape[1] - 1, -1, -1):
            after[:, block] = now = now / (now @ ends[:, block])
            now = whole[:, :, block] @ now
        return after

    def _ahead(self, before: Floats, step: int) -> Floats:
        """Return chances a row later, before it is seen; `before` [..., K, N]."""
        anew = self.chain.first[:, None] * before.sum(axis=-2, keepdims=True)
        return np.where(self.begins[step], anew, self.chain.moves.T @ before)


def _in_time(blocks: Floats) -> Floats:
    """Return [L, K, N] as rows in order of time."""
    return blocks.transpose(2, 0, 1).reshape(-1, blocks.shape[1])

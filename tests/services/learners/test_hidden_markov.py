"""The hidden Markov model: exact recursions, and a planted chain found again."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kingmaker.learners import hidden_markov
from kingmaker.learners.hidden_markov import Chain, Flags, Floats

type States = NDArray[np.int64]

COUNT = 20_000
STATES, WIDTH = 3, 4


def planted(seed: int, count: int = COUNT) -> tuple[Chain, Floats, Flags]:
    """Return a chain whose states overlap, and rows that it emitted."""
    chain, _, rows, begins = emitted(seed, count)
    return chain, rows, begins


def emitted(seed: int, count: int) -> tuple[Chain, States, Floats, Flags]:
    """Return a chain, its hidden states and its rows."""
    random = np.random.default_rng(seed)
    moves = np.full((STATES, STATES), 0.01) + 0.97 * np.eye(STATES)
    means = random.normal(0.0, 0.5, (STATES, WIDTH))
    means[:, 0] = (-1.2, 0.0, 1.5)
    lower = np.tril(random.normal(0.0, 0.3, (STATES, WIDTH, WIDTH)), -1)
    lower += random.uniform(0.5, 1.2, (STATES, WIDTH, 1)) * np.eye(WIDTH)
    states = np.zeros(count, np.int64)
    drawn = random.random(count)
    for row in range(1, count):
        states[row] = np.searchsorted(moves[states[row - 1]].cumsum(), drawn[row])
    noise = random.standard_normal((count, WIDTH))
    rows = means[states] + np.einsum("tde,te->td", lower[states], noise)
    chain = Chain(np.full(STATES, 1 / 3), moves, means, lower @ lower.transpose(0, 2, 1))
    return chain, states, rows, np.arange(count) == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_chain_is_as_likely_as_the_truth_and_filters_as_well(seed: int) -> None:
    truth, states, rows, begins = emitted(seed, COUNT)
    found = hidden_markov.fit(rows, begins, STATES, seed=1, starts=4)
    true, ours = (hidden_markov.look(chain, rows, begins) for chain in (truth, found))
    assert ours.log_likelihood > true.log_likelihood - 0.001 * abs(true.log_likelihood)
    filtered = (ours.filtered.argmax(axis=1) == states).mean()
    smoothed = (ours.smoothed.argmax(axis=1) == states).mean()
    assert filtered >= 0.95 * smoothed
    assert filtered > 0.95


def test_blocks_say_what_one_row_after_the_other_says() -> None:
    chain, rows, begins = planted(5, 1001)
    begins[[1, 300, 301, 999]] = True
    beliefs = hidden_markov.look(chain, rows, begins)
    total, filtered, smoothed, moves = one_by_one(chain, rows, begins)
    assert beliefs.log_likelihood == pytest.approx(total, rel=1e-12)
    assert np.allclose(beliefs.filtered, filtered, atol=1e-12)
    assert np.allclose(beliefs.smoothed, smoothed, atol=1e-12)
    assert np.allclose(beliefs.moves, moves, atol=1e-9)


def test_a_step_never_makes_the_rows_less_likely() -> None:
    truth, rows, begins = planted(6, 4000)
    chain = Chain(truth.first, truth.moves[::-1], truth.means + 0.5, 2.0 * truth.covariances)
    reached = []
    for _ in range(12):
        beliefs = hidden_markov.look(chain, rows, begins)
        reached.append(beliefs.log_likelihood)
        chain = hidden_markov.best_for(hidden_markov.sums_of(beliefs, rows, begins))
    assert (np.diff(reached) > -1e-3 * len(rows)).all()  # the little taken as seen costs as little
    assert reached[-1] > reached[0]


def test_states_come_in_order_of_the_first_column() -> None:
    _, rows, begins = planted(7, 3000)
    for seed in range(3):
        found = hidden_markov.fit(rows, begins, STATES, seed=seed, starts=2)
        assert (np.diff(found.means[:, 0]) > 0).all()


def test_the_same_rows_and_seed_give_the_same_bits() -> None:
    _, rows, begins = planted(8, 3000)
    one, other = (hidden_markov.fit(rows, begins, STATES, seed=3, starts=3) for _ in range(2))
    assert one.covariances.tobytes() == other.covariances.tobytes()
    assert one.moves.tobytes() == other.moves.tobytes()


def test_rows_that_are_all_alike_or_far_away_break_nothing() -> None:
    chain, rows, begins = planted(9, 500)
    same = np.zeros((500, WIDTH))
    found = hidden_markov.fit(same, begins, STATES, seed=1, starts=2)
    assert np.isfinite(hidden_markov.look(found, same, begins).smoothed).all()
    rows[250] = 1e3
    far = hidden_markov.look(chain, rows, begins)
    assert np.isfinite(far.log_likelihood)
    assert np.allclose(far.smoothed.sum(axis=1), 1.0)


def one_by_one(chain: Chain, rows: Floats, begins: Flags) -> tuple[float, Floats, Floats, Floats]:
    """Return likelihood, filter, smoother and moves by the textbook, in logarithms."""
    densities = hidden_markov.log_densities(chain, rows)
    first, moves = np.log(chain.first), np.log(chain.moves)
    ahead, behind = np.empty_like(densities), np.zeros_like(densities)
    scales = np.empty(len(rows))
    for row, density in enumerate(densities):
        before = np.logaddexp.reduce(ahead[row - 1][:, None] + moves, axis=0)
        joint = (first if begins[row] or row == 0 else before) + density
        scales[row] = np.logaddexp.reduce(joint)
        ahead[row] = joint - scales[row]
    pairs = np.zeros((STATES, STATES))
    for row in range(len(rows) - 1, 0, -1):
        if begins[row]:
            continue
        seen = densities[row] + behind[row] - scales[row]
        behind[row - 1] = np.logaddexp.reduce(moves + seen, axis=1)
        pairs += np.exp(ahead[row - 1][:, None] + moves + seen)
    return float(scales.sum()), np.exp(ahead), np.exp(ahead + behind), pairs

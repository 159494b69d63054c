"""S15 in a small market whose best policy is known, by value iteration over its 18 states.

The market goes in cycles of six bars. With the first comes a signal, which a third each time is up,
down or nothing, and five bars follow it; volume tells the signal as long as another bar is to
come. So the state is place and signal. The policy sees features of bars; who is compared with it
sees the state itself, and what each action brings from there on average.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners import s15_rl_policy as s15
from kingmaker.learners.policy import Policy
from kingmaker.market import features
from tests.services.learners.trades import HOUR_MS, Bar, Given
from tests.services.learners.worlds import decisions

COUNT, CYCLE, EVERY = 3000, 6, 5
MOVE, NOISE, LOUD = 0.006, 0.003, 4.0
STATES = CYCLE * 3
FIRST, LAST = features.BARS, COUNT - 20  # bars from which every trade ends
DISCOUNT = 0.9
PARAMETERS = {
    "holdout_share": 0.25,
    "steps": 1000,
    "discount": DISCOUNT,
    "holding": CYCLE - 1,
    "bars_max": 20_000,
    "blur": 0.3,
}
LEARNER = s15.build(PARAMETERS)
assert isinstance(LEARNER, s15.S15RlPolicy)


def market(seed: int) -> tuple[list[Bar], np.ndarray]:
    """Return bars, and the number of the state at the close of each."""
    random = np.random.default_rng(seed)
    price, signal, bars, states = 100.0, 0, [], []
    for number in range(COUNT):
        place = number % CYCLE
        signal = int(random.integers(-1, 2)) if place == 0 else signal
        drift = signal * MOVE if place else 0.0
        path = price * np.exp(np.cumsum(drift / 4 + NOISE / 2 * random.standard_normal(4)))
        high, low = max(price, *path), min(price, *path)
        volume = LOUD ** (signal * (place < CYCLE - 1)) * np.exp(0.1 * random.standard_normal())
        opened, price = price, float(path[-1])
        open_ms = number * HOUR_MS
        bars.append(Bar("BTC", open_ms, price, HOUR_MS, opened, high, low, float(volume)))
        states.append(3 * place + signal + 1)
    return bars, np.array(states)


@dataclass(frozen=True)
class Outcomes:
    """What each action brings at each bar [N, 3], in risks, and the bar after it."""

    rows: Floats
    rewards: Floats
    after: np.ndarray

    @classmethod
    def of(cls, bars: Sequence[Bar]) -> "Outcomes":
        """Simulate both directions at every bar, as the trader simulates trades."""
        assert isinstance(LEARNER, s15.S15RlPolicy)
        [own] = by_symbol(bars)
        terms, whole = (
            s15._terms(Experience.of(decisions(bars, EVERY, held=CYCLE), (own,))),
            s15._bars(own),
        )
        rows = own.features(np.arange(LAST))
        rewards, after = np.zeros((LAST, 3)), np.zeros((LAST, 3), int)
        for place in range(FIRST, LAST):
            after[place, 0], scale = place + 1, float(rows[place, s15.ATR_PERCENT]) / 100.0
            for action in (1, 2):
                direction = s15.DIRECTIONS[action]
                done = LEARNER._trade(own, whole, place, direction, scale, terms)
                assert done is not None, "a trade is over before the bars end"
                rewards[place, action] = done[0] / (s15.STOP_ATR * scale)
                after[place, action] = max(done[1], place + 1)
        return cls(rows, rewards, after)

    def earned(self, actions: np.ndarray) -> float:
        """Return risks earned a bar by who acts so, one trade at a time."""
        place, total = FIRST, 0.0
        while place < LAST:
            action = actions[place]
            total += self.rewards[place, action]
            place = int(self.after[place, action])
        return total / (LAST - FIRST)

    def best(self, states: np.ndarray) -> np.ndarray:
        """Return the best action at each bar for who knows the state, by value iteration."""
        worth, values = np.zeros((STATES, 3)), np.zeros(STATES)
        here, places = states[FIRST:LAST], np.arange(FIRST, LAST)
        for _ in range(100):
            for action in range(3):
                after = self.after[FIRST:, action]
                later = DISCOUNT ** (after - places) * values[states[after]]
                found = self.rewards[FIRST:, action] + later
                worth[:, action] = np.bincount(here, found, STATES) / np.bincount(
                    here, minlength=STATES
                )
            values = worth.max(axis=1)
        best: np.ndarray = worth.argmax(axis=1)[states]
        return best


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_candidate_earns_nearly_what_who_knows_the_state_earns(seed: int) -> None:
    """Tolerance: four fifths of the optimum, on 3,000 other bars; either direction loses."""
    bars, _ = market(seed)
    made = training.train(
        s15.COMPONENT,
        Given(decisions(bars, EVERY, held=CYCLE), bars),
        7,
        PARAMETERS,
        lambda _: None,
    )
    other, states = market(100 + seed)
    outcomes = Outcomes.of(other)
    rows = np.nan_to_num(outcomes.rows).astype(np.float32)
    actions = training.open_session(made.model)({"features": rows})["action"].astype(int)
    known = outcomes.earned(outcomes.best(states))
    assert not admission.why_not(s15.COMPONENT, made.metrics, Policy())
    assert outcomes.earned(actions) >= 0.8 * known
    assert max(outcomes.earned(np.full(LAST, action)) for action in (1, 2)) < 0.1 * known

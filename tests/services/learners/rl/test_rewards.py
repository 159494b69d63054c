"""What a trade pays while a policy learns."""

import numpy as np
import pytest

from kingmaker.learners.rl import rewards


def test_a_loss_counts_twice_to_the_averse_and_large_trades_less_to_the_damped() -> None:
    returns = np.array([-1.0, 4.0, 0.0])
    assert rewards.named_by({}) is rewards.plain
    assert rewards.named_by({"reward": 1.0})(returns).tolist() == [-2.0, 4.0, 0.0]
    damped = rewards.damped(returns)
    assert damped[1] / -damped[0] == pytest.approx(2.0)


def test_a_reward_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="reward=3: there are 0 to 2"):
        rewards.named_by({"reward": 3.0})

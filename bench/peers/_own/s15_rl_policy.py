"""Stable-baselines3: DQN on the same recorded bars, where every action's outcome is known."""

from typing import Any

import gymnasium
import numpy as np
import stable_baselines3
import torch

from kingmaker.learners.contract import Arrays, Decide, Floats
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners import s15_rl_policy
from kingmaker.learners.policy import Policy
from kingmaker.learners.rl import dqn
from kingmaker.learners.rl.network import Scale

NAME = "stable-baselines3's DQN"
STEPS = 20_000
LENGTH = 200  # actions an episode


class Recorded(gymnasium.Env[Any, Any]):  # type: ignore[misc] # the peer ships no types here
    """The bars, one action after another: a trade occupies until it ends."""

    def __init__(self, states: Floats, lived: s15_rl_policy.Lived) -> None:
        """Take the bars, standardised, and what each action made of each."""
        self._states = states.astype(np.float32)
        self._rewards, self._following = lived.rewards, lived.following
        width, actions = self._states.shape[1], self._rewards.shape[1]
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (width,), np.float32)
        self.action_space = gymnasium.spaces.Discrete(actions)
        self._place = self._done = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Begin at any bar."""
        super().reset(seed=seed, options=options)
        self._place, self._done = int(self.np_random.integers(len(self._states))), 0
        return self._states[self._place], {}

    def step(self, action: Any) -> tuple[Floats, float, bool, bool, dict[str, Any]]:  # noqa: ANN401 - the peer's
        """Pay the action; go on where it ended."""
        paid = float(self._rewards[self._place, action])
        self._place, self._done = int(self._following[self._place, action]), self._done + 1
        return self._states[self._place], paid, False, self._done >= LENGTH, {}


def make(learned: Experience, holdout: Experience) -> Decide:
    """Learn what each action is worth; answer the best one a decision."""
    del holdout
    torch.set_num_threads(1)
    learner = s15_rl_policy.build(Policy().parameters(s15_rl_policy.COMPONENT))
    assert isinstance(learner, s15_rl_policy.S15RlPolicy), "no teacher is named in its settings"
    lived = learner.lived(learned)
    scale = Scale.of(lived.states)
    model = stable_baselines3.DQN(
        "MlpPolicy",
        Recorded(scale.apply(lived.states), lived),
        gamma=learner.discount,
        learning_starts=1_000,
        policy_kwargs={"net_arch": list(dqn.HIDDEN)},
        seed=0,
        device="cpu",
    )
    model.learn(STEPS)

    def decide(inputs: Arrays) -> Arrays:
        asked = scale.apply(inputs["features"].astype(np.float64)).astype(np.float32)
        return {"action": model.predict(asked, deterministic=True)[0]}

    return decide

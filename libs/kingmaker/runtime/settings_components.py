"""The names of components that settings may give: all, those that learn on, those searched."""

from typing import Literal

Component = Literal[
    "cvar_ppo",
    "model_ensemble",
    "neural_ucb",
    "online_learning",
    "pattern_recognition",
    "pm_optimizer",
    "regime_detector",
    "s15_rl_policy",
    "slippage_latency",
]

Revised = Literal[  # components with an update rule
    "model_ensemble", "neural_ucb", "online_learning", "pattern_recognition"
]

Searched = Literal[  # components with a space to search
    "cvar_ppo",
    "model_ensemble",
    "neural_ucb",
    "online_learning",
    "pattern_recognition",
    "pm_optimizer",
    "s15_rl_policy",
    "slippage_latency",
]

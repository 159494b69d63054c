"""The settings of the learners: `learning.<field>`, and `learning.min_trades@<desk>` for one desk.

Every figure was fixed before the first product run. The admission figures and the prior of the win
probability come from a prototype on the bundled bars (docs/decisions/0005); the bandit's prior
and exploration are first guesses, never tuned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self

from kingmaker.contracts import schedule
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.settings_texts import (
    MINUTES_OF_DAY,
    Read,
    minute_of_day,
    names_of,
    one_of,
    real,
    time_of_day,
    whole,
)
from kingmaker.learners.distillation.parameters import Distillation
from kingmaker.learners.heads_policy import HeadPolicy
from kingmaker.learners.history_policy import HistoryPolicy
from kingmaker.learners.search import space
from kingmaker.revisions.rules import revised_components

PREFIX = "learning."
MINUTE_MS = 60_000
KEEP = ("all", "winners")  # patterns of all trades, or of those that won: biased, as of old
# field -> key: what users of earlier systems have in their files
ROTATION = {
    "rotation_enabled": "operations.model_rotation.enabled",
    "rotation_days": "operations.model_rotation.retrain_frequency_days",
    "rotation_sharpe": "operations.model_rotation.min_sharpe_ratio",
    "rotation_profit_factor": "operations.model_rotation.min_profit_factor",
    "rotation_drawdown": "operations.model_rotation.max_drawdown_threshold",
    "rotation_trades": "operations.model_rotation.min_trades",
    "rotation_outperform": "operations.model_rotation.require_outperformance",
}
ELSEWHERE = ROTATION | {"ahead_minutes_max": "governance.max_ahead_minutes"}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the learners go by; `nightly` is written HH:MM, UTC."""

    components: tuple[str, ...] = ("neural_ucb", "online_learning")  # that are trained
    revisions: tuple[str, ...] = ()  # components whose models can learn on, trade by trade
    nightly: int = 60  # minutes after midnight
    min_trades: int = 1000  # closed trades before anything is learned: 56 inputs want as many
    min_new_trades: int = 200  # since the last training of the slot
    training_minutes: int = 30  # market time until the product is there
    attempts_max: int = 3
    holdout_share: float = 0.25  # of the closed trades, the latest ones
    admission_gain_se: float = 1.0  # standard errors by which the hold-out loss must be beaten
    admission_min_acts: int = 20  # as many trades as the trial asks for
    online_learning_l2: float = 100.0  # prior: a standardised weight has a deviation of 0.1
    neural_ucb_l2: float = 30.0
    neural_ucb_exploration: float = 0.1
    model_ensemble_l2: float = 100.0  # trades that a slope must outweigh to be believed by half
    pm_optimizer_draws: int = 200  # of the decision buckets
    pm_optimizer_quantile: float = 0.1  # of the gain over the draws that counts
    slippage_latency_rounds: int = 100  # trees a quantile, at most
    slippage_latency_leaves: int = 6
    slippage_latency_leaf_rows: int = 50  # five of them above the upper quantile
    slippage_latency_step: float = 0.1
    regime_detector_starts: int = 4  # climbs, of which the best goes on
    pattern_recognition_keep: int = 0  # place in KEEP
    cvar_ppo_iterations: int = 100  # of 8,192 steps each
    cvar_ppo_alpha: float = 0.05  # share of the episodes that are called the worst
    cvar_ppo_tail: float = 0.5  # share of the loss at full size always that these may lose
    cvar_ppo_blur: float = 0.5  # deviations of noise on every row
    s15_rl_policy_steps: int = 3000
    s15_rl_policy_discount: float = 0.9  # a bar
    s15_rl_policy_holding: int = 12  # bars at most
    s15_rl_policy_bars_max: int = 20_000  # a symbol, the latest
    s15_rl_policy_blur: float = 0.5
    experiences: int = 1000  # new ones that start a training of what learns by reinforcement
    experiences_min: int = 64  # fewer teach nothing; enough after so many hours:
    experience_hours: int = 6
    quiet_hours: int = 6  # between two trainings of a slot, whatever asks for them
    age_days: int = 90
    expectancy_trades: int = 50
    expectancy_errors: float = 3.0  # standard errors
    rotation_enabled: bool = False  # the scheduled retrain: operations.model_rotation
    rotation_days: int = 30
    rotation_sharpe: float = 1.0
    rotation_profit_factor: float = 1.2
    rotation_drawdown: float = 0.20
    rotation_trades: int = 50
    rotation_outperform: bool = True
    ahead_minutes_max: float = 0.0  # that a command may be issued ahead; 0: not compared
    tuning: tuple[str, ...] = ()  # components whose parameters are searched for, once a week
    tuning_day: str = "SAT"
    tuning_time: str = "05:00"  # UTC
    tuning_trials: int = 50
    tuning_minutes: int = 360  # market time until the product is there
    desk_min_trades: dict[str, int] = field(default_factory=dict)  # in place of min_trades
    heads: HeadPolicy = field(default_factory=HeadPolicy)
    history: HistoryPolicy = field(default_factory=HistoryPolicy)
    distillation: Distillation = field(default_factory=Distillation)

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys of the learners; raise ValueError naming key, value and range."""
        keys = {one.name: ELSEWHERE.get(one.name, PREFIX + one.name) for one in fields(cls)}
        given = {
            name: READERS[name](key, values[key]) for name, key in keys.items() if key in values
        }
        of_desk = PREFIX + "min_trades@"
        own = {
            key.removeprefix(of_desk): READERS["min_trades"](key, values[key])
            for key in sorted(values)
            if key.startswith(of_desk)
        }
        heads, history = HeadPolicy.from_values(values), HistoryPolicy.from_values(values)
        distillation = Distillation.from_values(values)
        parts = {"heads": heads, "history": history, "distillation": distillation}
        return cls(**given, desk_min_trades=own, **parts)  # type: ignore[arg-type] # each reader fits its field

    @property
    def ahead_ms_max(self) -> int:
        """How far ahead of the recorded time a command may be issued; 0: not compared."""
        return int(self.ahead_minutes_max * MINUTE_MS)

    def why_not_trained(self, component: str) -> str:
        """Return why no product of a component may become a candidate here; "" if it may."""
        if component in self.components:
            return ""
        named = ", ".join(self.components) or "none"
        return f"{component} does not train here: learning.components names {named}; add it there"

    def trades_needed(self, desk: str) -> int:
        """Return how many closed trades a desk needs before anything is learned there."""
        return self.desk_min_trades.get(desk, self.min_trades)

    @property
    def tuning_cron(self) -> str:
        """When parameters are searched for, as a schedule."""
        return schedule.at(self.tuning_time, self.tuning_day)

    def parameters(self, component: str) -> dict[str, float]:
        """Return what a component's training must know: it is recorded beside its product."""
        prefix = f"{component}_"
        own = {
            one.name.removeprefix(prefix): float(getattr(self, one.name))
            for one in fields(self)
            if one.name.startswith(prefix)
        }
        revisable = {"revisions": 1.0} if component in self.revisions else {}
        return {"holdout_share": self.holdout_share} | own | revisable


def _components(key: str, text: str) -> tuple[str, ...]:
    return names_of(key, text, COMPONENTS)


def _searched(key: str, text: str) -> tuple[str, ...]:
    return names_of(key, text, sorted(space.COMPONENTS))


def _place(*words: str) -> Read[int]:
    def read(key: str, text: str) -> int:
        return words.index(one_of(*words)(key, text))

    return read


# Whole numbers are read as such: what is recorded is what was set.
READERS: dict[str, Read[float | str | tuple[str, ...]]] = {
    "components": _components,
    "revisions": revised_components,
    "nightly": minute_of_day,
    "min_trades": whole(100, 1_000_000),
    "min_new_trades": whole(1, 1_000_000),
    "training_minutes": whole(1, MINUTES_OF_DAY),
    "attempts_max": whole(1, 10),
    "holdout_share": real(0.05, 0.5),
    "admission_gain_se": real(0.0, 10.0),
    "admission_min_acts": whole(1, 1_000_000),
    "online_learning_l2": real(1e-3, 1e6),
    "neural_ucb_l2": real(1e-3, 1e6),
    "neural_ucb_exploration": real(0.0, 10.0),
    "model_ensemble_l2": real(1e-3, 1e6),
    "pm_optimizer_draws": whole(20, 10_000),
    "pm_optimizer_quantile": real(0.001, 0.5),
    "slippage_latency_rounds": whole(1, 2_000),
    "slippage_latency_leaves": whole(2, 64),
    "slippage_latency_leaf_rows": whole(5, 10_000),
    "slippage_latency_step": real(0.001, 1.0),
    "regime_detector_starts": whole(1, 32),
    "pattern_recognition_keep": _place(*KEEP),
    "cvar_ppo_iterations": whole(10, 10_000),
    "cvar_ppo_alpha": real(0.005, 0.5),
    "cvar_ppo_tail": real(0.0, 1.0),
    "cvar_ppo_blur": real(0.0, 5.0),
    "s15_rl_policy_steps": whole(200, 1_000_000),
    "s15_rl_policy_discount": real(0.0, 0.999),
    "s15_rl_policy_holding": whole(1, 96),
    "s15_rl_policy_bars_max": whole(600, 1_000_000),
    "s15_rl_policy_blur": real(0.0, 5.0),
    "experiences": whole(1, 1_000_000),
    "experiences_min": whole(1, 1_000_000),
    "experience_hours": whole(1, 10_000),
    "quiet_hours": whole(0, 10_000),
    "age_days": whole(1, 10_000),
    "expectancy_trades": whole(2, 10_000),
    "expectancy_errors": real(0.0, 100.0),
    "tuning": _searched,
    "tuning_day": one_of(*schedule.DAYS),
    "tuning_time": time_of_day,
    "tuning_trials": whole(space.TRIALS_MIN, space.TRIALS_MAX),
    "tuning_minutes": whole(1, 10_000),
    "rotation_enabled": whole(0, 1),
    "rotation_days": whole(1, 10_000),
    "rotation_sharpe": real(-100.0, 100.0),
    "rotation_profit_factor": real(0.0, 100.0),
    "rotation_drawdown": real(0.0, 1.0),
    "rotation_trades": whole(1, 1_000_000),
    "rotation_outperform": whole(0, 1),
    "ahead_minutes_max": real(0.0, MINUTES_OF_DAY),
}

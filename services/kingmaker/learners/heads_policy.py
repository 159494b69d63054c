"""What head weights go by: `learning.*` and `weekly.*`, as requirements C2, C5 and C6 name them.

Off by default: then no outcome is judged, and each head weighs one ninth for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from kingmaker.contracts import schedule
from kingmaker.contracts.settings_texts import Read, flag, one_of, real, time_of_day, whole
from kingmaker.learners.weights import DIVIDE, PROJECT, Rule

PURGED, IN_SAMPLE = "purged", "in_sample"
DAILY, WEEKLY = "daily_learning", "weekly_retraining"


@dataclass(frozen=True, slots=True)
class HeadPolicy:
    """Rates are of one outcome; `max_weight_change` is relative; times of day are HH:MM, UTC."""

    head_weights: bool = False
    learning_rate: float = 0.05
    daily_learning_rate: float = 0.03
    min_outcomes_for_update: int = 10  # the first of them that moves a weight; classic 1
    max_weight_change: float = 0.20
    normalise: str = PROJECT  # divide: the classic rule, which leaves the bounds
    count_expired: bool = False
    ema_alpha: float = 0.05  # of hit rates; of weights only with the next
    ema_on_weights: bool = False  # smooths twice
    daily_time: str = "00:00"
    weekly_day: str = "SUN"
    weekly_time: str = "02:00"
    weekly_lookback_days: int = 28  # to which the window of a week may grow; classic 7
    weekly_validation: str = PURGED  # in_sample: judged on what it was fitted to

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys; raise ValueError naming key, value and range."""
        given = {
            field: read(key, values[key]) for field, (key, read) in READERS.items() if key in values
        }
        return cls(**given)  # type: ignore[arg-type] # each reader fits its field

    @property
    def rule(self) -> Rule:
        """How weights follow an outcome."""
        smoothing = self.ema_alpha if self.ema_on_weights else 1.0
        return Rule(self.max_weight_change, self.normalise, smoothing)

    @property
    def schedules(self) -> Mapping[str, str]:
        """When each job runs: cron of five fields, by schedule."""
        return {
            DAILY: schedule.at(self.daily_time),
            WEEKLY: schedule.at(self.weekly_time, self.weekly_day),
        }


# field -> its key, and how it is read
READERS: Mapping[str, tuple[str, Read[bool | float | str]]] = {
    "head_weights": ("learning.head_weights", flag),
    "learning_rate": ("learning.learning_rate", real(1e-4, 1.0)),
    "daily_learning_rate": ("learning.daily_learning_rate", real(1e-4, 1.0)),
    "min_outcomes_for_update": ("learning.min_outcomes_for_update", whole(1, 1_000_000)),
    "max_weight_change": ("learning.max_weight_change", real(0.0, 1.0)),
    "normalise": ("learning.normalise", one_of(PROJECT, DIVIDE)),
    "count_expired": ("learning.count_expired", flag),
    "ema_alpha": ("learning.ema_alpha", real(1e-3, 1.0)),
    "ema_on_weights": ("learning.ema_on_weights", flag),
    "daily_time": ("learning.daily_time", time_of_day),
    "weekly_day": ("learning.weekly_day", one_of(*schedule.DAYS)),
    "weekly_time": ("learning.weekly_time", time_of_day),
    "weekly_lookback_days": ("weekly.max_lookback_days", whole(7, 28)),
    "weekly_validation": ("weekly.validation", one_of(PURGED, IN_SAMPLE)),
}

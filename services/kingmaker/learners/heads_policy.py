"""What head weights go by: `learning.*` and `weekly.*`, as requirements C2, C5 and C6 name them.

Off by default: then no outcome is judged, and each head weighs one ninth for ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

from kingmaker.contracts import schedule
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
    confluence_min: float = 0.70  # which signals other weights would have accepted

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


def _flag(key: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError(f"{key}={text!r}: give 0 or 1")
    return text == "1"


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def read(key: str, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"{key}={text!r}: give a whole number from {low} to {high}")
        return int(text)

    return read


def _real(low: float, high: float) -> Callable[[str, str], float]:
    def read(key: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or not low <= number <= high:
            raise ValueError(f"{key}={text!r}: give a number from {low:g} to {high:g}")
        return number

    return read


def _one_of(*names: str) -> Callable[[str, str], str]:
    def read(key: str, text: str) -> str:
        if text not in names:
            raise ValueError(f"{key}={text!r}: give one of {', '.join(names)}")
        return text

    return read


def _time_of_day(key: str, text: str) -> str:
    try:
        schedule.parse(schedule.at(text))
    except ValueError:
        text_is_one = False
    else:
        text_is_one = ":" in text
    if not text_is_one:
        raise ValueError(f"{key}={text!r}: give a time of day, UTC, as HH:MM")
    return text


type Read = Callable[[str, str], bool | float | str]

# field -> its key, and how it is read
READERS: Mapping[str, tuple[str, Read]] = {
    "head_weights": ("learning.head_weights", _flag),
    "learning_rate": ("learning.learning_rate", _real(1e-4, 1.0)),
    "daily_learning_rate": ("learning.daily_learning_rate", _real(1e-4, 1.0)),
    "min_outcomes_for_update": ("learning.min_outcomes_for_update", _whole(1, 1_000_000)),
    "max_weight_change": ("learning.max_weight_change", _real(0.0, 1.0)),
    "normalise": ("learning.normalise", _one_of(PROJECT, DIVIDE)),
    "count_expired": ("learning.count_expired", _flag),
    "ema_alpha": ("learning.ema_alpha", _real(1e-3, 1.0)),
    "ema_on_weights": ("learning.ema_on_weights", _flag),
    "daily_time": ("learning.daily_time", _time_of_day),
    "weekly_day": ("learning.weekly_day", _one_of(*schedule.DAYS)),
    "weekly_time": ("learning.weekly_time", _time_of_day),
    "weekly_lookback_days": ("weekly.max_lookback_days", _whole(7, 28)),
    "weekly_validation": ("weekly.validation", _one_of(PURGED, IN_SAMPLE)),
    "confluence_min": ("signals.confluence_min", _real(0.0, 1.0)),
}

"""The settings of the learners; every figure was fixed before the first product run.

The admission figures and the prior strengths come from a prototype on the bundled bars:
`docs/decisions/` says what was tried and what it cannot show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Self

PREFIX = "learning."
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Policy:
    """Keys are `learning.<field>`; `nightly` is written HH:MM, UTC."""

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

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys of the learners; raise ValueError naming key, value and range."""
        known = {field.name: READERS[field.name] for field in fields(cls)}
        given = {
            name: read(PREFIX + name, values[PREFIX + name])
            for name, read in known.items()
            if PREFIX + name in values
        }
        return cls(**given)  # type: ignore[arg-type] # each reader returns its field's type


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


def _minute(key: str, text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and len(minutes) == len("00")):
        raise ValueError(f"{key}={text!r}: give a time of day, UTC, as HH:MM")
    minute = int(hours) * 60 + int(minutes)
    if int(minutes) >= 60 or minute >= MINUTES_OF_DAY:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"{key}={text!r}: give a time of day from 00:00 to 23:59")
    return minute


READERS: dict[str, Callable[[str, str], float]] = {
    "nightly": _minute,
    "min_trades": _whole(100, 1_000_000),
    "min_new_trades": _whole(1, 1_000_000),
    "training_minutes": _whole(1, MINUTES_OF_DAY),
    "attempts_max": _whole(1, 10),
    "holdout_share": _real(0.05, 0.5),
    "admission_gain_se": _real(0.0, 10.0),
    "admission_min_acts": _whole(1, 1_000_000),
    "online_learning_l2": _real(1e-3, 1e6),
    "neural_ucb_l2": _real(1e-3, 1e6),
    "neural_ucb_exploration": _real(0.0, 10.0),
}

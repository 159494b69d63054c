"""What head weights go by: `learning.*`, as requirement C2 names them.

Off by default: then no outcome is judged, and each head weighs one ninth for ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Self

from kingmaker.learners.weights import DIVIDE, PROJECT, Rule

PREFIX = "learning."


@dataclass(frozen=True, slots=True)
class HeadPolicy:
    """Rates are of one outcome; `max_weight_change` is relative."""

    head_weights: bool = False
    learning_rate: float = 0.05
    min_outcomes_for_update: int = 10  # the first of them that moves a weight; classic 1
    max_weight_change: float = 0.20
    normalise: str = PROJECT  # divide: the classic rule, which leaves the bounds
    count_expired: bool = False
    ema_alpha: float = 0.05  # of hit rates; of weights only with the next
    ema_on_weights: bool = False  # smooths twice

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys; raise ValueError naming key, value and range."""
        given = {
            one.name: READERS[one.name](PREFIX + one.name, values[PREFIX + one.name])
            for one in fields(cls)
            if PREFIX + one.name in values
        }
        return cls(**given)  # type: ignore[arg-type] # each reader fits its field

    @property
    def rule(self) -> Rule:
        """How weights follow an outcome."""
        smoothing = self.ema_alpha if self.ema_on_weights else 1.0
        return Rule(self.max_weight_change, self.normalise, smoothing)


def _flag(key: str, text: str) -> bool:
    if text not in ("0", "1"):
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


READERS: dict[str, Callable[[str, str], bool | float | str]] = {
    "head_weights": _flag,
    "learning_rate": _real(1e-4, 1.0),
    "min_outcomes_for_update": _whole(1, 1_000_000),
    "max_weight_change": _real(0.0, 1.0),
    "normalise": _one_of(PROJECT, DIVIDE),
    "count_expired": _flag,
    "ema_alpha": _real(1e-3, 1.0),
    "ema_on_weights": _flag,
}

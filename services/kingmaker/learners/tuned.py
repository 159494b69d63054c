"""What the learners remember of a search for parameters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuned:
    """The last search of a slot: when it began, and on how many trades."""

    time_ms: int
    trades: int

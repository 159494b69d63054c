"""How long a model may take, and what lateness means."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest wait, in seconds; `strict` lets lateness stop the run instead of a fault."""

    seconds: float
    strict: bool


LIVE = Patience(2.0, strict=False)
SCHEDULED = Patience(10.0, strict=True)  # a busy machine must not change history

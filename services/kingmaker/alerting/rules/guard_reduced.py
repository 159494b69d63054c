"""The performance guard halves what the account takes, or does no longer."""

from kingmaker.alerting.domain import AlertFired, Cause, State
from kingmaker.alerting.guard import about
from kingmaker.alerting.rules import WARNING

TYPE = "guard_reduced"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell what the latest trades came to; resolved when the guard leaves this level."""
    return about(cause, TYPE, WARNING, "reduced")


RULE = fire

"""What is told of a step of the performance guard: the same alert, fired and resolved."""

from collections.abc import Mapping

from kingmaker.alerting.domain import RESOLVED, AlertFired, Cause
from kingmaker.alerting.heard import GuardChanged

WORDS: Mapping[str, str] = {
    "normal": "trades at full size",
    "reduced": "trades at half size",
    "paused": "opens nothing",
}


def about(cause: Cause, kind: str, severity: str, level: str) -> AlertFired | None:
    """Return the alert of a level where a step enters or leaves it."""
    if not isinstance(cause, GuardChanged) or level not in {cause.level, cause.before}:
        return None
    entered = cause.level == level
    left = "" if entered else f"is no longer {level}: "
    return AlertFired(
        key=f"{kind}:guard-{cause.number}@{cause.desk}",
        type=kind,
        severity=severity,
        slot=cause.desk,
        message=f"{cause.desk} {left}{WORDS[cause.level]}{_why(cause)}",
        n=cause.trades,
        cause=f"guard-{cause.number}@{cause.desk}",
        occurred_at_ms=cause.time_ms,
        state="" if entered else RESOLVED,
    )


def _why(step: GuardChanged) -> str:
    if step.cause == "settings":
        return ": the guard was turned off"
    return (
        f": of the last {step.trades} trades {step.win_rate:.0%} won, drawdown {step.drawdown:.1%},"
        f" {step.losses} losses in a row ({step.cause})"
    )

"""The crown went back to the champion before."""

from kingmaker.alerting import undo
from kingmaker.alerting.domain import AlertFired, Cause, ChampionRolledBack, State
from kingmaker.alerting.rules import CRITICAL, who

TYPE = "rollback_triggered"
WHO = {
    "person": "{actor} took it back ({reason})",
    "activation_failed": "the new champion could not be activated ({reason})",
    "champion_lost": "the champion no longer loads ({reason})",
    "champion_faults": "{reason}",
    "canary": "its canary took it back, {reason}",
    "hard_limit": "a hard limit took it back, {reason}",
}


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell what set it off, from whom to whom, and how to undo it."""
    if not isinstance(cause, ChampionRolledBack):
        return None
    seen = next((one for one in cause.findings if not one.passed), None)
    why = WHO.get(cause.trigger, f"{cause.trigger} ({{reason}})")
    return AlertFired(
        key=f"{TYPE}:{cause.slot}/{cause.reign}",
        type=TYPE,
        severity=CRITICAL,
        slot=cause.slot,
        version=cause.to_model,
        message=(
            f"{cause.to_model} reigns on {cause.slot} again instead of {cause.from_model}:"
            f" {why.format(actor=who(cause), reason=cause.reason)}"
            f"{f' - {cause.notice}' if cause.notice else ''}"
        ),
        value=seen.value if seen else 0.0,
        threshold=seen.threshold if seen else 0.0,
        n=cause.reign,
        cause=cause.promotion,
        occurred_at_ms=cause.time_ms,
        undo=undo.rollback(cause.slot),
    )


RULE = fire

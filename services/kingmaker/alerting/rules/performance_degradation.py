"""A champion, or a set of settings, is worse than the 15 % rule allows, or is again not.

It is a warning: luck breaches the rule at some moment, whoever is better. The canary decides.
"""

from kingmaker.alerting import undo
from kingmaker.alerting.domain import AlertFired, CanaryWarned, Cause, State
from kingmaker.alerting.rules import INFO, WARNING
from kingmaker.contracts.desks import PARAMETERS, component_of

TYPE = "performance_degradation"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell every metric that is breached, its value and its limit; or that it is resolved."""
    if not isinstance(cause, CanaryWarned):
        return None
    found = [one for one in cause.findings if one.gate in cause.breached]
    seen = [
        f"{one.gate.replace('_', ' ')} {one.value:.4g}, limit {one.threshold:.4g}" for one in found
    ]
    is_settings = component_of(cause.slot) == PARAMETERS
    whom = "The settings" if is_settings else "The champion"
    verb = "are" if is_settings else "is"
    pairs = f"after {cause.pairs} pairs"
    message = (
        f"{whom} of {cause.slot} {verb} worse than the 15 % rule allows {pairs}: {'; '.join(seen)}"
        if found
        else f"Resolved: {whom.lower()} of {cause.slot} {verb} within every limit again {pairs}"
    )
    return AlertFired(
        key=f"{TYPE}:{cause.slot}/{cause.reign}/{cause.pairs}",
        type=TYPE,
        severity=WARNING if found else INFO,
        slot=cause.slot,
        message=message,
        value=found[0].value if found else 0.0,
        threshold=found[0].threshold if found else 0.0,
        n=cause.pairs,
        cause=cause.canary,
        occurred_at_ms=cause.time_ms,
        undo=undo.rollback(cause.slot) if found else "",
    )


RULE = fire

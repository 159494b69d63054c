"""A challenger was crowned. The first champions of empty slots are no news."""

from kingmaker.alerting import undo
from kingmaker.alerting.domain import AlertFired, Cause, ChampionCrowned, State
from kingmaker.alerting.rules import WARNING, who
from kingmaker.kernel.arithmetic import ln

TYPE = "promotion_executed"
BOOTSTRAP, DIRECT = "bootstrap", "direct"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell who reigns instead of whom, on what evidence, and how to undo it."""
    if not isinstance(cause, ChampionCrowned) or cause.how == BOOTSTRAP:
        return None
    return AlertFired(
        key=f"{TYPE}:{cause.promotion}",
        type=TYPE,
        severity=WARNING,
        slot=cause.slot,
        version=cause.model,
        message=f"{cause.model} reigns on {cause.slot} instead of {cause.expected}: {_why(cause)}",
        value=cause.log_evidence,
        threshold=ln(1.0 / cause.alpha) if cause.alpha > 0.0 else 0.0,
        n=cause.pairs,
        cause=cause.promotion,
        occurred_at_ms=cause.time_ms,
        undo=undo.rollback(cause.slot),
    )


def _why(crowned: ChampionCrowned) -> str:
    if crowned.how == DIRECT:
        return f"{who(crowned)} said so, without evidence ({crowned.reason})"
    evidence = f"log evidence {crowned.log_evidence:.2f} after {crowned.pairs} pairs"
    return "; ".join(filter(None, (f"every gate passed, {evidence}", crowned.notice)))


RULE = fire

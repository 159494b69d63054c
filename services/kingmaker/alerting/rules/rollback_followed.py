"""The trader follows a rollback: how long the swap took, in time as it was recorded."""

from kingmaker.alerting.domain import AlertFired, Cause, ChampionActivated, State
from kingmaker.alerting.rules import INFO

TYPE = "rollback_followed"


def fire(state: State, cause: Cause) -> AlertFired | None:
    """Tell the milliseconds from the record of the rollback to that of its activation."""
    if not isinstance(cause, ChampionActivated):
        return None
    swap = state.swaps.get(cause.slot)
    if swap is None or swap.reign != cause.reign:
        return None
    swap_ms = cause.time_ms - swap.since_ms
    return AlertFired(
        key=f"{TYPE}:{cause.slot}/{cause.reign}",
        type=TYPE,
        severity=INFO,
        slot=cause.slot,
        version=cause.model,
        message=(
            f"{cause.model} decides on {cause.slot} again, {swap_ms} ms of market time after the"
            f" rollback was recorded"
        ),
        value=float(swap_ms),
        n=cause.reign,
        cause=f"{cause.slot}/{cause.reign}",
        occurred_at_ms=cause.time_ms,
    )


RULE = fire

"""The reigning model no longer loads: the desk enters nothing new."""

from kingmaker.alerting.domain import AlertFired, Cause, ChampionLost, State
from kingmaker.alerting.rules import CRITICAL

TYPE = "champion_lost"


def fire(state: State, cause: Cause) -> AlertFired | None:
    """Tell which bytes are missing and what to do."""
    if not isinstance(cause, ChampionLost):
        return None
    return AlertFired(
        key=f"{TYPE}:{cause.slot}/{cause.reign}",
        type=TYPE,
        severity=CRITICAL,
        slot=cause.slot,
        message=(
            f"The champion of {cause.slot} no longer loads ({cause.reason}): nothing new is"
            f" entered. Restore artifact {cause.digest} from a copy"
        ),
        n=cause.reign,
        cause=cause.digest,
        occurred_at_ms=state.latest_ms,
    )


RULE = fire

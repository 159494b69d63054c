"""The weekly search for parameters (`automl` in the list of schedules): when it is due."""

from collections.abc import Sequence

from kingmaker.contracts import schedule
from kingmaker.governance.orders import RefusedError
from kingmaker.learners.domain import State
from kingmaker.learners.looking_back import DUE, TriggerFired
from kingmaker.learners.people import StartTraining
from kingmaker.learners.search import space

SCHEDULE = "automl"


def on_tick(state: State, time_ms: int) -> Sequence[TriggerFired]:
    """Fire once a fire time; one that was missed is made up for once."""
    if not state.policy.tuning:
        return ()
    fire_ms = schedule.latest(state.policy.tuning_cron, time_ms)
    if fire_ms is None or fire_ms <= state.fired.get(SCHEDULE, -1):
        return ()
    return (TriggerFired(SCHEDULE, fire_ms, DUE, "", "", time_ms),)


def fired_since(state: State, slot: str) -> bool:
    """Tell whether the schedule fired after the last search of a slot began."""
    searched = state.tuned.get(slot)
    return state.fired.get(SCHEDULE, -1) > (searched.time_ms if searched else -1)


def require(command: StartTraining) -> None:
    """Refuse a search without trials, with too many, or trials without a search."""
    searches = command.origin == space.AUTOGEN
    if searches and not space.TRIALS_MIN <= command.trials <= space.TRIALS_MAX:
        raise RefusedError(
            f"a search makes {space.TRIALS_MIN} to {space.TRIALS_MAX} trials, not {command.trials}"
        )
    if command.trials and not searches:
        raise RefusedError(f"trials belong to a training of origin {space.AUTOGEN}")

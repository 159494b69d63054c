"""What risk says makes trainings due: the guard that left NORMAL, and drift."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from kingmaker.contracts.desks import desk_of
from kingmaker.kernel.frozen import replace
from kingmaker.learners.domain import CauseNoted, DriftDetected, FromRisk, GuardChanged, State
from kingmaker.learners.triggers import HOUR_MS, Numbers, drift, guard

NORMAL = "normal"
KEPT_MS = 7 * 24 * HOUR_MS  # what nobody could train for by then is history
NOTHING: Mapping[str, Numbers] = {}


def note(message: FromRisk) -> Sequence[CauseNoted]:
    """Keep what a training may have to answer."""
    match message:
        case GuardChanged(level=level, before=before):
            if before != NORMAL or level == NORMAL:
                return ()
            return (CauseNoted(message.desk, guard.NAME, message.time_ms, _of_guard(message)),)
        case DriftDetected():
            return (CauseNoted(message.desk, drift.NAME, message.time_ms, _of_drift(message)),)
        case _:
            assert_never(message)


def learn(state: State, noted: CauseNoted) -> State:
    """Remember the latest of each cause."""
    of_desk = {**state.noted.get(noted.desk, {}), noted.cause: noted}
    return replace(state, noted={**state.noted, noted.desk: of_desk})


def unanswered(state: State, slot: str, now_ms: int) -> Mapping[str, Numbers]:
    """Return what was said of late and since the slot's last training began, by cause."""
    of_desk = state.noted.get(desk_of(slot))
    if not of_desk:
        return NOTHING
    from_ms = max(now_ms - KEPT_MS, state.started_ms.get(slot, -1) + 1)
    return {cause: one.numbers for cause, one in of_desk.items() if one.time_ms >= from_ms}


def _of_guard(changed: GuardChanged) -> dict[str, float]:
    return {
        "change": float(changed.number),
        "trades": float(changed.trades),
        "win_rate": changed.win_rate,
        "drawdown": changed.drawdown,
        "losses": float(changed.losses),
    }


def _of_drift(detected: DriftDetected) -> dict[str, float]:
    """Return its numbers; `drift` is that of the event, which names symbol and feature."""
    return {
        "drift": float(detected.number),
        "score": detected.score,
        "threshold": detected.threshold,
        "window": float(detected.window),
    }

"""What a model learned since its export, as people read it. Pure."""

from collections.abc import Sequence
from typing import Any

from kingmaker.contracts.desks import component_of
from kingmaker.contracts.models import SCORES

TAUGHT = {"online_learning": "won", "pattern_recognition": "return"}  # else a reward in risks

type Event = Any  # a ModelRevised


def told(event: Event) -> tuple[str, str]:
    """Return what a revision is called, and the line that goes on from there."""
    component = component_of(event.slot)
    title, text = f"Updated {event.strategy}", ""
    if event.hour_ms:
        title, text = "Rebalanced", weights(event.row)
    else:
        text = f"{TAUGHT.get(component, 'reward')}={event.label:.3f}"
    text += f"; {component} revision {event.revision}"
    if component == "pattern_recognition":
        text += f", pattern {event.row[0]:.0f}"
    return title, text if event.branch == "champion" else f"{text} ({event.learner})"


def weights(row: Sequence[float]) -> str:
    """Return the weights of the ensemble's scores, without those that there are not."""
    named = zip(SCORES, row, strict=True)
    return ", ".join([f"{name} {weight:.3f}" for name, weight in named if weight])

"""Whether the product of a training becomes a candidate, by what its cause asks for."""

from collections.abc import Mapping

from kingmaker.contracts.desks import component_of
from kingmaker.learners import admission, rotation
from kingmaker.learners.domain import TrainingStarted
from kingmaker.learners.policy import Policy
from kingmaker.learners.triggers import scheduled


def why_not(started: TrainingStarted, metrics: Mapping[str, float], policy: Policy) -> str:
    """Return why not; "" for a candidate. A dry run is judged like any other, and never is one."""
    faults = [admission.why_not(component_of(started.slot), metrics, policy)]
    if started.cause == scheduled.NAME:
        faults.append(rotation.why_not(metrics, policy))
    found = "; ".join(filter(None, faults))
    if not started.dry_run:
        return found
    return f"dry run: {found or 'every criterion holds; it would be a candidate'}"

"""How the product of a training may come about, besides the training that every cause starts."""

from collections.abc import Mapping

from kingmaker.contracts.desks import component_of
from kingmaker.governance.orders import RefusedError, short
from kingmaker.learners.distillation.parameters import ORIGIN, STUDENT
from kingmaker.learners.policy import Policy
from kingmaker.learners.search import space

PLAIN = ""  # a product of this origin is registered as trained
COMPONENTS: Mapping[str, frozenset[str]] = {  # that have another, by origin
    space.AUTOGEN: space.COMPONENTS,
    ORIGIN: frozenset({STUDENT}),
}


def require(origin: str, slot: str) -> None:
    """Refuse what nobody knows how to make, and what a component has no way to."""
    if origin == PLAIN:
        return
    able = COMPONENTS.get(origin)
    if able is None:
        known = ", ".join(sorted(COMPONENTS)) or "none"
        raise RefusedError(f"{short(origin)!r} is no other way to train; there are: {known}")
    if component_of(slot) not in able:
        raise RefusedError(
            f"{component_of(slot)} cannot be {origin}: {', '.join(sorted(able))} can"
        )


def parameters(origin: str, policy: Policy) -> dict[str, float]:
    """Return what a training of this origin must know, beside what its component always must."""
    return policy.distillation.parameters() if origin == ORIGIN else {}

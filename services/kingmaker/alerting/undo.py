"""The commands that take things back, as a person types them."""

from kingmaker.contracts.desks import desk_of

REASON = '--reason "..."'


def rollback(slot: str) -> str:
    """Return the command that gives the crown of a slot back."""
    return f"kingmaker rollback {slot} {REASON}"


def thaw(scope: str) -> str:
    """Return the command that lets a scope crown again: a slot, or a desk by name."""
    return f"kingmaker thaw {scope} {REASON}"


def resume(desk: str) -> str:
    """Return the command that lets a desk trade again."""
    return f"kingmaker risk resume {desk} {REASON}"


def desk_of_id(identity: str) -> str:
    """Return the desk in an id such as `p-0001@desk`; "" if it names none."""
    return desk_of(identity)

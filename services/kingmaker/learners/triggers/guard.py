"""The performance guard of the desk left NORMAL: its champions trade worse than they may."""

from kingmaker.learners.triggers import Numbers, Seen, Trigger

NAME = "guard"


def due(seen: Seen) -> Numbers | None:
    """Answer a step of the guard once: a training that began since then has answered it."""
    return seen.noted.get(NAME)


TRIGGER = Trigger(NAME, 5, due, waits=False)

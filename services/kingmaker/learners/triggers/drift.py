"""The market no longer looks like what the last training saw."""

from kingmaker.learners.triggers import Numbers, Seen, Trigger

NAME = "drift"


def due(seen: Seen) -> Numbers | None:
    """Answer a drift once: a training that began since then has answered it.

    It concerns every component: all of them read features of the market, or regimes made of them.
    """
    return seen.noted.get(NAME)


TRIGGER = Trigger(NAME, 6, due, waits=False)

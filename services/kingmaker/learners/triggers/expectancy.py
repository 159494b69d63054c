"""The champion earns less a trade than it was admitted with, beyond what chance explains."""

from math import sqrt

from kingmaker.learners.triggers import ENOUGH_NEW, Numbers, Seen, Trigger


def due(seen: Seen) -> Numbers | None:
    """Compare its latest trades with the hold-out figure; both are net of costs, at full size.

    It waits for new trades like the age: a training again on the same ones would find the same.
    """
    count, expected = seen.policy.expectancy_trades, seen.expected
    if expected is None or len(seen.nets) < count or seen.new_trades < ENOUGH_NEW:
        return None
    nets = seen.nets[-count:]
    mean = sum(nets) / count
    error = sqrt(sum((net - mean) ** 2 for net in nets) / (count - 1) / count)
    bound = expected - seen.policy.expectancy_errors * error
    if mean >= bound:
        return None
    return {"mean": mean, "expected": expected, "error": error, "trades": count}


TRIGGER = Trigger("expectancy", 2, due)

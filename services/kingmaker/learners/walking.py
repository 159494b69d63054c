"""What a product of history must show in every step of its walk forward, not in the last alone."""

from collections.abc import Mapping

STEPS = 2  # each learns from all that came before it, and is judged on what comes next
LEAST, MEAN = "walk_forward_gain_least", "walk_forward_gain"  # over the steps


def why_not(metrics: Mapping[str, float]) -> str:
    """Return why a product that did well in the last step gets no trial; "" if it may."""
    if LEAST not in metrics:
        return f"not measured: {LEAST}"
    least = metrics[LEAST]
    return "" if least > 0 else f"gain {least:.3g} in one of {STEPS} steps, needs over 0 in each"

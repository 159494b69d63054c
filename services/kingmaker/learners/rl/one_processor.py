"""JAX on one processor: so the same data and seed give the same bits.

XLA counts the processors once, when its backend starts; with more than one thread the order of its
sums changes from call to call. A training's process is confined to one processor anyway; this
holds where the learners are called from a larger one.
"""

import os

import jax


def start() -> None:
    """Start JAX's backend with one thread, unless it runs already; call it before any array."""
    if not hasattr(os, "sched_setaffinity"):  # not on macOS
        jax.devices("cpu")
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        jax.devices("cpu")
    finally:
        os.sched_setaffinity(0, allowed)

"""Made-up experience: what comparisons of learners of trades are measured on."""

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import CONTEXT, SETUP
from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import ARMS, JUDGED, SCORES, Experience

HOUR_MS = 3_600_000


def experience(
    net: Floats,
    setup: Floats | None = None,
    contexts: Floats | None = None,
    arm: NDArray[np.int64] | None = None,
) -> Experience:
    """Return trades an hour apart, of one unit of risk each, of which these numbers are known."""
    count = len(net)
    decided_ms = np.arange(count, dtype=np.int64) * HOUR_MS
    whole, none = np.zeros(count, np.int64), np.zeros(count)
    return Experience(
        decided_ms=decided_ms,
        resolved_ms=decided_ms + HOUR_MS,
        bucket=np.arange(count, dtype=np.int64),
        setup=np.zeros((count, SETUP)) if setup is None else setup,
        contexts=np.zeros((count, ARMS, CONTEXT)) if contexts is None else contexts,
        arm=whole if arm is None else arm,
        net=net,
        risk=np.ones(count),
        symbol=whole - 1,
        direction=whole + 1,
        interval_ms=whole + HOUR_MS,
        target=none,
        fee=none,
        impact=none,
        tolerance=none,
        max_age_ms=whole,
        scores=np.zeros((count, SCORES)),
        judged=np.zeros((count, JUDGED)),
    )

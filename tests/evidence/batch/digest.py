"""Prints a digest of what the twins in numpy answer: python -m tests.evidence.batch.digest."""

import hashlib

import numpy as np

from kingmaker.evidence.batch import EDetector, TwoLedgers
from kingmaker.evidence.batch.stretch import weigh_stretch
from kingmaker.evidence.defaults import CANARY_PARAMETERS, PARAMETERS
from kingmaker.evidence.rules import Ledgers

STREAMS, PAIRS = 37, 600  # no multiple of what a processor does at once


def main() -> None:
    """Print SHA-256 over the bytes of evidence and statistics after every pair."""
    state = np.arange(STREAMS * PAIRS * 2, dtype=np.uint64)
    for _ in range(3):  # numbers of our own: no library's, no libm
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        state ^= state >> np.uint64(33)
    table = (state >> np.uint64(11)).astype(np.float64).reshape(PAIRS, 2, STREAMS) / 2**53 - 0.49
    ledgers, detectors = TwoLedgers(STREAMS, PARAMETERS), EDetector(STREAMS, CANARY_PARAMETERS)
    found = hashlib.sha256()
    for champion, challenger in table:
        ledgers.weigh(champion, challenger)
        detectors.watch(champion, challenger)
        found.update(ledgers.log_evidence.tobytes())
        found.update(ledgers.log_evidence_sharpe.tobytes())
        found.update(detectors.statistic.tobytes())
    one = weigh_stretch(Ledgers(), PARAMETERS, table[:, 0, 0].copy(), table[:, 1, 0].copy())
    found.update(one.log_evidence.tobytes())
    print(found.hexdigest())  # noqa: T201 - a program


if __name__ == "__main__":
    main()

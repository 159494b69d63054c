"""Prints digests of what the production shadow and promotion judge: python -m ...judged_bits.

The pairs are the golden vector of `tests/evidence/golden.py`: sums of integers, no libm.
Floats are digested as hex, so no digit is lost. `libm` is a digest of what the platform answers.
"""

import hashlib
import json
import math
import sys
from collections.abc import Iterable, Iterator

from kingmaker.shadow.domain import Side
from tests.evidence.golden import gaussians
from tests.scenarios.courtroom import Pair, Verdict, try_challenger
from tests.scenarios.reigning import reign_after

GOLDEN_PAIRS, TRIAL_PAIRS, SOUND_PAIRS, DECAY_PAIRS = 2_000, 600, 200, 400
EDGE = 0.006  # of the challenger that is crowned, over the golden vector's
# What counts returns; the other gates count people, positions and hours.
MEASURED = {
    *("evidence", "evidence_on_this_lineup", "enough_pairs", "min_taken"),
    *("win_rate", "drawdown", "sharpe_improvement", "edetector", "sharpe"),
}
LIBM_ARGUMENTS = 50_000


def main() -> None:
    """Print all digests as JSON."""
    told, crowned = _trial(0.0, GOLDEN_PAIRS), _trial(EDGE, TRIAL_PAIRS)
    assert told.crowned is None
    reign = reign_after(crowned)
    pairs = [(after, before) for before, after in golden(EDGE, SOUND_PAIRS)]
    pairs += [(after, before) for before, after in golden(-3 * EDGE, DECAY_PAIRS)]
    reign.live(pairs)
    assert reign.rolled_back is not None
    found = {
        "evidence": digest(_evidence(told)),
        "gates": digest([*_findings(told.said), *_findings(crowned.said)]),
        "canary": digest(
            [*(one.statistic for one in reign.measured), *_findings([reign.rolled_back])]
        ),
        "libm": digest(_libm()),
    }
    json.dump(found, sys.stdout)


def golden(edge: float, count: int) -> Iterator[Pair]:
    """Yield champion's and challenger's side of the golden vector, the latter with an edge more."""
    numbers = gaussians()
    for t in range(1, count + 1):
        a, b = next(numbers), next(numbers)
        x = (
            0.0015 + 0.01 * (0.6 * a + 0.8 * b) - (0.15 if t == 700 else 0.0) + edge
        )  # it crashes once
        c = 0.0005 + 0.01 * a
        yield Side(c, 1, int(c > 0.0)), Side(x, 1, int(x > 0.0))


def digest(numbers: Iterable[float]) -> str:
    """Return SHA-256 over numbers as hex."""
    return hashlib.sha256("\n".join(float(one).hex() for one in numbers).encode()).hexdigest()


def _trial(edge: float, count: int) -> Verdict:
    return try_challenger(golden(edge, count))


def _evidence(verdict: Verdict) -> Iterator[float]:
    last = verdict.evidence
    assert last is not None
    for ledger in (last.mean, last.sharpe):
        yield from (float(getattr(ledger, name)) for name in ledger.__slots__)
    yield from (last.log_evidence, last.log_evidence_max, last.log_evidence_of_segment)


def _findings(events: Iterable[object]) -> Iterator[float]:
    for event in events:
        for finding in getattr(event, "findings", ()):
            if finding.gate not in MEASURED:
                continue
            yield from (finding.value, finding.threshold, finding.n, finding.passed)


def _libm() -> Iterator[float]:
    state = 1
    for _ in range(LIBM_ARGUMENTS):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        share = state / 2**64
        yield math.exp(-30.0 * share)
        yield math.log1p(share)


if __name__ == "__main__":
    main()

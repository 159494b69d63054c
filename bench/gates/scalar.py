"""The same pairs before the real shadow and promotion: the bench must say what they say.

Whole services, one path at a time, as in production: messages over the wire, every gate, the
first share of the budget. Compared are the pair of the coronation and every bit of the evidence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.gates.noise import Floats
from bench.gates.ours import FIRST_LEVEL, Ours
from bench.gates.trials import Crowns
from bench.gates.worlds import PAIRS, SEED, Returns
from bench.gates.worlds import WORLDS as ALL
from kingmaker.shadow.domain import Side
from tests.scenarios.courtroom import Pair, Verdict, try_challenger

WORLDS = ("A1", "D2")
CHUNK = 20  # paths in one piece of work


@dataclass(frozen=True, slots=True)
class Twin:
    """What the twin says: the pair that crowned, 0 for none, and the evidence at every pair."""

    crowned: NDArray[np.int32]
    evidence: Floats  # (pairs, paths)


def compare(
    name: str, chunk: int, paths: int, seed: int = SEED, pairs: int = PAIRS
) -> Mapping[str, NDArray[np.bool_]]:
    """Tell of each path whether verdict and evidence are equal."""
    returns = ALL[name].draw(paths, chunk, pairs, seed)
    twin = judge(returns)
    verdicts = [try_challenger(_sides(returns, path)) for path in range(paths)]
    return {
        "same verdict": np.array(
            [_crowned(one) == twin.crowned[path] for path, one in enumerate(verdicts)]
        ),
        "same bits": np.array([_same_bits(one, twin, path) for path, one in enumerate(verdicts)]),
    }


def judge(returns: Returns) -> Twin:
    """Judge all paths as the first test of a window, by the twin."""
    ours, evidence = Ours(returns.champion.shape[1]), np.empty_like(returns.champion)
    crowns = Crowns(ours.paths)
    sides = zip(returns.champion, returns.challenger, strict=True)
    for n, (champion, challenger) in enumerate(sides, start=1):
        ours.add(champion, challenger)
        evidence[n - 1] = ours.ledgers.log_evidence
        crowns.note(ours.reaches(FIRST_LEVEL) & ours.classic_gates(), n)
    return Twin(crowns.first, evidence)


def _sides(returns: Returns, path: int) -> Iterator[Pair]:
    columns = returns.champion[:, path].tolist(), returns.challenger[:, path].tolist()
    for champion, challenger in zip(*columns, strict=True):
        yield _side(champion), _side(challenger)


def _side(net: float) -> Side:
    return Side(net, int(net != 0.0), int(net > 0.0))


def _crowned(verdict: Verdict) -> int:
    return verdict.crowned.pairs if verdict.crowned else 0


def _same_bits(verdict: Verdict, twin: Twin, path: int) -> bool:
    """Compare the evidence of the last pair that was heard."""
    measured = verdict.evidence
    if measured is None:
        return False
    return measured.log_evidence.hex() == float(twin.evidence[measured.pairs - 1, path]).hex()

"""Two hundred challengers of one desk: what the error budget lets through, and what it costs.

Twenty cohorts of ten share a champion; each challenger's share of the budget is fixed when its
cohort opens. The budget is the product's. See docs/decisions/0016.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from bench.gates.looks import Seen
from bench.gates.noise import Floats
from bench.gates.ours import Ours
from bench.gates.rivals import FIRST_LOOK, paired_t
from bench.gates.worlds import CHAMPION_MEAN, PAIRS, SEED, Returns
from kingmaker.promotion.budget import next_share
from kingmaker.promotion.domain import Budget
from kingmaker.promotion.policy import Policy

COHORTS, MEMBERS = 20, 10
CHALLENGERS = COHORTS * MEMBERS
CHUNK = 12  # streams that are drawn together
KINDS: Mapping[str, Sequence[float]] = {
    "all null": [0.0] * CHALLENGERS,
    "mixed": [0.0] * 180 + [0.10] * 10 + [0.20] * 10,
}
CODES = {"all null": 200, "mixed": 201}
NAIVE = "naive paired t"
BUDGETS: Mapping[str, Policy] = {
    "per_test, .05 each": Policy(budget_mode="per_test"),
    **{f"e-LOND N={n}": Policy(budget_mode="e_lond", budget_tests=n) for n in (1, 5, 10, 20, 50)},
    "fwer N=10": Policy(budget_mode="fwer", budget_tests=10),
}


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: the edge of each challenger in order, its best evidence, the naive verdict.

    `log_evidence` is the largest that came while the classic gates held; -inf if they never did.
    """

    edges: Floats
    log_evidence: Floats
    naive: Floats

    def promoted(self, rule: str) -> Floats:
        """Return 1 for every challenger that the rule lets pass in the end, else 0."""
        if rule == NAIVE:
            return self.naive
        return judge(self.log_evidence, BUDGETS[rule])


def judge(log_evidence: Floats, policy: Policy) -> Floats:
    """Spend the budget over the cohorts in order; return 1 where a challenger is promoted."""
    promoted = np.zeros(len(log_evidence))
    for first in range(0, len(log_evidence), MEMBERS):
        crowned = int(promoted.sum())
        for k in range(first, min(first + MEMBERS, len(log_evidence))):
            share = next_share(Budget(0, 0, k, crowned), policy, 0)
            promoted[k] = log_evidence[k] >= share.log_threshold
    return promoted


def try_streams(
    kind: str, chunk: int, streams: int, pairs: int = PAIRS, seed: int = SEED
) -> Mapping[str, Floats]:
    """Return edges, best evidence and naive verdicts, each (streams, challengers)."""
    rng = Generator(PCG64(SeedSequence([seed, CODES[kind], chunk])))
    edges = np.stack([rng.permutation(np.array(KINDS[kind])) for _ in range(streams)])
    returns = _draw(rng, edges, pairs)
    paths = streams * CHALLENGERS
    ours, seen, best, naive = Ours(paths), Seen(paths), np.full(paths, -np.inf), np.zeros(paths)
    for champion, challenger in zip(returns.champion, returns.challenger, strict=True):
        ours.add(champion, challenger)
        seen.add(champion, challenger)
        if seen.n < FIRST_LOOK:
            continue
        gates = ours.classic_gates()
        best = np.where(gates, np.maximum(best, ours.ledgers.log_evidence), best)
        naive = np.maximum(naive, paired_t(seen) & gates)
    shape = edges.shape
    return {
        "edges": edges,
        "log_evidence": best.reshape(shape),
        "naive": naive.reshape(shape),
    }


def _draw(rng: Generator, edges: Floats, pairs: int) -> Returns:
    """Return the pairs of all challengers of all streams, (pairs, streams x challengers)."""
    cohorts = rng.standard_normal((pairs, len(edges) * COHORTS))
    shared = np.repeat(cohorts, MEMBERS, axis=1)
    own = rng.standard_normal(shared.shape)
    better = CHAMPION_MEAN + edges.ravel()
    return Returns(CHAMPION_MEAN + shared, better + 0.6 * shared + 0.8 * own)


def streams_of(found: Mapping[str, Floats]) -> Iterator[Stream]:
    """Take the streams of a run apart."""
    rows = zip(found["edges"], found["log_evidence"], found["naive"], strict=True)
    return (Stream(*row) for row in rows)

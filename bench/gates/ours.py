"""The product's rule and gates on many paths at once: production code, but for the bookkeeping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np

from bench.gates.noise import Flags, Floats
from kingmaker.evidence.batch import Tallies, TwoLedgers
from kingmaker.evidence.defaults import PARAMETERS
from kingmaker.promotion.policy import Policy

FIRST_LEVEL = 220.0  # 1/alpha of the first test of a window
POLICY = Policy()


def with_bound(bound: float) -> Mapping[str, float]:
    """Return the rule's parameters with another bound, and the stakes that go with it."""
    stakes = {f"stake_{j}": 0.5 ** (j - 1) / (bound + 1.0) for j in (1, 2, 3)}
    return {**PARAMETERS, "bound": bound, **stakes}


@dataclass(slots=True)
class Ours:
    """A trial of every path."""

    paths: int
    parameters: Mapping[str, float] = field(default_factory=lambda: PARAMETERS)
    ledgers: TwoLedgers = field(init=False)
    tallies: Tallies = field(init=False)

    def __post_init__(self) -> None:
        """Open the trials."""
        self.ledgers = TwoLedgers(self.paths, self.parameters)
        self.tallies = Tallies(self.paths)

    def add(self, champion: Floats, challenger: Floats) -> None:
        """Take one pair of every path in."""
        self.ledgers.weigh(champion, challenger)
        self.tallies.add(champion, challenger)

    def start_segment(self) -> None:
        """Another component has another champion: only the present lineup is described."""
        self.ledgers.start_segment()
        self.tallies.start_segment()

    def reaches(self, evidence: float) -> Flags:
        """Tell which trials have so much evidence now."""
        return np.asarray(self.ledgers.log_evidence >= log(evidence))

    def classic_gates(self) -> Flags:
        """Tell which trials pass now: pairs, Sharpe ratio, win rate, trades taken, drawdown."""
        champion, challenger = self.tallies.champion, self.tallies.challenger
        sharpe = champion.sharpe
        return np.asarray(
            (challenger.pairs >= POLICY.min_trades)
            & (challenger.taken >= POLICY.min_taken)
            & (challenger.sharpe > sharpe + POLICY.sharpe_improvement * np.abs(sharpe))
            & (challenger.win_rate >= champion.win_rate)
            & (
                challenger.drawdown_max
                <= (1.0 + POLICY.max_drawdown_tolerance) * champion.drawdown_max
            )
        )

"""The rule `edetector@1` over many streams at once, bit for bit as the rule itself.

Every stream is watched from the start, cold; `begin` says where a reign begins, warm from its
trial. So reigns may begin at different pairs, and a statistic means something from there on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from kingmaker.evidence.batch.arithmetic import Floats, exp, larger
from kingmaker.evidence.batch.tallies import Counts, Mask
from kingmaker.evidence.batch.two_ledgers import ALL, Chosen, TwoLedgers, guard
from kingmaker.evidence.canary_rules.edetector_v1 import (
    LEVEL_MAX,
    RETURN_MAX,
    SCALE_MIN,
    fault,
    threshold,
)
from kingmaker.evidence.detector import Detector
from kingmaker.kernel import arithmetic


@dataclass(frozen=True, slots=True)
class Watch:
    """Parameters, prepared as the rule prepares them."""

    keep: float
    warmup: int
    sharpe_legs: int
    block: int
    bound: float
    stakes: tuple[float, float, float]
    shares: tuple[float, float, float]
    threshold: float

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Self:
        """Read parameters; ValueError says what is wrong with them."""
        if wrong := fault(values):
            raise ValueError(wrong)
        return cls(
            keep=arithmetic.exp(-arithmetic.ln(2.0) / values["half_life"]),
            warmup=int(values["warmup"]),
            sharpe_legs=int(values["sharpe_legs"]),
            block=int(values["block"]),
            bound=values["bound"],
            stakes=(values["stake_1"], values["stake_2"], values["stake_3"]),
            shares=(values["share_1"], values["share_2"], values["share_3"]),
            threshold=threshold(values),
        )


class EDetector:
    """The detectors of many streams: a column for each field of `Detector`."""

    def __init__(self, streams: int, parameters: Mapping[str, float]) -> None:
        """Begin cold; ValueError says what is wrong with parameters."""
        self.settings = Watch.of(parameters)
        self.slack: Floats = np.full(streams, parameters["slack"])
        self.n: Counts = np.zeros(streams, np.int64)
        self.champion_square, self.reference_square = np.zeros((2, streams))
        self.difference_square, self.weight, self.difference_weight = np.zeros((3, streams))
        self.block_sum, self.last_z = np.zeros((2, streams))
        self.block_pairs, self.blocks = np.zeros((2, streams), np.int64)
        self.lag_products, self.squares = np.zeros((2, streams))
        self.level_1, self.level_2, self.level_3 = np.zeros((3, streams))
        self.statistic, self.statistic_max, self.largest_z = np.zeros((3, streams))
        self.tau: Floats = np.ones(streams)
        self.clipped_below, self.clipped_above = np.zeros((2, streams), np.int64)

    @property
    def alarm(self) -> Mask:
        """Where the statistic stands at the threshold or above."""
        return self.statistic >= self.settings.threshold

    def begin(
        self, trial: TwoLedgers, mask: Mask | None = None, slack: Floats | None = None
    ) -> None:
        """Begin reigns, everywhere or where the mask says, warm from the trial's sharpe ledger.

        `slack`, one a stream, takes the place of the parameter in the reigns that begin.
        """
        at, ledger = ALL if mask is None else mask, trial.sharpe
        inherited: Mapping[str, Floats | Counts | float] = {
            "n": trial.n,
            "weight": trial.weight,
            "champion_square": trial.challenger_square,
            "reference_square": trial.champion_square,
            "difference_square": ledger.difference_square,
            "difference_weight": ledger.difference_weight,
            "blocks": ledger.blocks,
            "last_z": -ledger.last_z,
            "lag_products": ledger.lag_products,
            "squares": ledger.squares,
            "tau": 1.0,
        }
        for name in Detector.__slots__:
            column = getattr(self, name)
            column[at] = np.broadcast_to(inherited.get(name, 0), column.shape)[at]
        if slack is not None:
            self.slack[at] = slack[at]

    def watch(self, champion: Floats, reference: Floats) -> None:
        """Take one more pair of net returns of every stream: two arrays of shape (streams,)."""
        _check(champion, reference)
        with np.errstate(all="ignore"):
            champion_scale = np.sqrt(self.champion_square / self.weight)
            reference_scale = np.sqrt(self.reference_square / self.weight)
            known = (champion_scale > SCALE_MIN) & (reference_scale > SCALE_MIN)
            known &= self.n >= self.settings.sharpe_legs
            difference = champion / champion_scale - reference / reference_scale
            self._bet(difference, known)
            self._learn(champion, reference, difference, known)

    def detector(self, stream: int) -> Detector:
        """Return what the rule itself would know of one stream."""
        return Detector(*(getattr(self, name)[stream].item() for name in Detector.__slots__))

    def _bet(self, difference: Floats, known: Mask) -> None:
        betting = known & (self.n >= self.settings.warmup) & (self.difference_square > 0.0)
        scale = np.sqrt(self.difference_square / self.difference_weight)
        summed = self.block_sum + (-difference - self.slack) / scale
        self.block_sum = np.where(betting, summed, self.block_sum)
        self.block_pairs += betting
        full = self.block_pairs == self.settings.block
        if full.all():
            self._settle(ALL)
        elif full.any():
            self._settle(np.flatnonzero(full))

    def _settle(self, at: Chosen) -> None:
        """Let new gamblers in and pay all, in the streams whose block ends."""
        bound, block_sum = self.settings.bound, self.block_sum[at]
        z = np.where(block_sum < bound, block_sum, bound)
        z = np.where(z > -bound, z, -bound)
        tau = guard(self.blocks[at], self.lag_products[at], self.squares[at])
        statistic = self._pay(at, z, tau)
        self.lag_products[at] += np.where(self.blocks[at] > 0, z * self.last_z[at], 0.0)
        self.last_z[at] = z
        self.squares[at] += z * z
        self.blocks[at] += 1
        self.statistic[at] = statistic
        self.statistic_max[at] = larger(self.statistic_max[at], statistic)
        self.tau[at] = tau
        self.clipped_below[at] += block_sum < -bound
        self.clipped_above[at] += block_sum > bound
        self.largest_z[at] = larger(self.largest_z[at], np.abs(block_sum))
        self.block_sum[at] = 0.0
        self.block_pairs[at] = 0

    def _pay(self, at: Chosen, z: Floats, tau: Floats) -> Floats:
        """Return the statistic after three new gamblers came and all were paid."""
        paid = []
        for column, stake, share in zip(
            (self.level_1, self.level_2, self.level_3),
            self.settings.stakes,
            self.settings.shares,
            strict=True,
        ):
            caution = -(0.5 * stake * stake * (tau - 1.0) * z * z)
            level = (column[at] + 1.0) * (1.0 + stake * z) * exp(caution)
            column[at] = np.where(level < LEVEL_MAX, level, LEVEL_MAX)
            paid.append(share * column[at])
        return paid[0] + paid[1] + paid[2]

    def _learn(self, champion: Floats, reference: Floats, difference: Floats, known: Mask) -> None:
        keep = self.settings.keep
        news = 1.0 - keep
        squares = keep * self.difference_square + news * difference * difference
        weight = keep * self.difference_weight + news
        self.difference_square = np.where(known, squares, self.difference_square)
        self.difference_weight = np.where(known, weight, self.difference_weight)
        self.champion_square = keep * self.champion_square + news * champion * champion
        self.reference_square = keep * self.reference_square + news * reference * reference
        self.weight = keep * self.weight + news
        self.n += 1


def _check(champion: Floats, reference: Floats) -> None:
    known = (np.abs(champion) <= RETURN_MAX) & (np.abs(reference) <= RETURN_MAX)
    if not known.all():
        at = int(np.flatnonzero(~known)[0])
        raise ValueError(
            f"a pair needs returns up to {RETURN_MAX:g}, not {champion[at].item()!r} and"
            f" {reference[at].item()!r} (stream {at})"
        )

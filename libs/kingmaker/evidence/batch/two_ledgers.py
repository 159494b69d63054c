"""The rule `two_ledgers@1` over many streams at once, bit for bit as the rule itself.

Streams go in step: each `weigh` brings one pair to every stream. Blocks need not be in phase (a
stream whose scales are still zero does not bet yet); where all are, no stream is picked out.
Use some 2,000 to 10,000 streams at once: then the columns stay in the cache.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.evidence.batch.arithmetic import Floats, exp, larger, ln, smaller
from kingmaker.evidence.batch.tallies import Counts, Mask
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Ledgers
from kingmaker.evidence.rules.two_ledgers_v1 import (
    EXP_MIN,
    GUARD_BLOCKS_MIN,
    GUARD_SLACK,
    fault,
)
from kingmaker.kernel import arithmetic

type Chosen = slice | NDArray[np.intp]  # all streams, or those whose block ends

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters, prepared as the rule prepares them; gamblers are rows."""

    keep: float
    warmup: int
    sharpe_legs: int
    block: int
    bound: float
    stakes: Floats  # (3, 1)
    half_squares: Floats  # (3, 1): half of each stake's square
    log_shares: Floats  # (3, 1)

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Self:
        """Read parameters; ValueError says what is wrong with them."""
        if wrong := fault(values):
            raise ValueError(wrong)
        stakes = [values[f"stake_{j}"] for j in (1, 2, 3)]
        return cls(
            keep=arithmetic.exp(-arithmetic.ln(2.0) / values["half_life"]),
            warmup=int(values["warmup"]),
            sharpe_legs=int(values["sharpe_legs"]),
            block=int(values["block"]),
            bound=values["bound"],
            stakes=_rows(stakes),
            half_squares=_rows([0.5 * stake * stake for stake in stakes]),
            log_shares=_rows([arithmetic.ln(values[f"share_{j}"]) for j in (1, 2, 3)]),
        )


@dataclass(slots=True)
class Columns:
    """One ledger of many streams: a column for each field of `Ledger` that may differ by ledger."""

    difference_square: Floats
    difference_weight: Floats
    log_wealth: Floats  # (3, streams)
    block_sum: Floats
    block_pairs: Counts
    blocks: Counts
    last_z: Floats
    lag_products: Floats
    squares: Floats
    log_evidence: Floats
    log_evidence_at_segment: Floats
    clipped_below: Counts
    clipped_above: Counts
    largest_z: Floats
    tau: Floats
    straddles: Mask

    @classmethod
    def of(cls, streams: int) -> Self:
        """Return an empty ledger for each stream."""
        return cls(
            difference_square=np.zeros(streams),
            difference_weight=np.zeros(streams),
            log_wealth=np.zeros((3, streams)),
            block_sum=np.zeros(streams),
            block_pairs=np.zeros(streams, np.int64),
            blocks=np.zeros(streams, np.int64),
            last_z=np.zeros(streams),
            lag_products=np.zeros(streams),
            squares=np.zeros(streams),
            log_evidence=np.zeros(streams),
            log_evidence_at_segment=np.zeros(streams),
            clipped_below=np.zeros(streams, np.int64),
            clipped_above=np.zeros(streams, np.int64),
            largest_z=np.zeros(streams),
            tau=np.ones(streams),
            straddles=np.zeros(streams, np.bool_),
        )

    @property
    def log_evidence_of_segment(self) -> Floats:
        """What the present segment added."""
        return self.log_evidence - self.log_evidence_at_segment

    def bet(self, settings: Settings, difference: Floats, known: Mask | None) -> None:
        """Let the streams bet that have a scale and, where `known` says so, a difference."""
        betting = self.difference_square > 0.0
        if known is not None:
            betting &= known
        scale = np.sqrt(self.difference_square / self.difference_weight)
        summed = self.block_sum + difference / scale
        self.block_sum = summed if betting.all() else np.where(betting, summed, self.block_sum)
        self.block_pairs += betting
        full = self.block_pairs == settings.block
        if full.all():
            self._settle(settings, ALL)
        elif full.any():
            self._settle(settings, np.flatnonzero(full))

    def learn(self, keep: float, difference: Floats, known: Mask | None) -> None:
        """Take a difference into the scale, after the bet."""
        news = 1.0 - keep
        squares = keep * self.difference_square + news * difference * difference
        weight = keep * self.difference_weight + news
        if known is not None:
            squares = np.where(known, squares, self.difference_square)
            weight = np.where(known, weight, self.difference_weight)
        self.difference_square, self.difference_weight = squares, weight

    def start_segment(self, mask: Mask | None) -> None:
        """Note where a segment begins."""
        chosen = ALL if mask is None else mask
        self.log_evidence_at_segment[chosen] = self.log_evidence[chosen]
        self.straddles[chosen] = self.block_pairs[chosen] > 0

    def narrow(self, streams: int) -> None:
        """Keep the first streams only."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[..., :streams])

    def _settle(self, settings: Settings, at: Chosen) -> None:
        """Pay the three gamblers of the streams whose block ends."""
        bound, block_sum = settings.bound, self.block_sum[at]
        z = np.where(block_sum < bound, block_sum, bound)
        z = np.where(z > -bound, z, -bound)
        tau = guard(self.blocks[at], self.lag_products[at], self.squares[at])
        before, paid = self.log_wealth[:, at], ln(1.0 + settings.stakes * z)
        wealth = before + paid - settings.half_squares * (tau - 1.0) * z * z
        log_evidence = log_sum(settings.log_shares + wealth)
        at_segment = self.log_evidence_at_segment[at]
        self.log_evidence_at_segment[at] = np.where(self.straddles[at], log_evidence, at_segment)
        self.log_wealth[:, at] = wealth
        self.lag_products[at] += np.where(self.blocks[at] > 0, z * self.last_z[at], 0.0)
        self.last_z[at] = z
        self.squares[at] += z * z
        self.blocks[at] += 1
        self.log_evidence[at] = log_evidence
        self.clipped_below[at] += block_sum < -bound
        self.clipped_above[at] += block_sum > bound
        self.largest_z[at] = larger(self.largest_z[at], np.abs(block_sum))
        self.tau[at] = tau
        self.straddles[at] = False
        self.block_sum[at] = 0.0
        self.block_pairs[at] = 0


class TwoLedgers:
    """Both ledgers of many streams, and what they say."""

    def __init__(self, streams: int, parameters: Mapping[str, float]) -> None:
        """Begin with nothing known; ValueError says what is wrong with parameters."""
        self.settings = Settings.of(parameters)
        self.n, self.weight = 0, 0.0  # alike in all streams
        self.champion_square, self.challenger_square = np.zeros(streams), np.zeros(streams)
        self.mean, self.sharpe = Columns.of(streams), Columns.of(streams)
        self.log_evidence, self.log_evidence_max = np.zeros(streams), np.zeros(streams)

    @property
    def log_evidence_mean(self) -> Floats:
        """Evidence of a better mean return."""
        return self.mean.log_evidence

    @property
    def log_evidence_sharpe(self) -> Floats:
        """Evidence of a better return scaled by risk."""
        return self.sharpe.log_evidence

    @property
    def log_evidence_of_segment(self) -> Floats:
        """What the present segment alone adds, by the ledger where it adds least."""
        return smaller(self.mean.log_evidence_of_segment, self.sharpe.log_evidence_of_segment)

    def weigh(self, champion: Floats, challenger: Floats) -> None:
        """Take one more pair of net returns of every stream: two arrays of shape (streams,)."""
        _check(champion, challenger)
        settings, keep = self.settings, self.settings.keep
        with np.errstate(all="ignore"):
            difference = challenger - champion
            scaled, known = self._scaled_difference(champion, challenger)
            if self.n >= settings.warmup:
                self.mean.bet(settings, difference, None)
                self.sharpe.bet(settings, scaled, known)
                self.log_evidence = smaller(self.mean.log_evidence, self.sharpe.log_evidence)
                self.log_evidence_max = larger(self.log_evidence_max, self.log_evidence)
            self.mean.learn(keep, difference, None)
            if self.n >= settings.sharpe_legs:
                self.sharpe.learn(keep, scaled, known)
            self._learn_legs(champion, challenger)

    def start_segment(self, mask: Mask | None = None) -> None:
        """Note that another component's champion changed, everywhere or where the mask says."""
        self.mean.start_segment(mask)
        self.sharpe.start_segment(mask)

    def narrow(self, streams: int) -> None:
        """Keep the first streams only: the others have no more pairs."""
        self.mean.narrow(streams)
        self.sharpe.narrow(streams)
        for name in ("champion_square", "challenger_square", "log_evidence", "log_evidence_max"):
            setattr(self, name, getattr(self, name)[:streams])

    def ledgers(self, stream: int) -> Ledgers:
        """Return what the rule itself would know of one stream."""
        return Ledgers(
            self._ledger(self.mean, stream),
            self._ledger(self.sharpe, stream),
            self.log_evidence[stream].item(),
            self.log_evidence_max[stream].item(),
        )

    def _scaled_difference(
        self, champion: Floats, challenger: Floats
    ) -> tuple[Floats, Mask | None]:
        """Return differences in units of each side's own past, and where they are known."""
        if self.n < self.settings.sharpe_legs:
            return champion, None
        champion_scale = np.sqrt(self.champion_square / self.weight)
        challenger_scale = np.sqrt(self.challenger_square / self.weight)
        known = (champion_scale > 0.0) & (challenger_scale > 0.0)
        scaled = challenger / challenger_scale - champion / champion_scale
        return scaled, None if known.all() else known

    def _learn_legs(self, champion: Floats, challenger: Floats) -> None:
        keep, news = self.settings.keep, 1.0 - self.settings.keep
        self.champion_square = keep * self.champion_square + news * champion * champion
        self.challenger_square = keep * self.challenger_square + news * challenger * challenger
        self.weight = keep * self.weight + news
        self.n += 1

    def _ledger(self, columns: Columns, stream: int) -> Ledger:
        values = {name: getattr(columns, name)[..., stream].tolist() for name in Columns.__slots__}
        wealth = values.pop("log_wealth")
        return Ledger(
            n=self.n,
            weight=self.weight,
            champion_square=self.champion_square[stream].item(),
            challenger_square=self.challenger_square[stream].item(),
            log_wealth_1=wealth[0],
            log_wealth_2=wealth[1],
            log_wealth_3=wealth[2],
            **values,
        )


def guard(blocks: Counts, lag_products: Floats, squares: Floats) -> Floats:
    """Return how much more a block may vary because it resembles the one before; at least 1."""
    resemblance = lag_products / squares - GUARD_SLACK / np.sqrt(blocks)
    guarded = 1.0 + 2.0 * np.where(resemblance > 0.0, resemblance, 0.0)
    return np.where((blocks >= GUARD_BLOCKS_MIN) & (squares > 0.0), guarded, 1.0)


def log_sum(logs: Floats) -> Floats:
    """Add what the three rows are logarithms of, from the first to the last."""
    largest = logs.max(axis=0)
    below = logs - largest
    seen = below >= EXP_MIN
    terms = np.where(seen, exp(np.where(seen, below, 0.0)), 0.0)
    return largest + ln(terms[0] + terms[1] + terms[2])


def _check(champion: Floats, challenger: Floats) -> None:
    finite = np.isfinite(champion) & np.isfinite(challenger)
    if not finite.all():
        at = int(np.flatnonzero(~finite)[0])
        raise ValueError(
            f"a pair needs finite returns, not {champion[at].item()!r} and"
            f" {challenger[at].item()!r} (stream {at})"
        )


def _rows(values: list[float]) -> Floats:
    return np.array(values).reshape(3, 1)

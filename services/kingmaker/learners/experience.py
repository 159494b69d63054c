"""Closed trades as arrays, in order of decision, and how they are split without looking ahead."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import (
    CLOUD_SCORES,
    CONTEXT,
    LOCAL_SCORES,
    SETUP,
    SIZING,
    STRATEGIES,
)
from kingmaker.learners.bars import NOWHERE, Bars

ARMS = len(STRATEGIES)
JUDGED = SIZING - SETUP
SCORES = CLOUD_SCORES + LOCAL_SCORES


class UnfitDataError(ValueError):
    """Nothing can be learned from these rows; the same rows would fail again."""


class Resolved(Protocol):
    """One `OpportunityResolved` of the trader, as far as learners read it."""

    @property
    def opportunity(self) -> str:
        """Its id."""

    @property
    def time_ms(self) -> int:
        """When it was resolved."""

    @property
    def decided_ms(self) -> int:
        """When it was decided."""

    @property
    def bucket(self) -> int:
        """Its decision bucket."""

    @property
    def setup(self) -> Sequence[float]:
        """The champion's setup row."""

    @property
    def contexts(self) -> Sequence[float]:
        """The contexts of all arms, in sequence."""

    @property
    def arm(self) -> int:
        """The arm that was picked."""

    @property
    def signal_net(self) -> float:
        """Net return of the pick at full size, taken or not."""

    @property
    def risk(self) -> float:
        """Distance to the stop, as a fraction of the entry price."""

    @property
    def symbol(self) -> str:
        """What was traded."""

    @property
    def direction(self) -> int:
        """1 long, -1 short."""

    @property
    def interval_ms(self) -> int:
        """Length of its bars; 0 in records of 0.1, which tell nothing of what follows here."""

    @property
    def target_distance(self) -> float:
        """Distance to the target, as a fraction of the entry price."""

    @property
    def fee(self) -> float:
        """A side, as a fraction of the notional."""

    @property
    def impact(self) -> float:
        """Half spread and slippage, a side, as a fraction of the price."""

    @property
    def price_tolerance(self) -> float:
        """How near to a level is near enough, as a fraction of it."""

    @property
    def max_age_ms(self) -> int:
        """How long it could have lasted."""

    @property
    def scores(self) -> Sequence[float]:
        """What the ensemble blended, cloud then local; nothing where a model failed."""

    @property
    def judged(self) -> Sequence[float]:
        """What sizing saw beside the setup; nothing where a model failed."""


@dataclass(frozen=True, slots=True)
class Experience:
    """N closed trades. Trades that were left alone are here too: their result was simulated.

    `scores` and `judged` are NaN where the trade's record does not tell them.
    """

    decided_ms: NDArray[np.int64]
    resolved_ms: NDArray[np.int64]
    bucket: NDArray[np.int64]
    setup: NDArray[np.float64]  # [N, SETUP]
    contexts: NDArray[np.float64]  # [N, ARMS, CONTEXT]
    arm: NDArray[np.int64]
    net: NDArray[np.float64]
    risk: NDArray[np.float64]
    symbol: NDArray[np.int64]  # number of its symbol in `bars`; -1 where that has no bars
    direction: NDArray[np.int64]  # 1, -1
    interval_ms: NDArray[np.int64]  # 0 where the trade's record does not tell its terms
    target: NDArray[np.float64]  # distances and costs are fractions, as in `Resolved`
    fee: NDArray[np.float64]
    impact: NDArray[np.float64]
    tolerance: NDArray[np.float64]
    max_age_ms: NDArray[np.int64]
    scores: NDArray[np.float64]  # [N, SCORES]
    judged: NDArray[np.float64]  # [N, JUDGED]
    bars: tuple[Bars, ...] = ()  # of the desk, where the learner asks for them

    @classmethod
    def of(cls, trades: Iterable[Resolved], bars: tuple[Bars, ...] = ()) -> Self:
        """Return the trades in order of decision; UnfitDataError names a trade that is none.

        So it does with a bar.
        """
        for one in bars:
            _check_bars(one)
        rows = sorted(trades, key=lambda trade: (trade.decided_ms, trade.opportunity))
        for trade in rows:
            _check_shape(trade)
        symbols = {one.symbol: number for number, one in enumerate(bars)}
        batch = cls(
            decided_ms=np.array([trade.decided_ms for trade in rows], np.int64),
            resolved_ms=np.array([trade.time_ms for trade in rows], np.int64),
            bucket=np.array([trade.bucket for trade in rows], np.int64),
            setup=_rows([trade.setup for trade in rows], (SETUP,)),
            contexts=_rows([trade.contexts for trade in rows], (ARMS, CONTEXT)),
            arm=np.array([trade.arm for trade in rows], np.int64),
            net=np.array([trade.signal_net for trade in rows], np.float64),
            risk=np.array([trade.risk for trade in rows], np.float64),
            symbol=np.array([symbols.get(trade.symbol, NOWHERE) for trade in rows], np.int64),
            **_terms(rows),
            bars=bars,
        )
        _check_finite(batch, [trade.opportunity for trade in rows])
        return batch

    def __len__(self) -> int:
        """Count the trades."""
        return len(self.net)

    def __getitem__(self, chosen: NDArray[np.bool_] | slice) -> Self:
        """Return the chosen trades, in the same order, beside the same bars."""
        columns = {name: getattr(self, name)[chosen] for name in _columns()}
        return type(self)(**columns, bars=self.bars)

    def until(self, time_ms: int) -> Self:
        """Return the trades that were over at a time, and the bars that had closed."""
        known = self[self.resolved_ms <= time_ms]
        return replace(known, bars=tuple([one.until(time_ms) for one in self.bars]))

    @property
    def won(self) -> NDArray[np.float64]:
        """1 for a trade that made money after costs."""
        return (self.net > 0).astype(np.float64)

    @property
    def digest(self) -> str:
        """SHA-256 over all that is learned from."""
        digest = hashlib.sha256()
        for name in _columns():
            _learn_digest(digest, name, getattr(self, name))
        for one in self.bars:
            digest.update(f"{one.symbol}/{one.interval_ms}".encode())
            for field in fields(one)[2:]:
                _learn_digest(digest, field.name, getattr(one, field.name))
        return digest.hexdigest()


def split(batch: Experience, holdout_share: float) -> tuple[Experience, Experience]:
    """Return trades to learn from and later ones to be judged on, purged of overlap.

    What is learned from was over when the first trade of the hold-out was decided; bars too.
    """
    if len(batch) == 0:
        raise UnfitDataError("there are no closed trades")
    first = batch.decided_ms[int(len(batch) * (1.0 - holdout_share))]
    return batch.until(int(first)), batch[batch.decided_ms >= first]


def clustered_error(values: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    """Return the standard error of the mean of `values` that depend within each cluster."""
    _, place = np.unique(clusters, return_inverse=True)
    sums = np.bincount(place, weights=values - values.mean())
    return float(np.sqrt((sums * sums).sum()) / len(values))


def _columns() -> list[str]:
    """Return the names of what holds a number, or a row of numbers, a trade."""
    return [field.name for field in fields(Experience) if field.name != "bars"]


def _learn_digest(digest: "hashlib._Hash", name: str, array: NDArray[np.generic]) -> None:
    digest.update(f"{name}{array.shape}".encode())
    digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())


def _terms(rows: Sequence[Resolved]) -> dict[str, NDArray[Any]]:
    """Return what the legs of the trades were simulated with, and what models said of them."""
    return {
        "direction": np.array([trade.direction for trade in rows], np.int64),
        "interval_ms": np.array([trade.interval_ms for trade in rows], np.int64),
        "target": np.array([trade.target_distance for trade in rows], np.float64),
        "fee": np.array([trade.fee for trade in rows], np.float64),
        "impact": np.array([trade.impact for trade in rows], np.float64),
        "tolerance": np.array([trade.price_tolerance for trade in rows], np.float64),
        "max_age_ms": np.array([trade.max_age_ms for trade in rows], np.int64),
        "scores": _rows([trade.scores or (np.nan,) * SCORES for trade in rows], (SCORES,)),
        "judged": _rows([trade.judged or (np.nan,) * JUDGED for trade in rows], (JUDGED,)),
    }


def _rows(rows: Sequence[Sequence[float]], shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.array(rows, np.float64).reshape(len(rows), *shape)


def _check_shape(trade: Resolved) -> None:
    widths = (len(trade.setup), len(trade.contexts))
    if widths != (SETUP, ARMS * CONTEXT) or not 0 <= trade.arm < ARMS:
        raise UnfitDataError(
            f"{trade.opportunity}: {widths[0]} setup and {widths[1]} context numbers, arm"
            f" {trade.arm}; {SETUP}, {ARMS * CONTEXT} and an arm below {ARMS} are needed"
        )
    told = (len(trade.scores), len(trade.judged))
    if told[0] not in (0, SCORES) or told[1] not in (0, JUDGED):
        raise UnfitDataError(
            f"{trade.opportunity}: {told[0]} scores and {told[1]} judged numbers; {SCORES} and"
            f" {JUDGED}, or none, are needed"
        )


def _check_finite(batch: Experience, names: Sequence[str]) -> None:
    count = len(batch)
    numbers = (batch.setup, batch.contexts.reshape(count, ARMS * CONTEXT), batch.net[:, None])
    finite = np.isfinite(np.hstack([*numbers, batch.risk[:, None]])).all(axis=1)
    sound = finite & (batch.risk > 0)
    if not sound.all():
        bad = int(np.argmin(sound))
        raise UnfitDataError(
            f"{names[bad]}: a number is not finite, or its risk {batch.risk[bad]:g} is not above"
            f" zero ({int((~sound).sum())} of {count} trades)"
        )


def _check_bars(bars: Bars) -> None:
    prices = np.stack([bars.open, bars.high, bars.low, bars.close])
    sound = (np.isfinite(prices) & (prices > 0.0)).all(axis=0) & np.isfinite(bars.volume)
    if not sound.all():
        bad = int(np.argmin(sound))
        raise UnfitDataError(
            f"{bars.symbol}: the bar of {bars.open_ms[bad]} has a price that is not finite and"
            f" above zero, or no finite volume ({int((~sound).sum())} of {len(bars)} bars)"
        )

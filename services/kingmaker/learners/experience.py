"""Closed trades as arrays, in order of decision, and how they are split without looking ahead."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import CONTEXT, SETUP, STRATEGIES

ARMS = len(STRATEGIES)


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


@dataclass(frozen=True, slots=True)
class Experience:
    """N closed trades. Trades that were left alone are here too: their result was simulated."""

    decided_ms: NDArray[np.int64]
    resolved_ms: NDArray[np.int64]
    bucket: NDArray[np.int64]
    setup: NDArray[np.float64]  # [N, SETUP]
    contexts: NDArray[np.float64]  # [N, ARMS, CONTEXT]
    arm: NDArray[np.int64]
    net: NDArray[np.float64]
    risk: NDArray[np.float64]

    @classmethod
    def of(cls, trades: Iterable[Resolved]) -> Self:
        """Return the trades in order of decision; UnfitDataError names a trade that is none."""
        rows = sorted(trades, key=lambda trade: (trade.decided_ms, trade.opportunity))
        for trade in rows:
            _check_shape(trade)
        batch = cls(
            decided_ms=np.array([trade.decided_ms for trade in rows], np.int64),
            resolved_ms=np.array([trade.time_ms for trade in rows], np.int64),
            bucket=np.array([trade.bucket for trade in rows], np.int64),
            setup=_rows([trade.setup for trade in rows], (SETUP,)),
            contexts=_rows([trade.contexts for trade in rows], (ARMS, CONTEXT)),
            arm=np.array([trade.arm for trade in rows], np.int64),
            net=np.array([trade.signal_net for trade in rows], np.float64),
            risk=np.array([trade.risk for trade in rows], np.float64),
        )
        _check_finite(batch, [trade.opportunity for trade in rows])
        return batch

    def __len__(self) -> int:
        """Count the trades."""
        return len(self.net)

    def __getitem__(self, chosen: NDArray[np.bool_] | slice) -> Self:
        """Return the chosen trades, in the same order."""
        return type(self)(*[getattr(self, field.name)[chosen] for field in fields(self)])

    @property
    def won(self) -> NDArray[np.float64]:
        """1 for a trade that made money after costs."""
        return (self.net > 0).astype(np.float64)

    @property
    def digest(self) -> str:
        """SHA-256 over all that is learned from."""
        digest = hashlib.sha256()
        for field in fields(self):
            array = getattr(self, field.name)
            digest.update(f"{field.name}{array.shape}".encode())
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()


def split(batch: Experience, holdout_share: float) -> tuple[Experience, Experience]:
    """Return trades to learn from and later ones to be judged on, purged of overlap.

    What is learned from was over when the first trade of the hold-out was decided.
    """
    if len(batch) == 0:
        raise UnfitDataError("there are no closed trades")
    first = batch.decided_ms[int(len(batch) * (1.0 - holdout_share))]
    return batch[batch.resolved_ms <= first], batch[batch.decided_ms >= first]


def clustered_error(values: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    """Return the standard error of the mean of `values` that depend within each cluster."""
    _, place = np.unique(clusters, return_inverse=True)
    sums = np.bincount(place, weights=values - values.mean())
    return float(np.sqrt((sums * sums).sum()) / len(values))


def _rows(rows: Sequence[Sequence[float]], shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.array(rows, np.float64).reshape(len(rows), *shape)


def _check_shape(trade: Resolved) -> None:
    widths = (len(trade.setup), len(trade.contexts))
    if widths != (SETUP, ARMS * CONTEXT) or not 0 <= trade.arm < ARMS:
        raise UnfitDataError(
            f"{trade.opportunity}: {widths[0]} setup and {widths[1]} context numbers, arm"
            f" {trade.arm}; {SETUP}, {ARMS * CONTEXT} and an arm below {ARMS} are needed"
        )


def _check_finite(batch: Experience, names: Sequence[str]) -> None:
    count = len(batch)
    numbers = (batch.setup, batch.contexts.reshape(count, ARMS * CONTEXT), batch.net[:, None])
    finite = np.isfinite(np.hstack([*numbers, batch.risk[:, None]])).all(axis=1)
    sound = finite & (batch.risk > 0)
    if not sound.all():
        bad = int(np.argmin(sound))
        raise UnfitDataError(
            f"{names[bad]}: a number is not finite, or its risk {batch.risk[bad]!r} is not above"
            f" zero ({int((~sound).sum())} of {count} trades)"
        )

"""What a model would have earned on trades that it never saw: the figures of a scheduled retrain.

One trade an opportunity at full size, on a capital of 1; what it leaves alone earns 0. The current
model is what the desk's champion did on the same opportunities. All returns are net of costs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners import rotation
from kingmaker.learners.contract import Comparable, Decide, Floats
from kingmaker.learners.experience import Experience, Resolved, UnfitDataError

DAY_MS = 86_400_000
DAYS_A_YEAR = 365.0
PROFIT_FACTOR_MAX = 1_000.0  # where nothing was lost; a figure must be finite


@runtime_checkable
class Exposing(Protocol):
    """A learner that can say how much of each trade it would have taken."""

    def exposure(self, decide: Decide, holdout: Experience, learned: Experience) -> Floats:
        """Return the share of full size of every trade, [N]; 0 where it stays out."""
        ...


def recent(batch: Experience, parameters: Mapping[str, float]) -> Experience:
    """Return the trades decided in the days that the parameters ask for; all without them."""
    days = parameters.get(rotation.DAYS)
    if days is None or len(batch) == 0:
        return batch
    return batch[batch.decided_ms > batch.decided_ms[-1] - days * DAY_MS]


def figures(
    learner: Any,  # noqa: ANN401 - of any component
    decide: Decide,
    learned: Experience,
    holdout: Experience,
    trades: Sequence[Resolved],
) -> dict[str, float]:
    """Return the figures of a learner that can be backtested; nothing of another.

    `trades` are the records that the hold-out was made of, and earlier ones.
    """
    traded = _traded(learner, decide, learned, holdout)
    if traded is None:
        return {}
    earned, in_order = traded.net, np.argsort(traded.time_ms, kind="stable")
    gains, losses = float(earned[earned > 0].sum()), float(-earned[earned < 0].sum())
    factor = gains / losses if losses > 0 else PROFIT_FACTOR_MAX * (gains > 0)
    return {
        rotation.SHARPE: sharpe(earned, traded.time_ms),
        rotation.SHARPE_NOW: sharpe(_champions(holdout, trades), holdout.resolved_ms),
        rotation.PROFIT_FACTOR: min(factor, PROFIT_FACTOR_MAX),
        rotation.DRAWDOWN: drawdown(earned[in_order]),
        rotation.TRADES: float(traded.taken),
    }


class _Traded(NamedTuple):
    """What a learner would have earned, [K], at which times, and in how many trades."""

    net: Floats
    time_ms: NDArray[np.int64]
    taken: int


def _traded(
    learner: Any,  # noqa: ANN401 - of any component
    decide: Decide,
    learned: Experience,
    holdout: Experience,
) -> _Traded | None:
    """Return what it would have taken of the trades made, or what its own earn; None: neither.

    Its own trades end when bars say: they count at the moment of the decision.
    """
    if isinstance(learner, Exposing):
        exposure = learner.exposure(decide, holdout, learned)
        taken = int((exposure > 0.0).sum())
        return _Traded(holdout.net * exposure, holdout.resolved_ms, taken)
    if not isinstance(learner, Comparable):
        return None
    shown = learner.row_by_row(decide, holdout, learned)
    if len(shown.net) == 0:
        return None
    return _Traded(shown.net, shown.time_ms, int((shown.net != 0.0).sum()))


def sharpe(earned: Floats, time_ms: NDArray[np.int64]) -> float:
    """Return the Sharpe ratio a year of net returns by UTC day; a day without a trade earns 0."""
    days = time_ms // DAY_MS
    sums = np.bincount((days - days.min()).astype(np.int64), weights=earned)
    deviation = float(sums.std(ddof=1)) if len(sums) > 1 else 0.0
    return float(sums.mean()) / deviation * float(np.sqrt(DAYS_A_YEAR)) if deviation > 0 else 0.0


def drawdown(earned: Floats) -> float:
    """Return the deepest fall below the highest equity so far, as a fraction of the capital."""
    equity = np.concatenate([[0.0], np.cumsum(earned)])
    return float((np.maximum.accumulate(equity) - equity).max())


def _champions(holdout: Experience, trades: Sequence[Resolved]) -> Floats:
    """Return what the champion of the time earned, trade by trade, in the order of the hold-out."""
    rows = sorted(trades, key=lambda trade: (trade.decided_ms, trade.opportunity))
    last = rows[len(rows) - len(holdout) :]
    if [row.decided_ms for row in last] != holdout.decided_ms.tolist():
        raise UnfitDataError("the hold-out is not made of the latest trades")
    return np.array([_champion(row) for row in last])


def _champion(trade: Any) -> float:  # noqa: ANN401 - a record of the trader, with its outcomes
    """Return the net return of the champion's own side; it comes first among the outcomes."""
    return float(trade.outcomes[0].net) if len(trade.outcomes) else 0.0

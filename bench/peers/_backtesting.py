"""The same legs by backtesting.py, which must be laid over the environment."""

import warnings
from collections.abc import Sequence
from typing import Any, ClassVar

import backtesting
import pandas as pd

from kingmaker.market.exits import Leg
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.policy import Policy

backtesting.backtesting._tqdm = lambda rows, **_: rows  # noqa: SLF001 - no bar among our lines

type Legs = Sequence[tuple[int, Leg]]  # the bar of the decision, and what follows it


class Player(backtesting.Strategy):  # type: ignore[misc] # the peer ships no types here
    """Plays legs that are known beforehand."""

    legs: ClassVar[dict[int, Leg]] = {}

    def init(self) -> None:
        """Nothing is computed."""

    def next(self) -> None:
        """Tend what is open, then order what was decided at this close."""
        place = len(self.data) - 1
        for trade in self.trades:
            self._tend(trade, self.legs[trade.tag], place)
        leg = self.legs.get(place)
        if leg is not None:
            close, side = float(self.data.Close[-1]), leg.direction
            order = self.buy if side > 0 else self.sell
            stop = close * (1.0 - side * leg.stop_distance)
            target = close * (1.0 + side * leg.target_distance)
            order(size=1, sl=stop, tp=target, tag=place)

    def _tend(self, trade: Any, leg: Leg, place: int) -> None:  # noqa: ANN401 - the peer's
        """Put the levels about the price of entry; move the stop to it after 1 R; end its time."""
        side, entry = leg.direction, trade.entry_price
        if place == trade.entry_bar:
            trade.sl = entry * (1.0 - side * leg.stop_distance)
            trade.tp = entry * (1.0 + side * leg.target_distance)
        best = float((self.data.High if side > 0 else self.data.Low)[-1])
        reached = side * (best - entry) / (leg.stop_distance * entry)
        if 0.0 < leg.breakeven_r <= reached and side * (entry - trade.sl) > 0.0:
            trade.sl = entry
        if place - trade.entry_bar + 1 >= leg.time_bars:
            trade.close()


def play(bars: Columns, legs: Legs, policy: Policy, cash: float) -> dict[int, float]:
    """Return the net return of each leg by the time of its decision, UTC milliseconds."""
    columns = {"Open": bars.open, "High": bars.high, "Low": bars.low, "Close": bars.close}
    table = pd.DataFrame(columns, index=pd.to_datetime(bars.open_ms, unit="ms"))
    Player.legs = dict(legs)
    cost = policy.fee + policy.impact
    test = backtesting.Backtest(table, Player, cash=cash, commission=cost, hedging=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the last trades, which the data end before
        done = test.run()["_trades"]
    nets = {}
    for trade in done.itertuples():
        leg = Player.legs[trade.Tag]
        ratio = trade.ExitPrice / trade.EntryPrice
        net = leg.direction * (ratio - 1.0) - cost * (1.0 + ratio)
        nets[leg.entry_ms] = float(net)
    return nets

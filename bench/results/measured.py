"""One market in rows: each strategy by itself, and line-ups before and after learning.

A row is tested against doing nothing, a change against the line-up before it: day by day, on the
same days. Funding of perpetuals, where the data have it, is taken off here: the product's costs
know fee, spread and slippage.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.results import walk
from bench.results.chance import Days, Ratio, Shift, ratio, shift
from bench.results.markets import Market, Rates, funding
from bench.results.plays import CHAMPION, Stage, Tell, Trade, Trades
from bench.results.walk import ADMITTED, ALL, Step, Walk
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.checking import series_of
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.checks.own_file import of_rule
from kingmaker.trader.checks.simulate import simulate
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import ARMS

NOTHING, BEFORE = "doing nothing", "before"


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of trading came to; returns are fractions of the capital base."""

    name: str
    trades: int
    size: float  # of all of them, in trades of full size
    won: int
    net: float
    gross: float  # before costs
    ratio: Ratio | None  # of the daily net returns
    other: str  # that these are more than
    shift: Shift | None = None  # of the net return a trade, where this is a change
    same: bool = False  # a change that changed no trade

    @property
    def chances(self) -> list[float]:
        """Return p of each test of the row."""
        return [one.p for one in (self.ratio, self.shift) if one is not None]


@dataclass(frozen=True, slots=True)
class Compared:
    """A symbol's line-up before and after learning, and what that changed."""

    before: Row
    after: Row
    change: Row


@dataclass(frozen=True, slots=True)
class Measured:
    """All rows of a market."""

    market: Market
    bars: int
    from_ms: int
    until_ms: int
    days: tuple[int, int]  # of trading: all, and those of the steps
    steps: Sequence[Step]
    commits: Sequence[str]
    unlearned: Sequence[Row]  # strategies and the line-up that ships, on all bars
    before: Row  # the line-up before learning, in the steps
    lineups: Mapping[str, Compared]  # ALL and ADMITTED, as far as they were played
    components: Mapping[str, Compared]  # each learned alone, if that was played
    symbols: Mapping[str, Compared]  # all nine learned
    funded: Sequence[str]  # symbols whose funding is known
    funding: float  # what it came to, of the line-up before, on all bars

    def rows(self) -> Iterable[Row]:
        """Yield every row that is tested."""
        yield from (*self.unlearned, self.before)
        for one in (*self.lineups.values(), *self.components.values()):
            yield from (one.after, one.change)
        for one in self.symbols.values():
            yield from (one.before, one.after, one.change)


def measure(
    market: Market, keep: Path, tell: Tell, jobs: int = 1, without: Collection[str] = ()
) -> Measured | None:
    """Return the rows of a market; None without its data. What is kept is not played again.

    `jobs` and `without` as `walk.walk` takes them.
    """
    desk = market.desk(keep)
    if desk is None:
        return None
    stage = Stage(desk, tell)
    strategies = walk.kept(keep / "strategies.json", lambda: _by_themselves(stage))
    walked = walk.walk(stage, (market.first_share, market.steps), keep, jobs, without)
    opens = dict(stage.bars.symbols(0))
    rates = funding(opens)
    rows = _Rows(market, opens, rates, walked.steps[0].span.from_ms)
    whole = _Rows(market, opens, rates, 0)
    shipped = whole.row("line-up as it ships", walked.before)
    return Measured(
        market=market,
        bars=stage.bars.bars(),
        from_ms=stage.bars.first_open_ms,
        until_ms=stage.bars.last_close_ms - 1,
        days=(len(whole.days.numbers), len(rows.days.numbers)),
        steps=walked.steps,
        commits=walked.commits,
        unlearned=[*[whole.row(name, strategies[name]) for name in sorted(strategies)], shipped],
        before=rows.row("line-up before learning", walked.traded(CHAMPION)),
        lineups=_compared(rows, walked, (ALL, ADMITTED)),
        components=_compared(rows, walked, COMPONENTS),
        symbols=_symbols(market, rates, walked, opens),
        funded=sorted(rates),
        funding=sum(_funding(trade, rates) for trade in walked.before),
    )


@dataclass(frozen=True)
class _Rows:
    """Makes rows of trades on the days of some symbols from a time on."""

    market: Market
    opens: Mapping[str, Sequence[int]]
    rates: Mapping[str, Rates]
    from_ms: int

    @property
    def days(self) -> Days:
        opens = [open_ms for one in self.opens.values() for open_ms in one]
        return Days.of(opens, self.market.calendar, self.from_ms)

    def row(self, name: str, trades: Sequence[Trade]) -> Row:
        net = self.funded(trades)
        costs = 2e-4 * sum(self.market.costs_bp)
        return Row(
            name=name,
            trades=len(net),
            size=sum(abs(trade.side) for trade in net),
            won=sum(trade.net > 0.0 for trade in net),
            net=sum(trade.net for trade in net),
            gross=sum(trade.net + costs * abs(trade.side) for trade in trades),
            ratio=ratio(self.days.sums(net), self.days.a_year),
            other=NOTHING,
        )

    def change(self, name: str, after: Sequence[Trade], before: Sequence[Trade]) -> Row:
        new, old = self.row(name, after), self.row(name, before)
        difference = self.days.sums(self.funded(after)) - self.days.sums(self.funded(before))
        return Row(
            name=name,
            trades=new.trades - old.trades,
            size=new.size - old.size,
            won=new.won - old.won,
            net=new.net - old.net,
            gross=new.gross - old.gross,
            ratio=ratio(difference, self.days.a_year),
            other=BEFORE,
            shift=shift(self.funded(after), self.funded(before), self.days),
            same=sorted(after) == sorted(before),
        )

    def compared(self, name: str, after: Sequence[Trade], before: Sequence[Trade]) -> Compared:
        return Compared(
            self.row(name, before), self.row(name, after), self.change(name, after, before)
        )

    def funded(self, trades: Sequence[Trade]) -> list[Trade]:
        return [trade._replace(net=trade.net - _funding(trade, self.rates)) for trade in trades]


def _funding(trade: Trade, rates: Mapping[str, Rates]) -> float:
    """Return what a trade paid at the times of funding that it was open at."""
    known = rates.get(trade.symbol, [])
    first = bisect_right(known, (trade.decided_ms, np.inf))
    last = bisect_right(known, (trade.exit_ms, np.inf))
    return trade.side * sum(rate for _, rate in known[first:last])


def _by_themselves(stage: Stage) -> Trades:
    """Return the trades of each strategy, on all bars, at full size."""
    policy = Policy.from_values(policy_values(stage.settings, "trader", stage.desk.name))
    bars = [Columns.of(*one) for one in series_of([stage.desk], 0)]
    stage.tell(f"{stage.desk.name}: strategies by themselves")
    return {
        arm.name: [
            Trade(one.symbol, one.decided_ms, one.exit_ms, one.direction, one.net)
            for columns in bars
            for one in simulate(of_rule(arm, arm.name), columns, policy)
        ]
        for arm in ARMS
    }


def _compared(rows: _Rows, walked: Walk, names: Iterable[str]) -> dict[str, Compared]:
    """Return the line-ups that were played, beside the one before learning."""
    before = walked.traded(CHAMPION)
    return {
        name: rows.compared(name, walked.traded(name), before)
        for name in names
        if any(name in step.trades for step in walked.steps)
    }


def _symbols(
    market: Market, rates: Mapping[str, Rates], walked: Walk, opens: Mapping[str, Sequence[int]]
) -> dict[str, Compared]:
    found = {}
    played = all(ALL in step.trades for step in walked.steps)
    for symbol in sorted(opens) if played and len(opens) > 1 else ():
        rows = _Rows(market, {symbol: opens[symbol]}, rates, walked.steps[0].span.from_ms)
        after, before = (
            [trade for trade in walked.traded(lineup) if trade.symbol == symbol]
            for lineup in (ALL, CHAMPION)
        )
        found[symbol] = rows.compared(symbol, after, before)
    return found

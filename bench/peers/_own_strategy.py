"""A person's own strategy beside backtesting.py: the same signals, played by another's simulator.

Both get the same legs: entry at the next open, stop and target as far away, breakeven at 1 R, the
longest holding time, the same costs a side. Trades are paired by the bar of their decision. Where
ours pays more than theirs, our figure flatters. Known to differ: near a level is near enough here
(`outcomes.price_tolerance`), and after its time a trade leaves at a close here, at the next open
there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers._own_file import REMEDY, NoPeerError, Record
from kingmaker.evidence.batch.paired import paired
from kingmaker.runtime.checking import OF_VALUES, desks_to_check, series_of
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.trader.checks import own_file
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.checks.own_file import OwnStrategy
from kingmaker.trader.checks.simulate import simulate, starts
from kingmaker.trader.policy import Policy

PEER = "backtesting.py"
DAY_MS = 86_400_000
CASH = 1e15  # every signal is a trade of its own: none waits for money


@dataclass(frozen=True, slots=True)
class _Pair:
    """One signal, by both simulators: net returns as fractions of the capital base."""

    decided_ms: int
    mine: float
    theirs: float


def compare(files: Sequence[Path], data: Sequence[str], bars: int, tell: Any) -> Iterator[Record]:  # noqa: ANN401 - hears how many series are done
    """Yield a record for each file. Raises OwnFileError, and NoPeerError before bars are read."""
    strategies = [own_file.strategy_of(path) for path in files]
    try:
        from bench.peers import _backtesting  # noqa: PLC0415 - laid over for one run
    except ModuleNotFoundError as error:
        raise NoPeerError(
            f"{files[0]}: there is no {error.name} here, the peer of a strategy. {REMEDY}"
        ) from error
    [desk, *others] = desks_to_check(data, OF_VALUES)
    if others:
        raise NoPeerError("bars of several intervals: ask about one at a time.")
    policy = _policy(desk)
    series = [Columns.of(*one) for one in series_of([desk], bars)]
    for strategy in strategies:
        pairs: list[_Pair] = []
        counts = np.zeros(2, int)
        for done, one in enumerate(series, start=1):
            mine = {trade.decided_ms: trade.net for trade in simulate(strategy, one, policy)}
            theirs = _backtesting.play(one, list(starts(strategy, one, policy)), policy, CASH)
            pairs += [_Pair(at, mine[at], theirs[at]) for at in sorted(mine.keys() & theirs.keys())]
            counts += (len(mine), len(theirs))
            tell(done)
        yield _compared(strategy, pairs, counts.tolist())


def lines(found: Sequence[Record]) -> Iterator[str]:
    """Yield a paragraph for each strategy."""
    for record in found:
        yield (
            f"{record['name']}: {record['trades']:,} trades by Kingmaker,"
            f" {record['peer_trades']:,} by {PEER}, {record['paired']:,} of them the same signals"
        )
        for name, pair in record["net"].items():
            figures = "-"
            if pair["low"] is not None:
                mean, low, high = (1e4 * pair[key] for key in ("mean", "low", "high"))
                figures = f"{mean:+.2f} ({low:+.2f} to {high:+.2f})"
            yield f"    {name:<46}  {figures} bp  {pair['verdict']}"
        yield ""
    yield (
        "Net returns a trade, after costs; in brackets 95 % intervals, of blocks of days. Where"
        f" Kingmaker pays more than {PEER}, its figure flatters."
    )


def _compared(strategy: OwnStrategy, pairs: Sequence[_Pair], counts: Sequence[int]) -> Record:
    days = [pair.decided_ms // DAY_MS for pair in pairs]
    mine, theirs = (np.array([getattr(one, side) for one in pairs]) for side in ("mine", "theirs"))
    told = {
        "by Kingmaker, against doing nothing": (mine, "doing nothing"),
        f"by {PEER}, against doing nothing": (theirs, "doing nothing"),
        f"by Kingmaker, against {PEER}": (mine - theirs, PEER),
    }
    net = {}
    for name, (values, other) in told.items():
        pair = paired(values, days)
        net[name] = {**asdict(pair), "verdict": pair.verdict(other)}
    trades = {"trades": counts[0], "peer_trades": counts[1], "paired": len(pairs)}
    return {"name": strategy.name, "peer": PEER, **trades, "net": net}


def _policy(desk: DeskSettings) -> Policy:
    return Policy.from_values(policy_values(Settings(desks=(desk,)), "trader", desk.name))

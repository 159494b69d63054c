"""The checks of the trader as the command line calls them: plain data in, plain records out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kingmaker.trader.checks import own_file
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.checks.lookahead import (
    FEATURE,
    STRATEGY,
    Checked,
    check_own,
    check_trader,
)
from kingmaker.trader.checks.returns import by_day, fared
from kingmaker.trader.checks.simulate import simulate
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import ARMS

type Series = tuple[str, int, Sequence[int], Sequence[float]]  # as `Columns.of` takes them


def lookahead(
    series: Iterable[Series],
    features: Sequence[Path],
    strategies: Sequence[Path],
    tell: Callable[[int], None],
) -> Iterator[dict[str, Any]]:
    """Yield a record for each feature and strategy on each series.

    Of the files that are named, or without any of the product's own. `tell` hears how many bars are
    done, over all series and files. Raises OwnFileError.
    """
    own = [(FEATURE, own_file.features_of(path), 0) for path in features]
    for path in strategies:
        strategy = own_file.strategy_of(path)
        own.append((STRATEGY, strategy.compute, strategy.reach))
    done = 0
    for one in series:
        bars = Columns.of(*one)
        if not own:
            yield from map(_record, check_trader(bars, _after(done, tell)))
            done += len(bars)
        for kind, compute, reach in own:
            yield from map(_record, check_own(kind, compute, bars, _after(done, tell), reach))
            done += len(bars)


def fare(
    series: Sequence[Series],
    files: Sequence[Path],
    settings: Mapping[str, str],
    tell: Callable[[int], None],
) -> Iterator[dict[str, Any]]:
    """Yield how each file's strategy fares on all series together, then each of the product's.

    `settings` as the trader hears them: costs, exits, calendar. `by_day` of a file's strategy are
    (day in UTC milliseconds, net return, trades). Raises OwnFileError.
    """
    policy = Policy.from_values(settings)
    bars = [Columns.of(*one) for one in series]
    opens = [one.open_ms.tolist() for one in bars]
    own = [own_file.strategy_of(path) for path in files]
    arms = [own_file.of_rule(arm, arm.name) for arm in ARMS]
    for number, strategy in enumerate([*own, *arms], start=1):
        trades = [
            (trade.exit_ms, trade.net) for one in bars for trade in simulate(strategy, one, policy)
        ]
        found = fared(trades, opens, policy.calendar)
        days = by_day(trades, opens)
        ours = number <= len(own)
        record = {"name": strategy.name, "own": ours, **asdict(found), "verdict": found.verdict}
        yield record | ({"by_day": days} if ours else {})
        tell(number)


def _after(before: int, tell: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: tell(before + done)


def _record(checked: Checked) -> dict[str, Any]:
    return {**asdict(checked), "ok": checked.difference is None}

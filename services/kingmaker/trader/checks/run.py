"""The checks of the trader as the command line calls them: plain data in, plain records out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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


def _after(before: int, tell: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: tell(before + done)


def _record(checked: Checked) -> dict[str, Any]:
    return {**asdict(checked), "ok": checked.difference is None}

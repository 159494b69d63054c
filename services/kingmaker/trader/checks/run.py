"""The checks of the trader as the command line calls them: plain data in, plain records out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from kingmaker.evidence.batch.paired import paired
from kingmaker.trader.checks import own_file
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.checks.holding import hold
from kingmaker.trader.checks.lookahead import (
    FEATURE,
    STRATEGY,
    Checked,
    Difference,
    check_own,
    check_trader,
    glance,
)
from kingmaker.trader.checks.returns import Fared, Floats, by_day, fared
from kingmaker.trader.checks.simulate import simulate
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import ARMS

SEER = "it looks ahead: no figure of it counts"
NOTHING, HOLDING = "doing nothing", "buying and holding"

type Day = tuple[int, float, int]  # its begin in UTC milliseconds, net return, trades
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
    """Yield how each file's strategy fares on all series together, then what stands beside it.

    These are buying and holding, and the five of the product. `settings` as the trader hears them:
    costs, exits, calendar. `against` holds the paired differences a day, in fractions of the
    capital base. `by_day` of a file's strategy are (day in UTC milliseconds, net return, trades).
    Raises OwnFileError.
    """
    policy = Policy.from_values(settings)
    own = [own_file.strategy_of(path) for path in files]
    arms = [own_file.of_rule(arm, arm.name) for arm in ARMS]
    bars = [Columns.of(*one) for one in series]
    opens = [one.open_ms.tolist() for one in bars]
    held = [list(hold(one, policy)) for one in bars]
    marks = [mark for one in held for mark in one]
    held_days = by_day(marks, opens, policy.calendar)
    holding = np.array([net for _, net, _ in held_days])
    ahead = [glance(STRATEGY, one.compute, bars[0], one.reach) for one in own]
    for number, strategy in enumerate([*own, *arms], start=1):
        if number == len(own) + 1:
            yield _of_holding(held, fared(marks, opens, policy.calendar), held_days)
        seen = ahead[number - 1] if number <= len(own) else None
        if seen is not None:
            yield _of_seer(strategy.name, seen, fared([], opens, policy.calendar))
            continue
        trades = [
            (trade.exit_ms, trade.net) for one in bars for trade in simulate(strategy, one, policy)
        ]
        days = by_day(trades, opens, policy.calendar)
        ours = number <= len(own)
        found = asdict(fared(trades, opens, policy.calendar))
        record = {"name": strategy.name, "own": ours, **found, **_against(days, holding)}
        yield record | ({"by_day": days} if ours else {})
        tell(number)


def _of_seer(name: str, found: Difference, untraded: Fared) -> dict[str, Any]:
    """Return the record of a strategy that looks ahead: no figure of it would count."""
    told = {"difference": asdict(found), "verdict": SEER, "against": {}, "by_day": []}
    return {"name": name, "own": True, **asdict(untraded), **told}


def _of_holding(
    held: Sequence[Sequence[tuple[int, float]]], found: Fared, days: Sequence[Day]
) -> dict[str, Any]:
    """Return the record of buying and holding: a trade a symbol."""
    nets = [sum(net for _, net in one) for one in held]
    counts = {
        "trades": len(nets),
        "won": sum(net > 0.0 for net in nets),
        "net_a_trade": sum(nets) / len(nets),
    }
    return {"name": HOLDING, "own": False, **asdict(found), **counts, **_against(days, None)}


def _against(days: Sequence[Day], holding: Floats | None) -> dict[str, Any]:
    """Return the verdict against doing nothing, and the paired differences a day."""
    nets = np.array([net for _, net, _ in days])
    numbers = [day for day, _, _ in days]
    pairs = {NOTHING: paired(nets, numbers)}
    if holding is not None:
        pairs[HOLDING] = paired(nets - holding, numbers)
    told = {
        other: {**asdict(pair), "verdict": pair.verdict(other)} for other, pair in pairs.items()
    }
    return {"verdict": told[NOTHING]["verdict"], "against": told}


def _after(before: int, tell: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: tell(before + done)


def _record(checked: Checked) -> dict[str, Any]:
    return {**asdict(checked), "ok": checked.difference is None}

"""What outcomes say of confidence, equity and exits: rows for tables and pages of `learn`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any

from kingmaker.analytics import equity as money
from kingmaker.analytics import reliability as confidence
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, is_twin
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime import learning
from kingmaker.runtime.history import decided
from kingmaker.runtime.learning import Query, Row
from kingmaker.runtime.log import Log

SAID = """
    SELECT p_win, signal_net FROM decisions
    WHERE desk = ? AND state = 'resolved' AND exit_reason <> 'EXPIRED' AND p_win > 0
    ORDER BY resolved_ms, opportunity
"""
CLOSED = """
    SELECT position, closed_ms, net FROM trades
    WHERE desk = ? AND closed_ms IS NOT NULL ORDER BY closed_ms, position
"""
PAIRS = """
    SELECT trial, slot, time_ms, champion_net, challenger_net FROM pairs
    WHERE desk = ? AND counted = 1 ORDER BY trial, number
"""
TRIALS = "SELECT trial FROM trials WHERE desk = ?"
RESOLVED = "OpportunityResolved"


@dataclass(frozen=True, slots=True)
class Excursion:
    """A trade that is over: how far it went for and against the account, in units of its risk."""

    trade: str
    symbol: str
    strategy: str
    time_ms: int
    best_r: float
    worst_r: float
    net: float  # fraction of the capital base
    reason: str


def reliability(query: Query, desk: str) -> list[Row]:
    """Return how often the confident were right: p_win, then every head that ever voted."""
    said = [(row["p_win"], row["signal_net"] > 0.0) for row in query(SAID, desk)]
    known = learning.outcomes(query, desk)
    found = [confidence.of_probability(said)]
    found += [confidence.of_head(name, known) for name in COMPONENTS]
    return [{"desk": desk, **asdict(one)} for one in found if one.n]


def equity(query: Query, desk: str) -> Row:
    """Return the account trade by trade, and both sides of every trial, watch and frozen twin.

    Sides are of the pairs that counted, so both saw the same market at the same time.
    """
    trades = query(CLOSED, desk)
    by_trial: dict[str, list[Row]] = {}
    for row in query(PAIRS, desk):
        by_trial.setdefault(row["trial"], []).append(row)
    trials = {row["trial"] for row in query(TRIALS, desk)}
    compared = [_compared(name, mine, trials) for name, mine in by_trial.items()]
    compared.sort(key=itemgetter("until_ms", "name"), reverse=True)
    return {
        "desk": desk,
        "account": _curve([row["closed_ms"] for row in trades], [row["net"] for row in trades]),
        "compared": compared,
    }


def excursions(log: Log, lane_index: int) -> Iterator[Excursion]:
    """Yield every closed trade of a desk's account, in the order in which they ended."""
    kind = message_class("kingmaker.trader.v1", RESOLVED)
    for record in decided(log, Lane(event_topic("trader"), lane_index)):
        if record.kind != kind.DESCRIPTOR.full_name:
            continue
        said: Any = kind.FromString(record.value)
        own = said.outcomes[0]
        if own.taken:
            about = (said.opportunity, said.symbol, said.strategy, said.time_ms)
            yield Excursion(*about, own.best_r, own.worst_r, own.net, own.reason)


def by_reason(found: Sequence[Excursion]) -> list[Row]:
    """Return for each way to end how many trades ended so, their mean excursions and net."""
    kinds: dict[str, list[Excursion]] = {}
    for one in found:
        kinds.setdefault(one.reason, []).append(one)
    return [
        {
            "reason": reason,
            "trades": len(mine),
            "best_r": sum(one.best_r for one in mine) / len(mine),
            "worst_r": sum(one.worst_r for one in mine) / len(mine),
            "net": sum(one.net for one in mine) / len(mine),
        }
        for reason, mine in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _compared(name: str, mine: Sequence[Row], trials: set[str]) -> Row:
    """Return both sides of a trial; of a watch, the challenger's side is whom the crown left."""
    times = [row["time_ms"] for row in mine]
    kind = "twin" if is_twin(name) else "trial" if name in trials else "watch"
    sides: Mapping[str, list[Row]] = {
        side: _curve(times, [row[f"{side}_net"] for row in mine])
        for side in ("champion", "challenger")
    }
    return {
        "name": name,
        "kind": kind,
        "slot": mine[0]["slot"],
        "pairs": len(mine),
        "until_ms": times[-1],
        **sides,
    }


def _curve(times: Sequence[int], nets: Sequence[float]) -> list[Row]:
    points = money.curve(nets)
    return [{"at_ms": at_ms, **asdict(point)} for at_ms, point in zip(times, points, strict=True)]

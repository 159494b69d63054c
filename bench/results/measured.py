"""One market, measured: each strategy by itself, and the line-up before and after learning.

Before: the line-up that ships, played without learning; until the first crown that is the play with
learning. After: the same desk with learning as shipped. Walk-forward by construction: at 01:00
learners see what was resolved by then, a product is tried on later opportunities only, and reigns
after that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench.stage import Stage
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.checking import series_of
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.log import Log
from kingmaker.runtime.scratch import played
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.checks.own_file import OwnStrategy, of_rule
from kingmaker.trader.checks.returns import fared
from kingmaker.trader.checks.simulate import simulate
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import ARMS

TELL_EVERY = 10_000  # bars
OVERLAP_MS = 12 * 86_400_000  # of the two plays: a long weekend, 98 hours of bars, and a check

type Tell = Callable[[str], None]
type Record = dict[str, Any]
type Key = tuple[str, int]  # symbol and time of decision
type Net = tuple[int, float, bool]  # exit time, net return (0 if left alone), taken


class OtherTradesError(Exception):
    """Before anything was crowned two plays of the same bars differed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the log tells: the champions' net by opportunity, and what was learned."""

    nets: dict[Key, Net]
    crowns: list[tuple[int, str]]  # time and slot, those earned by evidence
    trainings: int
    candidates: int
    trials: int

    @property
    def first_crown_ms(self) -> int:
        """Return when the first crown was earned."""
        return min(time_ms for time_ms, _ in self.crowns)

    def taken(self, from_ms: int = 0) -> list[tuple[int, float]]:
        """Return exit and net of the trades that were decided from a time on."""
        return [
            (exit_ms, net)
            for (_, decided_ms), (exit_ms, net, taken) in self.nets.items()
            if taken and decided_ms >= from_ms
        ]


def measure(desk: DeskSettings, folder: Path, tell: Tell) -> Record:
    """Return the figures of a market."""
    stage = Stage(Home(folder / "learning"), Settings(desks=(desk,)))
    policy = Policy.from_values(stage.policy("trader"))
    bars = [Columns.of(*one) for one in series_of([desk], 0)]
    tell(f"{desk.name}: {sum(map(len, bars)):,} bars; strategies by themselves")
    after = _played(stage, tell)
    before = _unlearned(stage, after, tell) if after.crowns else after
    return {
        "desk": desk.name,
        "bars": sum(map(len, bars)),
        "from_ms": min(int(one.open_ms[0]) for one in bars),
        "until_ms": max(int(one.open_ms[-1]) for one in bars),
        "strategies": {arm.name: _by_itself(of_rule(arm, arm.name), bars, policy) for arm in ARMS},
        "opportunities": len(after.nets),
        "before": _figures(before.taken(), bars, policy),
        "after": _figures(after.taken(), bars, policy),
        "since_crown": _since(before, after, bars, policy) if after.crowns else None,
        "crowns": [[time_ms, slot] for time_ms, slot in after.crowns],
        "trainings": after.trainings,
        "candidates": after.candidates,
        "trials": after.trials,
        "components": list(stage.settings.learning.components),
    }


def _by_itself(strategy: OwnStrategy, bars: Sequence[Columns], policy: Policy) -> Record:
    trades = [trade for one in bars for trade in simulate(strategy, one, policy)]
    return _figures([(trade.exit_ms, trade.net) for trade in trades], bars, policy)


def _since(before: Seen, after: Seen, bars: Sequence[Columns], policy: Policy) -> Record:
    """Return both line-ups on the opportunities since the first crown, and their difference."""
    first_ms = after.first_crown_ms
    later = [one.between(int((one.open_ms < first_ms).sum()), len(one)) for one in bars]
    kept = [one for one in later if len(one)]
    old, new = before.taken(first_ms), after.taken(first_ms)
    difference = [*new, *[(exit_ms, -net) for exit_ms, net in old]]
    return {
        "from_ms": first_ms,
        "before": _figures(old, kept, policy),
        "after": _figures(new, kept, policy),
        "difference": _figures(difference, kept, policy),
    }


def _played(stage: Stage, tell: Tell) -> Seen:
    """Play the desk and read what came of it."""
    told = 0
    with stage.kingdom() as kingdom:
        for _ in stage.times(kingdom):
            done = sum(position + 1 for position in kingdom.positions())
            if done // TELL_EVERY > told:
                told = done // TELL_EVERY
                tell(f"{stage.desks[0].name}: played {done:,} of {stage.bars.bars():,} bars")
    with stage.log() as log:
        return _read(log)


def _unlearned(stage: Stage, after: Seen, tell: Tell) -> Seen:
    """Return the play without learning: as far as nobody is crowned it is the play with it.

    What ships remembers nothing but the last bars, so it is played on from a little before.
    """
    first_ms = after.first_crown_ms
    tell(f"{stage.desks[0].name}: playing on without learning from the first crown on")
    from_ms = first_ms - OVERLAP_MS
    with played(stage.settings, lambda _done: None, from_ms=from_ms) as [source]:
        later = _nets(source.trades())
    nets = {key: net for key, net in after.nets.items() if key[1] < first_ms}
    for key, net in later.items():
        warm = from_ms + OVERLAP_MS // 2 <= key[1] < first_ms
        if warm and nets.get(key, net) != net:
            raise OtherTradesError(f"{key} differs before anything was crowned")
    nets |= {key: net for key, net in later.items() if key[1] >= first_ms}
    return replace(after, nets=nets)


def _read(log: Log) -> Seen:
    nets = _nets(_events(log, "trader", "OpportunityResolved"))
    crowns = [
        (event.time_ms, event.slot)
        for event in _events(log, "promotion", "ChampionCrowned")
        if event.how == "promoted"
    ]
    trainings = list(_events(log, "learners", "TrainingCompleted"))
    trials = list(_events(log, "promotion", "TrialOpened"))
    candidates = sum(training.candidate for training in trainings)
    return Seen(nets, crowns, len(trainings), candidates, len(trials))


def _nets(resolved: Iterable[Any]) -> dict[Key, Net]:
    """Return what the champions made of each opportunity: exit, net (0 if left alone), taken."""
    found = {}
    for event in resolved:
        champion = event.outcomes[0]
        net = champion.net if champion.taken else 0.0
        found[event.symbol, event.decided_ms] = (champion.exit_ms, net, champion.taken)
    return found


def _events(log: Log, service: str, name: str) -> Iterable[Any]:
    message = message_class(f"kingmaker.{service}.v1", name)
    kind = message.DESCRIPTOR.full_name
    for record in decided(log, Lane(event_topic(service), 0)):
        if record.kind == kind:
            yield message.FromString(record.value)


def _figures(
    trades: Sequence[tuple[int, float]], bars: Sequence[Columns], policy: Policy
) -> Record:
    found = fared(trades, [one.open_ms.tolist() for one in bars], policy.calendar)
    return {**asdict(found), "verdict": found.verdict}

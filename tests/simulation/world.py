"""All real services on one log, under the clock, with everything around them made up.

A world is what happens outside: bars, commands, facts, at their market times. `Life` lets it happen
to processes that die: whatever crashes, the next process goes on where the lanes say.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.contracts.models import schema_of
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Effect, Input
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import AnyService, Ask, Engine
from kingmaker.runtime.log import Log, NotAcceptedError
from kingmaker.runtime.memory_log import CrashError
from kingmaker.runtime.services import build_services
from tests import people
from tests.simulation import market, models

DESKS = (Desk("one", 0), Desk("two", 1))
SYMBOLS = {"one": ("AAA", "BBB"), "two": ("CCC",)}
FIRST_BAR = {"one": 0, "two": 330}  # the second desk opens when the first has found its king
NIGHT_BAR = 452  # the bar at which it is 01:00
START_MS = 19_700 * 86_400_000 + 3_600_000 - NIGHT_BAR * market.BAR_MS
TRADER_INPUTS = 360  # of the window: bars that it looks at in these worlds, and many restarts
STARTS_MAX = 500
METRICS = {
    "holdout_gain": 0.1,
    "holdout_gain_se": 0.01,
    "holdout_acts": 60.0,
    "holdout_net_all": 0.0,
    "holdout_net_kept": 0.002,
    "holdout_net_with": 0.001,
}
POLICY: Mapping[str, Mapping[str, str]] = {
    "trader": {
        "costs.fee_bp": "1",
        "costs.half_spread_bp": "0.5",
        "costs.slippage_bp": "0.5",
        "exits.max_holding": "4",
        "signals.confluence_min": "0",
    },
    "learners": {"learning.min_trades": "100", "learning.min_new_trades": "20"},
    "promotion": {
        "promotion.min_trades": "10",
        "promotion.min_taken": "5",
        "promotion.sharpe_improvement": "0",
        "promotion.cool_down_minutes": "0",
        "promotion.market_hours": "any",
        "promotion.budget.mode": "per_test",
        "trial.max_faults": "3",
    },
}

type Happening = tuple[str, int, Input]  # service, lane, what it is offered


@dataclass(frozen=True)
class World:
    """What happens outside, by market time."""

    happenings: Mapping[int, Sequence[Happening]]
    policy: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: POLICY)

    @property
    def times(self) -> list[int]:
        """Every market time at which something happens."""
        return sorted(self.happenings)

    def with_happenings(self, more: Mapping[int, Sequence[Happening]]) -> "World":
        """Return the same world, and more in it."""
        times = self.happenings.keys() | more.keys()
        both = {t: [*self.happenings.get(t, ()), *more.get(t, ())] for t in times}
        return replace(self, happenings=both)


def bars_of(seed: int, count: int) -> dict[int, list[Happening]]:
    """Return the bars of all desks, by the time at which they are known."""
    found: dict[int, list[Happening]] = defaultdict(list)
    for desk in DESKS:
        numbers = iter(range(count * len(SYMBOLS[desk.name])))
        series = [
            (symbol, market.bars(seed, phase=10 * desk.index + 3 * place))
            for place, symbol in enumerate(SYMBOLS[desk.name])
        ]
        for bar in range(FIRST_BAR[desk.name], count):
            open_ms = START_MS + bar * market.BAR_MS
            time_ms = open_ms + market.BAR_MS
            for symbol, rows in series:
                draft = market.row(symbol, open_ms, next(rows))
                lane = Lane("km.feed.facts.v1", desk.index)
                item = Input(lane, next(numbers), draft.kind, draft.value, time_ms=time_ms)
                found[time_ms].append(("feed", desk.index, item))
    return found


def settings_and_models(
    policy: Mapping[str, Mapping[str, str]], time_ms: int
) -> dict[int, list[Happening]]:
    """Return what the runtime hands out at start."""
    found: list[Happening] = []
    for service in services():
        values = dict(policy.get(service.name, {}))
        apply = message("kingmaker.policy.v1.ApplyPolicy", hash=repr(values), values=values)
        lane = Lane(f"km.{service.name}.settings.v1", service.index)
        item = Input(lane, 0, apply.kind, apply.value, time_ms=time_ms)
        found.append((service.name, service.index, item))
        if service.name == "promotion":
            keys = people.apply_keys()
            lane = Lane("km.promotion.keys.v1", service.index)
            item = Input(lane, 0, keys.kind, keys.value, time_ms=time_ms)
            found.append((service.name, service.index, item))
    slots = [(component, desk.name) for desk in DESKS for component in COMPONENTS]
    for number, (component, desk) in enumerate(slots):
        offer = message(
            "kingmaker.registry.v1.OfferBootstrap",
            slot=slot_of(component, desk),
            digest=models.digest_of(component, "bootstrap"),
            size_bytes=1000,
            time_ms=time_ms,
        )
        lane = Lane("km.registry.shipped.v1")
        found.append(("registry", 0, Input(lane, number, offer.kind, offer.value, time_ms=time_ms)))
    return {time_ms: found}


def said(service: str, index: int, number: int, time_ms: int, draft: Draft) -> Happening:
    """Return a command to a service."""
    lane = Lane(f"km.{service}.commands.v1", index)
    return service, index, Input(lane, number, draft.kind, draft.value, time_ms=time_ms)


def late(service: str, index: int, number: int, time_ms: int, draft: Draft) -> Happening:
    """Return a fact that comes late, twice or unasked."""
    lane = Lane(f"km.{service}.late.v1", index)
    return service, index, Input(lane, number, draft.kind, draft.value, time_ms=time_ms)


def message(kind: str, **fields: Any) -> Draft:  # noqa: ANN401 - fields of any message
    """Return a message as bytes."""
    package, _, name = kind.rpartition(".")
    content = message_class(package, name)(**fields)
    return Draft(kind, content.SerializeToString(deterministic=True))


@cache
def services() -> tuple[AnyService, ...]:
    """Return every real service, as a kingdom builds them."""
    return tuple(
        replace(service, window_inputs=TRADER_INPUTS) if service.name == "trader" else service
        for service in build_services(DESKS)
    )


@dataclass(frozen=True)
class Work:
    """All reactors: what they answer follows from what they are asked."""

    def begin(self, effect: Effect) -> None:
        """Nothing is started early."""

    def finish(self, effect: Effect) -> Draft:
        """Answer at once."""
        asked = effect.payload
        match effect.kind:
            case "trader.load":
                fields = {"digest": asked.digest, "attempt": asked.attempt}
                return message("kingmaker.trader.v1.ModelLoaded", **fields)
            case "registry.verify":
                schema = schema_of(asked.slot.partition("@")[0])
                fields = {"digest": asked.digest, "slot": asked.slot, "schema": schema}
                return message("kingmaker.registry.v1.ModelSound", **fields)
            case "learners.train":
                return _trained(asked)
            case _:
                return message("kingmaker.alerting.v1.AlertDelivered", key=asked.key)


def _trained(asked: Any) -> Draft:  # noqa: ANN401 - the learners' TrainingStarted
    component, _, desk = asked.slot.partition("@")
    if component != "online_learning":
        return message(
            "kingmaker.learners.v1.TrainingBroke", training=asked.training, reason="made to fail"
        )
    return message(
        "kingmaker.learners.v1.TrainingSucceeded",
        training=asked.training,
        digest=models.digest_of(component, "other", desk),
        size_bytes=1000,
        dataset_digest="d",
        data_from_ms=0,
        metrics=METRICS,
    )


REACTORS = dict.fromkeys(
    ("trader.load", "registry.verify", "learners.train", "alerting.send"), Work()
)

type MakeClock = Callable[[Sequence[Engine], Log], Clock]


def ordinary(engines: Sequence[Engine], log: Log) -> Clock:
    """Return the clock as it is."""
    return Clock(engines, log, REACTORS, eager=True)


@dataclass
class Life:
    """Processes, one after the other, that live through a world on one log."""

    log: Log
    world: World
    clock: MakeClock = ordinary
    kept: Mapping[Lane, Mapping[str, bytes]] = field(default_factory=dict)  # snapshots
    answer: Ask = models.answer
    deaths: int = 0
    engines: list[Engine] = field(default_factory=list)
    zombies: list[Engine] = field(default_factory=list)
    on_birth: Callable[["Life"], None] = lambda _life: None

    def to_the_end(self, until_ms: int) -> None:
        """Start a new process after every crash."""
        for birth in range(STARTS_MAX):
            try:
                self._live(f"birth-{birth}", until_ms)
            except (CrashError, NotAcceptedError):
                self.deaths += 1
                self.zombies += self.engines
            else:
                return
        raise AssertionError(f"after {STARTS_MAX} starts the world has not come to its end")

    def snapshots(self) -> dict[Lane, dict[str, bytes]]:
        """Announce and return the state of every service."""
        taken = [(engine, engine.host.take_snapshot()) for engine in self.engines]
        for engine, _ in taken:
            engine.stage()
        return {engine.lane: {snap.digest: snap.content} for engine, snap in taken}

    def _live(self, release: str, until_ms: int) -> None:
        self.engines = [Engine(service, self.log, self.answer) for service in services()]
        for engine in self.engines:
            engine.start(release, self.kept.get(engine.lane))
        self.on_birth(self)
        clock = self.clock(self.engines, self.log)
        now_ms = clock.now_ms
        if now_ms:
            clock.move_to(now_ms, self._at(now_ms))
        for time_ms in self.world.times:
            if now_ms < time_ms <= until_ms:
                while (due_ms := clock.next_due_ms) is not None and due_ms < time_ms:
                    clock.move_to(max(due_ms, clock.now_ms))
                clock.move_to(time_ms, self._at(time_ms))

    def _at(self, time_ms: int) -> Iterable[tuple[Engine, Input]]:
        by_lane = {(engine.service.name, engine.service.index): engine for engine in self.engines}
        for service, index, item in self.world.happenings.get(time_ms, ()):
            yield by_lane[service, index], item

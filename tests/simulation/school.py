"""A desk that trains its learners on its own record, and tries what they make, on one log.

Everything that decides is the real thing: trader, learners, registry, shadow, promotion. A training
reads the log of the world and makes a real bundle; people offer what was not admitted; the bundles
answer as challengers, by the code that serves them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from kingmaker.contracts.desks import component_of, slot_of
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Answer, Answers, Effect, Fault, Input, Question
from kingmaker.learners import training
from kingmaker.learners.experience import UnfitDataError
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.log import Log
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.patience import SCHEDULED
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.models.unconfined import Unconfined
from kingmaker.runtime.reactors.training_process import keep
from tests.simulation import market, models
from tests.simulation.market import Ohlcv
from tests.simulation.world import (
    DESKS,
    REACTORS,
    START_MS,
    Happening,
    Life,
    Work,
    World,
    message,
    said,
    settings_and_models,
)

DESK = DESKS[0]
TRADES = 360  # closed, before anybody learns

type Policy = Mapping[str, Mapping[str, str]]
type Series = Mapping[str, Iterator[Ohlcv]]  # bars by symbol
type Champions = Callable[[Question], Answer | Fault]


def settings(
    components: Collection[str], more: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return settings in which these components train once, and trials go by what ships."""
    policy: dict[str, dict[str, str]] = {
        "trader": {"exits.max_holding": "4"},
        "learners": {
            "learning.components": ",".join(sorted(components)),
            "learning.min_trades": str(TRADES),
            "learning.experiences": str(TRADES),
            "learning.holdout_share": "0.35",  # a hundred trades of each part, as some ask for
            "learning.experience_hours": "10000",
            "learning.min_new_trades": str(TRADES),
            "learning.quiet_hours": "10000",
        },
        "promotion": {},
    }
    return {name: {**values, **more.get(name, {})} for name, values in policy.items()}


@dataclass(frozen=True)
class Training(Work):
    """Trains on what the log of the world holds, in this process."""

    log: Log
    store: ArtifactStore

    def finish(self, effect: Effect) -> Draft:
        """Answer with what was made, or why nothing was."""
        asked = effect.payload
        component = component_of(asked.slot)
        try:
            made = training.train(
                component, Record(self.log), asked.seed, asked.parameters, lambda _told: None
            )
        except UnfitDataError as error:
            fields = {"reason": str(error), "permanent": True}
            return message("kingmaker.learners.v1.TrainingBroke", training=asked.training, **fields)
        return message(
            "kingmaker.learners.v1.TrainingSucceeded",
            training=asked.training,
            digest=keep(cast("Any", made), self.store.folder),
            size_bytes=len(made.model),
            dataset_digest=made.dataset_digest,
            data_from_ms=made.data_from_ms,
            metrics=made.metrics,
        )


@dataclass(frozen=True)
class Record:
    """What a desk's log tells its learners."""

    log: Log

    def trades(self) -> Sequence[Any]:
        """Return what was resolved."""
        return events(self.log, "trader", "OpportunityResolved")

    def bars(self) -> Sequence[Any]:
        """Return the bars that closed."""
        return events(self.log, "feed", "BarClosed")


@dataclass
class School:
    """A desk in a market, and how far it has lived."""

    world: World
    champions: Champions
    store: ArtifactStore
    runner: ModelRunner
    log: MemoryLog = field(default_factory=MemoryLog)

    def live(self, bar: int, more: Mapping[int, Sequence[Happening]] | None = None) -> None:
        """Live on until a bar is known, and let this happen too."""
        self.world = self.world.with_happenings(more or {})
        life = Life(self.log, self.world, clock=self._clock, answer=self._answer)
        life.to_the_end(time_of(bar))

    def offer(self, bar: int, bundles: Mapping[str, Bundle]) -> None:
        """Have a person offer these, by component; live until that bar."""
        time_ms, happening = time_of(bar), list[Happening]()
        for number, (component, bundle) in enumerate(sorted(bundles.items())):
            offer = message(
                "kingmaker.registry.v1.OfferModel",
                command_id=f"o-{number}",
                slot=slot_of(component, DESK.name),
                digest=self.store.put(bundle),
                size_bytes=len(bundle.model),
                origin="converted",
                actor="ada",
                reason="to see it tried",
                time_ms=time_ms,
            )
            happening.append(said("registry", 0, number, time_ms, offer))
        self.live(bar, {time_ms: happening})

    def said(self, service: str, *names: str) -> list[Any]:
        """Return what a service said, of these kinds, in order."""
        return events(self.log, service, *names)

    def _clock(self, engines: Sequence[Engine], log: Log) -> Clock:
        trains = Training(log, self.store)
        return Clock(engines, log, {**REACTORS, "learners.train": trains}, eager=True)

    def _answer(self, questions: Sequence[Question]) -> Answers:
        shipped = [question for question in questions if question.model in models.KNOWN]
        made = [question for question in questions if question.model not in models.KNOWN]
        answers = {question.key: self.champions(question) for question in shipped}
        return {**answers, **self.runner.load_and_answer(made)}


@contextmanager
def school(
    folder: Path, series: Series, count: int, champions: Champions, policy: Policy
) -> Iterator[School]:
    """Yield a desk in a market of so many bars, before the first of them."""
    world = World(settings_and_models(policy, START_MS), policy)
    store = ArtifactStore(folder)
    with ModelRunner(store, SCHEDULED, Unconfined()) as runner:
        lived = School(world.with_happenings(bars_of(series, count)), champions, store, runner)
        yield lived


def time_of(bar: int) -> int:
    """Return when a bar is known."""
    return START_MS + (bar + 1) * market.BAR_MS


def events(log: Log, service: str, *names: str) -> list[Any]:
    """Return what a service said, of these kinds, in order."""
    package = f"kingmaker.{service}.v1"
    kinds = {f"{package}.{name}" for name in names}
    records = decided(log, Lane(f"km.{service}.v1", 0))
    return [message_of(record) for record in records if record.kind in kinds]


def bars_of(series: Series, count: int) -> dict[int, list[Happening]]:
    """Return so many bars of every symbol, by the time at which they are known."""
    found: dict[int, list[Happening]] = defaultdict(list)
    lane, number = Lane("km.feed.facts.v1", 0), 0
    for bar in range(count):
        open_ms = START_MS + bar * market.BAR_MS
        for symbol, rows in series.items():
            draft = market.row(symbol, open_ms, next(rows))
            time_ms = open_ms + market.BAR_MS
            item = Input(lane, number, draft.kind, draft.value, time_ms=time_ms)
            found[time_ms].append(("feed", 0, item))
            number += 1
    return found

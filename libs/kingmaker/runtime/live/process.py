"""Puts the process of one service together on Kafka, and runs it until it is told to end."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import public_topics_of
from kingmaker.kernel.service import Input
from kingmaker.runtime import assembly, first_inputs, keyring
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.bars import open_bars
from kingmaker.runtime.clock import Reactor
from kingmaker.runtime.engine import AnyService, Ask, Engine, ask_nobody
from kingmaker.runtime.home import Home, Lock
from kingmaker.runtime.kafka import configured, topics
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.kafka.republishing import Republisher
from kingmaker.runtime.kill_file import KillFile
from kingmaker.runtime.live import views
from kingmaker.runtime.live.bars import RecordedBars
from kingmaker.runtime.live.effects import Effects
from kingmaker.runtime.live.engine import LiveEngine, MarketEngine
from kingmaker.runtime.live.foreign import ForeignInputs
from kingmaker.runtime.live.health import Health, HealthServer
from kingmaker.runtime.live.loop import Loop, Nothing, Parts, market_ms, wall_ms
from kingmaker.runtime.live.mirror import MirroredTraining
from kingmaker.runtime.live.publishing import Publishing
from kingmaker.runtime.live.storing import storage_of
from kingmaker.runtime.live.watching import Watching
from kingmaker.runtime.models import shipped
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.patience import LIVE, MEASURED, SCHEDULED
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.reactors import alerts, historical, loading, progress, training, verification
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.settings_sources import SettingsError
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.page import open_answer
from kingmaker.runtime.telemetry.tracing import open_trace
from kingmaker.runtime.telemetry.view_gauges import ViewGauges

STALE_S = 1.0  # how old an answer may be that a lane has ended
IDLE_S = 0.2  # how long to wait for news before time, effects and requests are looked at
MIRROR = "trades.sqlite"
READERS_OF_BARS = ("feed", "registry")  # registry offers what ships as of their first moment

type Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said on the command line."""

    name: str
    ordinal: int = 0
    of: int = 1
    host: str = "127.0.0.1"
    port: int = 0
    bars_a_second: float = 0.0
    until_over: bool = False  # end once all bars are played and everything is consumed


def run(wish: Wish, settings: Settings, tell: Tell) -> None:
    """Run until SIGTERM or SIGINT. Raise what makes a supervisor start it again."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    with ExitStack() as stack:
        health, measures = Health(), Measures([desk.name for desk in settings.desks])
        measures.look((), {"ready": {(wish.name,): 0.0}})
        metrics = open_answer(measures)
        server = stack.enter_context(HealthServer(health, wish.host, wish.port, metrics))
        tell(f"{wish.name}: starting; health on http://{wish.host}:{server.port}/readyz")
        if wish.name == views.NAME:
            home, gauges = Home(settings.home.expanduser()), ViewGauges(measures)
            views.run(settings, home, health, stopping, tell, gauges)
            return
        process = _Process(wish, settings, stack, health)
        loop = Loop(process.parts(process.watching(measures)))
        loop.begin()
        for lane in process.lanes:
            tell(f"{lane}: {loop.stopped.get(lane, 'taken over')}")
        stack.enter_context(process.publishing())
        process.log.stale_s = STALE_S
        while not stopping.is_set() and not (wish.until_over and loop.is_over):
            if not loop.turn():
                process.log.wait(IDLE_S)
        loop.end()
        tell(f"{wish.name}: ended; everything is recorded")


class _Process:
    """Everything that must be opened, in order, and closed by `stack`."""

    def __init__(self, wish: Wish, settings: Settings, stack: ExitStack, health: Health) -> None:
        self._wish, self._settings, self._stack, self._health = wish, settings, stack, health
        self.desks = tuple(Desk(desk.name, at) for at, desk in enumerate(settings.desks))
        self._cluster = configured.cluster_of(settings)
        topics.require(self._cluster, configured.wanted_of(settings))
        self._services = _chosen(wish, self.desks)
        self.lanes = [service.lane for service in self._services]
        self.home = Home(settings.home.expanduser())
        incarnation = self.home.begin(configured.incarnation_of(settings))
        stack.enter_context(Lock(self.home))
        if wish.name == "promotion":
            keyring.begin(self.home, settings.trusted_keys)
        self._anchors = Anchors(self.home.anchors)
        self._witness = self._anchors.witness()
        self._open_log = partial(KafkaLog, self._cluster, incarnation)
        self.log = self._open_log(writes=self.lanes, watch=self._witness.see)
        stack.callback(self.log.close)
        self._storage = storage_of(settings, self.home)
        self._store = self._storage.artifacts
        self._runner: ModelRunner | None = None
        self._is_played = settings.clock == "bars"
        reads_bars = self._is_played and wish.name in READERS_OF_BARS
        self._bars = open_bars(settings) if reads_bars else None

    def parts(self, watching: Watching) -> Parts:
        reactors = self._reactors()
        effects = Effects(reactors, slow=frozenset({training.KIND, historical.KIND}))
        self._stack.callback(effects.close)
        runner = self._runner
        answer: Ask = runner.answer if runner else ask_nobody
        kind = MarketEngine if self._is_played else LiveEngine
        return Parts(
            log=self.log,
            engines=[kind(service, self.log, answer) for service in self._services],
            effects=effects,
            foreign=ForeignInputs(self.log, topics.cluster_id(self._cluster)),
            anchors=self._anchors,
            snapshots=self._storage.snapshots,
            health=self._health,
            first=self._first,
            source=self._source(),
            now=market_ms if self._is_played else wall_ms,
            loaded=lambda: runner.loaded if runner else (),
            checked=self._witness.require,
            watching=watching,
        )

    def watching(self, measures: Measures) -> Watching:
        """Return what looks at this process; it tells a collector if there is one."""
        endpoint, name = self._settings.telemetry.otlp_endpoint, self._wish.name
        trace = open_trace(endpoint, name, self.log.traces, measures, self._stack)
        return Watching(measures, self.log.behind, trace)

    def publishing(self) -> Publishing:
        """Return what republishes the lanes of this process, for everyone who subscribes."""
        makers = [
            partial(Republisher, self._cluster, topic, lane, self.log.incarnation, self.desks)
            for topic in public_topics_of(self._wish.name)
            for lane in self.lanes
        ]
        return Publishing(makers, self._health)

    def _reactors(self) -> Mapping[str, Reactor]:
        """Return what does the work of this service, and start nothing that it does not need.

        Recorded bars wait: a busy machine must not change what models say of them.
        """
        shipped.install(self._store)
        match self._wish.name:
            case "trader":
                patience = SCHEDULED if self._is_played else MEASURED
                self._runner = self._stack.enter_context(ModelRunner(self._store, patience))
                return {loading.KIND: loading.Loading(self._runner)}
            case "registry":
                patience = SCHEDULED if self._is_played else LIVE
                examination = self._stack.enter_context(Examination(patience))
                return {verification.KIND: verification.Verification(self._store, examination)}
            case "learners":
                return self._trainings()
            case "alerting":
                return {alerts.KIND: alerts.AlertReactor(alerts.open_channels(self.home.logs))}
        return {}

    def _trainings(self) -> Mapping[str, Reactor]:
        """Return what trains, and what learns from past bars: both read a copy of the log."""
        file = self.home.path / MIRROR
        folder = self.home.path / progress.FOLDER
        place = training.Place(
            *(file, self._storage.trained.folder, self.desks), folder, self.home.compiled
        )
        lanes = {desk.name: desk.index for desk in self.desks}
        works = {
            training.KIND: training.TrainingReactor(place),
            historical.KIND: historical.reactor(place),
        }
        lock = threading.Lock()  # of the copy, which both begin with
        found: dict[str, Reactor] = {}
        for kind, work in works.items():
            self._stack.callback(work.close)
            uploaded = self._storage.uploading(work)
            found[kind] = MirroredTraining(self._open_log, file, lanes, uploaded, lock)
        return found

    def _source(self) -> RecordedBars | KillFile | Nothing:
        if self._wish.name == "risk":
            return KillFile(self.home.path)
        if self._bars is None or self._wish.name != "feed":
            return Nothing()
        return RecordedBars(self._bars, len(self.desks), self._wish.bars_a_second)

    def _first(self, engine: Engine) -> Iterator[Input]:
        begins = self._begins_ms(engine)
        now = max(begins, engine.host.time_ms)
        if self._runner:
            yield from first_inputs.losses(engine, self._runner.load, now)
        if engine.service.name == "promotion":  # whom it trusts, before it judges a signature
            yield first_inputs.keys(engine, keyring.apply_keys(self.home), now)
        said = first_inputs.Said(self.desks, self._policy_of, assembly.user())
        yield first_inputs.policy(engine, said, now)
        if engine.service.name == "registry":
            yield from first_inputs.bootstrap(engine, shipped.offers(self.desks, begins), now)

    def _begins_ms(self, engine: Engine) -> int:
        """Return when a first start happens, where time comes with the inputs: before them."""
        if self._bars is not None:
            return self._bars.first_open_ms
        return 0 if self._is_played else wall_ms(engine)

    def _policy_of(self, service: str, desk: Desk | None) -> Mapping[str, str]:
        name = desk.name if desk else None
        return policy_values(self._settings, service, name, live=not self._is_played)


def _chosen(wish: Wish, desks: Sequence[Desk]) -> list[AnyService]:
    """Return the services of this process: of its name, of the lanes of its ordinal."""
    named = [service for service in build_services(desks) if service.name == wish.name]
    if not named:
        names = sorted({views.NAME, *(service.name for service in build_services(desks))})
        raise SettingsError(f"no service is called {wish.name!r}. There are: {', '.join(names)}.")
    if not 0 <= wish.ordinal < wish.of:
        raise SettingsError(f"--ordinal is {wish.ordinal}: with --of {wish.of} it begins at 0.")
    return [service for service in named if service.index % wish.of == wish.ordinal]

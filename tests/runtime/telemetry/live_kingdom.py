"""All services of one desk as live engines in one process, on one file: real parts, no broker."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Input
from kingmaker.runtime import first_inputs, keyring
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.bars import DEMO, open_bars
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.home import Home
from kingmaker.runtime.kafka.log import Foreign
from kingmaker.runtime.live.bars import RecordedBars
from kingmaker.runtime.live.effects import Effects
from kingmaker.runtime.live.engine import MarketEngine
from kingmaker.runtime.live.foreign import ForeignInputs
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.loop import Loop, Parts, market_ms
from kingmaker.runtime.live.watching import Watching
from kingmaker.runtime.models import shipped
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.patience import LIVE
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors import alerts, loading, training, verification
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Learning, Promotion, Settings
from kingmaker.runtime.settings_policy import policy_values
from kingmaker.runtime.snapshots import Snapshots
from kingmaker.runtime.sqlite_log import SqliteLog

DESK = Desk("btc-1h", 0)
# A crown within weeks of bars: rules that nobody should trade by, so that a test need not wait.
EAGER = Settings(
    desks=(DEMO[0],),
    clock="bars",
    learning=Learning(
        min_trades=100, min_new_trades=50, admission_gain_se=0.0, admission_min_acts=1
    ),
    promotion=Promotion(
        min_trades=2, min_taken=0, p_method="naive_t", sharpe_improvement=0.0, market_hours="any"
    ),
)


class NoCommands:
    """Topics that many may write, into which nobody wrote."""

    def read_foreign(self, _lane: Lane, place: int) -> tuple[list[Foreign], int]:
        return [], place

    def end_of(self, _lane: Lane) -> int:
        return 0


class FeedOnly:
    """Recorded bars, for the feed alone."""

    def __init__(self, bars: RecordedBars) -> None:
        self._bars = bars

    @property
    def is_over(self) -> bool:
        return self._bars.is_over

    def take(self, engine: Engine) -> Iterator[Input]:
        return self._bars.take(engine) if engine.service.name == "feed" else iter(())


class LiveKingdom:
    """All services, which take their inputs as they come."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.home = Home(folder)
        self.log = SqliteLog(self.home.log, self.home.begin())
        stack.callback(self.log.close)
        keyring.begin(self.home)
        self.health = Health()
        self._bars = open_bars(EAGER)
        store = ArtifactStore(self.home.artifacts)
        shipped.install(store)
        self._runner = stack.enter_context(ModelRunner(store, LIVE))
        trainings = training.TrainingReactor(
            training.Place(self.home.log, self.home.artifacts, (DESK,))
        )
        stack.callback(trainings.close)
        self._effects = Effects(
            {
                loading.KIND: loading.Loading(self._runner),
                verification.KIND: verification.Verification(
                    store, stack.enter_context(Examination(LIVE))
                ),
                training.KIND: trainings,
                alerts.KIND: alerts.AlertReactor({}),
            }
        )
        stack.callback(self._effects.close)

    def loop(self, watching: Watching) -> Loop:
        services = build_services((DESK,))
        parts = Parts(
            log=self.log,
            engines=[MarketEngine(one, self.log, self._runner.answer) for one in services],
            effects=self._effects,
            foreign=ForeignInputs(NoCommands(), "none"),
            anchors=Anchors(self.home.anchors),
            snapshots=Snapshots(self.home.snapshots, "test"),
            health=self.health,
            first=self._first,
            source=FeedOnly(RecordedBars(self._bars, 1)),
            now=market_ms,
            watching=watching,
        )
        return Loop(parts)

    def _first(self, engine: Engine) -> Iterator[Input]:
        begins = self._bars.first_open_ms
        if engine.service.name == "promotion":
            yield first_inputs.keys(engine, keyring.apply_keys(self.home), begins)
        yield first_inputs.policy(engine, first_inputs.Said((DESK,), _policy), begins)
        if engine.service.name == "registry":
            offers = shipped.offers((DESK,), begins)
            yield from first_inputs.bootstrap(engine, offers, begins)


@contextmanager
def live_kingdom(folder: Path) -> Iterator[LiveKingdom]:
    """Yield a kingdom that nobody runs yet; end its processes afterwards."""
    with ExitStack() as stack:
        yield LiveKingdom(folder, stack)


def run_until(loop: Loop, holds: Callable[[], bool], turns_max: int = 200_000) -> None:
    """Run until something holds; fail if it never does."""
    loop.begin()
    for _ in range(turns_max):
        loop.turn()
        if holds():
            return
    raise AssertionError("it never came to that")


def _policy(service: str, desk: Desk | None) -> dict[str, str]:
    return dict(policy_values(EAGER, service, desk.name if desk else None))

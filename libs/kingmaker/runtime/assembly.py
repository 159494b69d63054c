"""Puts a kingdom together: home, services, models and reactors, ready to be entered."""

import getpass
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from kingmaker.contracts.desks import Desk
from kingmaker.runtime import keyring
from kingmaker.runtime.clock import Reactor, Show
from kingmaker.runtime.engine import Ask
from kingmaker.runtime.first_inputs import PolicyOf
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom, Plan
from kingmaker.runtime.models import shipped
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.patience import SCHEDULED, Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors import alerts, historical, loading, progress, training, verification

type Tell = Callable[[str], None]


def tell_nobody(_line: str) -> None:
    """Drop a line of progress."""


def show_nobody(_lane: object, _step: object) -> None:
    """Drop an accepted step."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a kingdom is made of, beside its home."""

    desks: tuple[Desk, ...]
    policy_of: PolicyOf
    begins_ms: int  # market time at which the play begins
    show: Show = show_nobody
    tell: Tell = tell_nobody  # hears the progress of trainings, from another thread
    idle: Callable[[], None] = lambda: None  # called now and then while the clock waits
    actor: str = ""  # whose settings they are. Default: the user of this machine
    patience: Patience = SCHEDULED
    channels: Mapping[str, alerts.Send] | None = None  # None: those of the alerting service
    reactors: Mapping[str, Reactor] = field(default_factory=dict)  # in place of the usual ones
    bundles: Mapping[str, Bundle] | None = None  # a new home's first models. None: those that ship


@contextmanager
def open_kingdom(home: Home, parts: Parts) -> Iterator[Kingdom]:
    """Yield a kingdom that has taken over every lane; end its processes afterwards."""
    home.begin()
    keyring.begin(home)
    store = ArtifactStore(home.artifacts)
    shipped.install(store, parts.bundles)
    with ExitStack() as stack:
        runner = stack.enter_context(ModelRunner(store, parts.patience))
        reactors = _reactors(home, parts, store, runner, stack)
        plan = Plan(
            desks=parts.desks,
            policy_of=parts.policy_of,
            bootstrap=shipped.offers(parts.desks, parts.begins_ms, parts.bundles),
            keys=keyring.apply_keys(home),
            actor=parts.actor or user(),
        )
        doors = (runner.answer, runner.load, reactors)
        kingdom = Kingdom(home, plan, *doors, parts.show, parts.idle)
        yield stack.enter_context(kingdom)


def user() -> str:
    """Return who runs this process; a container may know no name for its user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _reactors(
    home: Home, parts: Parts, store: ArtifactStore, runner: ModelRunner, stack: ExitStack
) -> Mapping[str, Reactor]:
    examination = stack.enter_context(Examination(parts.patience))
    place = training.Place(
        *(home.log, home.artifacts, parts.desks),
        progress=home.path / progress.FOLDER,
        compiled=home.compiled,
    )
    trainings = training.TrainingReactor(place, parts.tell)
    runs = historical.reactor(place, parts.tell)
    stack.callback(trainings.close)
    stack.callback(runs.close)
    channels = alerts.open_channels(home.logs) if parts.channels is None else parts.channels
    return {
        training.KIND: trainings,
        historical.KIND: runs,
        verification.KIND: verification.Verification(store, examination),
        loading.KIND: loading.Loading(runner),
        alerts.KIND: alerts.AlertReactor(channels),
        **parts.reactors,
    }


@contextmanager
def answering(home: Home) -> Iterator[Ask]:
    """Yield what an audit asks models with: it loads by digest whatever it is asked about."""
    with ModelRunner(ArtifactStore(home.artifacts), SCHEDULED) as runner:
        yield runner.load_and_answer

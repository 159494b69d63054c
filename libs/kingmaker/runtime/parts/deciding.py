"""What a process for parts does with a request: decides one anew, and says the first difference."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import LaneDamagedError
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.models.unconfined import Unconfined
from kingmaker.runtime.parts.words import Found, Place, Stretch, Task
from kingmaker.runtime.redecide import Redecision
from kingmaker.runtime.services import build_services
from kingmaker.runtime.sqlite_log import SqliteLog


class Deciding:
    """Parts of one place after the other; models and services stay from one to the next."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._place: Place | None = None
        self._runner: ModelRunner
        self._services: dict[tuple[str, int], AnyService] = {}

    def answer(self, request: bytes, tell: Callable[[int], None]) -> bytes:
        """Decide one part; `tell` which record it is at."""
        task = Task.decode(request)
        place, stretch = task.place, task.stretch
        self._move_to(place)
        service = self._service(place, stretch)
        with closing(SqliteLog(place.log_file, place.incarnation, read_only=True)) as log:
            asked = self._runner.load_and_answer
            redecision = Redecision(service, log, asked, stretch.begin_ms, task.share)
            difference = _first_difference(redecision, stretch.until, tell)
        return Found(redecision.began, redecision.events, difference).encode()

    def _move_to(self, place: Place) -> None:
        if place == self._place:
            return
        self._runner = ModelRunner(ArtifactStore(Path(place.artifacts)), challengers=Unconfined())
        self._services.clear()
        self._place = place

    def _service(self, place: Place, stretch: Stretch) -> AnyService:
        """Return the service that is decided anew; no other one is imported."""
        if (stretch.service, stretch.index) not in self._services:
            desks = [Desk(name, index) for index, name in enumerate(place.desks)]
            built = build_services(desks, [stretch.service])
            self._services |= {(one.name, one.index): one for one in built}
        return self._services[stretch.service, stretch.index]


def _first_difference(redecision: Redecision, until: int, tell: Callable[[int], None]) -> str:
    """Return in words what differs; whatever else is raised takes the process down."""
    try:
        difference = redecision.run(until, tell)
    except LaneDamagedError as damage:
        return str(damage)
    except ModelRefusedError as missing:
        return refused(redecision, missing)
    return str(difference) if difference else ""


def refused(redecision: Redecision, missing: ModelRefusedError) -> str:
    """Say that a model is not there to be asked."""
    return f"{redecision.service.lane} cannot be decided anew: {missing}"

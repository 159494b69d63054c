"""Loads models for the trader: its effect in, the fact that answers it out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import component_of
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.runner import ModelRunner

KIND = "trader.load"
PACKAGE = "kingmaker.trader.v1"


class Request(Protocol):
    """The trader's ModelLoadRequested, as far as it matters here."""

    slot: str
    digest: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Loading:
    """Does the work of `trader.load`. The runner belongs to whoever made it."""

    runner: ModelRunner

    def begin(self, effect: Effect) -> None:
        """Do nothing yet: the runner is not for two threads."""

    def finish(self, effect: Effect) -> Draft:
        """Load; return ModelLoaded or ModelLoadFailed. Raise ModelHungError: stop the run."""
        name, fields = load(effect, self.runner)
        message = message_class(PACKAGE, name)(**fields)
        return Draft(f"{PACKAGE}.{name}", message.SerializeToString(deterministic=True))


def load(effect: Effect, runner: ModelRunner) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the fact and its fields. Raise ModelHungError where that is strict."""
    request: Request = effect.payload
    about = {"digest": request.digest, "attempt": request.attempt}
    try:
        runner.load(request.digest, component_of(request.slot))
    except ModelRefusedError as error:
        return "ModelLoadFailed", about | {"reason": error.reason}
    declared = runner.declared(request.digest)
    return "ModelLoaded", about if declared is None else about | asdict(declared)

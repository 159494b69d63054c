"""Checks bundles for the registry: its effect in, the fact that answers it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import component_of
from kingmaker.contracts.models import schema_of
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.models.artifacts import Artifacts
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.examination import Examination

KIND = "registry.verify"
PACKAGE = "kingmaker.registry.v1"
DETAIL_MAX = 300  # characters of a detail that go into the log


class Request(Protocol):
    """The registry's VerificationRequested, as far as it matters here."""

    slot: str
    digest: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Does the work of `registry.verify`. The examination belongs to whoever made it."""

    store: Artifacts
    examination: Examination

    def begin(self, effect: Effect) -> None:
        """Do nothing yet: a check takes milliseconds."""

    def finish(self, effect: Effect) -> Draft:
        """Check; return ModelSound or ModelUnsound. Raise ModelHungError: stop the run."""
        name, fields = verify(effect, self.store, self.examination)
        message = message_class(PACKAGE, name)(**fields)
        return Draft(f"{PACKAGE}.{name}", message.SerializeToString(deterministic=True))


def verify(
    effect: Effect, store: Artifacts, examination: Examination
) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the fact and its fields. Raise ModelHungError where that is strict."""
    request: Request = effect.payload
    about = {"digest": request.digest, "slot": request.slot}
    component = component_of(request.slot)
    try:
        examination.examine(store, request.digest, component)
    except ModelRefusedError as error:
        return "ModelUnsound", about | {"reason": error.reason, "detail": _short(error.detail)}
    return "ModelSound", about | {"schema": schema_of(component)}


def _short(detail: str) -> str:
    return detail.encode("ascii", "replace").decode()[:DETAIL_MAX]

"""Has a bundle checked by the rules for models, in a confined process that may die of it."""

import hashlib
from typing import Self

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.models import frames
from kingmaker.runtime.models.artifacts import Artifacts
from kingmaker.runtime.models.bundle import MODEL_BYTES_MAX, Bundle
from kingmaker.runtime.models.child import Child, Command
from kingmaker.runtime.models.errors import (
    ChildDiedError,
    ChildHungError,
    ModelHungError,
    ModelRefusedError,
)
from kingmaker.runtime.models.patience import SCHEDULED, Patience

GRACE_SECONDS = 5.0  # after its own deadline the examiner is killed
EXAMINER = Command("kingmaker.runtime.models.examiner")
KILLED = -9


class Examination:
    """One confined process, started when first needed; a new one after every refusal."""

    def __init__(self, patience: Patience = SCHEDULED, command: Command = EXAMINER) -> None:
        """Start nothing yet. `patience` is for all runs of one bundle together."""
        self._patience, self._command = patience, command
        self._child: Child | None = None
        self._passed: set[str] = set()  # digests of what was asked

    def __enter__(self) -> Self:
        """Use it in a `with` block: it has a process to end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.close()

    def examine(self, store: Artifacts, digest: str, component: str) -> None:
        """Check the bundle kept under `digest` for a component.

        Raise ModelRefusedError with the first rule it breaks; ModelHungError where lateness must
        not change history.
        """
        self.examine_bundle(store.read(digest), digest, component)

    def examine_bundle(self, bundle: Bundle, digest: str, component: str) -> None:
        """Check bytes in hand; raise as `examine`."""
        if component not in COMPONENTS:
            raise ModelRefusedError("unknown_component", f"{component!r} is no component")
        if len(bundle.model) > MODEL_BYTES_MAX:
            raise ModelRefusedError(
                "too_large", f"{len(bundle.model)} bytes, {MODEL_BYTES_MAX} are the most"
            )
        seconds = str(self._patience.seconds).encode()
        files = (bundle.model, bundle.golden, bundle.manifest)
        parts = (component.encode(), digest.encode(), seconds, *files)
        request = frames.EXAMINE + frames.encode_parts(parts)
        key = hashlib.sha256(request).hexdigest()
        if key in self._passed:
            return
        refusal = self._ask(request, digest)
        if refusal:
            self.close()
            reason, detail = frames.decode_parts(memoryview(refusal))
            if reason == b"too_slow" and self._patience.strict:
                raise ModelHungError(digest, self._patience.seconds)
            raise ModelRefusedError(reason.decode(), detail.decode())
        self._passed.add(key)

    def close(self) -> None:
        """End the process."""
        if self._child:
            self._child.close()
            self._child = None

    def _ask(self, request: bytes, digest: str) -> bytes:
        try:
            return self._running().ask(request, self._patience.seconds + GRACE_SECONDS)
        except ChildHungError as error:
            self._child = None
            if self._patience.strict:
                raise ModelHungError(digest, self._patience.seconds) from error
            raise ModelRefusedError("too_slow", "it was killed after its deadline") from error
        except ChildDiedError as error:
            self._child = None
            reason = "out_of_memory" if error.status == KILLED else "not_loadable"
            raise ModelRefusedError(reason, f"it took its process down: {error}") from error

    def _running(self) -> Child:
        if self._child is None:
            try:
                self._child = Child(self._command)
            except (OSError, ChildHungError, ChildDiedError) as error:
                raise ModelRefusedError("unavailable", f"no examiner: {error}") from error
        return self._child

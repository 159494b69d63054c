"""Challengers' models asked in this very process: for one that may itself be lost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kingmaker.runtime.models import frames
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.frames import Packed, Reply

if TYPE_CHECKING:
    from kingmaker.runtime.models.serving import Serving


class Unconfined:
    """What `Challengers` does, by the same code, without a process in between.

    A model that hangs or crashes takes this process with it: whoever started it must notice, and
    ask the models again where they are confined.
    """

    pid: int | None = None  # there is no other process

    def __init__(self) -> None:
        """Import nothing yet."""
        self._serving: Serving | None = None
        self._loaded: set[str] = set()

    def load(self, digest: str, component: str, model: bytes) -> None:
        """Load bytes under their digest. Raise ModelRefusedError."""
        if digest in self._loaded:
            return
        parts = (bytes.fromhex(digest), component.encode(), model)
        refusal = self._ask(frames.LOAD + frames.encode_parts(parts))
        if refusal:
            reason, detail = frames.decode_parts(memoryview(refusal))
            raise ModelRefusedError(reason.decode(), detail.decode())
        self._loaded.add(digest)

    def unload(self, digest: str) -> None:
        """Forget a model."""
        if digest in self._loaded:
            self._loaded.remove(digest)
            self._ask(frames.UNLOAD + bytes.fromhex(digest))

    def answer(self, questions: Sequence[Packed]) -> list[Reply]:
        """Return a reply a question, in order."""
        return self._opened().ask(questions, _tell_nobody)

    def close(self) -> None:
        """Forget all models."""
        self._serving = None
        self._loaded.clear()

    def _ask(self, request: bytes) -> bytes:
        return self._opened().answer(request, _tell_nobody)

    def _opened(self) -> "Serving":
        if self._serving is None:
            from kingmaker.runtime.models.serving import (  # noqa: PLC0415 - heavy: onnxruntime
                Serving,
            )

            self._serving = Serving()
        return self._serving


def _tell_nobody(_at: int) -> None:
    """Drop the number of the question: nobody could read it after a crash."""

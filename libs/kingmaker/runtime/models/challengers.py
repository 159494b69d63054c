"""Challengers' models: all questions of a round in one message to a child process."""

from collections.abc import Sequence

from kingmaker.runtime.models import frames
from kingmaker.runtime.models.child import Child, Command
from kingmaker.runtime.models.errors import (
    ChildDiedError,
    ChildHungError,
    ModelHungError,
    ModelRefusedError,
)
from kingmaker.runtime.models.frames import Packed, Reply
from kingmaker.runtime.models.patience import Patience

LOAD_SECONDS_MAX = 30.0
TRIES_MAX = 3  # with a child that fails before any model is asked
WORKER = Command("kingmaker.runtime.models.worker")


class Challengers:
    """The child is started when first needed, and again whenever a model took it down."""

    def __init__(self, patience: Patience, command: Command = WORKER) -> None:
        """Start nothing yet."""
        self._patience, self._command = patience, command
        self._child: Child | None = None
        self._models: dict[str, tuple[str, bytes]] = {}  # what a new child must know

    def load(self, digest: str, component: str, model: bytes) -> None:
        """Load bytes under their digest. Raise ModelRefusedError; ModelHungError where strict."""
        if digest in self._models:
            return
        self._load(self._running(), digest, component, model)
        self._models[digest] = (component, model)

    def unload(self, digest: str) -> None:
        """Forget a model."""
        if self._models.pop(digest, None) is None or self._child is None:
            return
        try:
            self._child.ask(frames.UNLOAD + bytes.fromhex(digest), LOAD_SECONDS_MAX)
        except (ChildHungError, ChildDiedError):
            self._child = None

    def answer(self, questions: Sequence[Packed]) -> list[Reply]:
        """Return a reply a question, in order.

        A model that hangs or crashes costs its own answer only: the child is started anew and the
        others are asked again. Raise ModelHungError where lateness must not change history, and
        ChildDiedError or ChildHungError where the process fails before any model is asked.
        """
        replies: dict[int, Reply] = {}
        innocent = 0
        while len(replies) < len(questions):
            left = [at for at in range(len(questions)) if at not in replies]
            child = self._running()
            try:
                message = frames.encode_questions([questions[at] for at in left])
                content = child.ask(message, self._patience.seconds)
            except (ChildHungError, ChildDiedError) as error:
                self._child = None
                if child.at is None:
                    innocent += 1
                    if innocent == TRIES_MAX:
                        raise
                    continue
                guilty = left[child.at]
                replies[guilty] = self._blame(questions[guilty], error)
            else:
                replies.update(zip(left, frames.decode_replies(content), strict=True))
        return [replies[at] for at in range(len(questions))]

    @property
    def pid(self) -> int | None:
        """The number of the child process, if one runs."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.close()
            self._child = None

    def _blame(self, question: Packed, error: ChildHungError | ChildDiedError) -> Reply:
        """Return the fault of the model that was asked when the child hung or died."""
        if isinstance(error, ChildDiedError):
            return _fault(f"it took its process down (status {error.status})")
        if self._patience.strict:
            raise ModelHungError(question.digest, self._patience.seconds) from error
        return _fault(f"no answer within {self._patience.seconds:g} s")

    def _running(self) -> Child:
        """Return the child; a new one learns all models first."""
        if self._child is None:
            child = Child(self._command)
            for digest, (component, model) in list(self._models.items()):
                self._load(child, digest, component, model)
            self._child = child
        return self._child

    def _load(self, child: Child, digest: str, component: str, model: bytes) -> None:
        parts = (bytes.fromhex(digest), component.encode(), model)
        try:
            refusal = child.ask(frames.LOAD + frames.encode_parts(parts), LOAD_SECONDS_MAX)
        except ChildHungError as error:
            self._child = None
            if self._patience.strict:
                raise ModelHungError(digest, LOAD_SECONDS_MAX) from error
            raise ModelRefusedError(
                "too_slow", f"no session within {LOAD_SECONDS_MAX:g} s"
            ) from error
        except ChildDiedError as error:
            self._child = None
            raise ModelRefusedError("not_loadable", str(error)) from error
        if refusal:
            reason, detail = frames.decode_parts(memoryview(refusal))
            raise ModelRefusedError(reason.decode(), detail.decode())


def _fault(reason: str) -> Reply:
    return Reply(reason.encode(), is_fault=True)

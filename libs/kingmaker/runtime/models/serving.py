"""What the challengers' process does with a request: load, forget, answer rows."""

import time
from collections.abc import Callable, Iterable

from kingmaker.runtime.models import frames
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.frames import Packed, Reply
from kingmaker.runtime.models.graph import Graph, GraphFaultError, options_of_run
from kingmaker.runtime.models.patience import microseconds_since


class Serving:
    """Graphs by digest."""

    def __init__(self) -> None:
        """Begin with none."""
        self._graphs: dict[str, Graph] = {}
        self._options = options_of_run()

    def answer(self, request: bytes, tell: Callable[[int], None]) -> bytes:
        """Answer one request; `tell` which question is asked."""
        word, rest = request[:1], memoryview(request)[1:]
        if word == frames.ASK:
            return frames.encode_replies(self.ask(frames.decode_questions(rest), tell))
        if word == frames.UNLOAD:
            self._graphs.pop(bytes(rest).hex(), None)
            return b""
        assert word == frames.LOAD, f"no such request: {word!r}"
        return self._load(*frames.decode_parts(rest))

    def ask(self, questions: Iterable[Packed], tell: Callable[[int], None]) -> list[Reply]:
        """Ask one model after the other; `tell` which question is asked."""
        replies: list[Reply] = []
        for at, question in enumerate(questions):
            tell(at)
            replies.append(self._run(question))
        return replies

    def _run(self, question: Packed) -> Reply:
        graph = self._graphs.get(question.digest)
        if graph is None:
            return Reply(b"the model is not loaded", is_fault=True)
        began = time.perf_counter_ns()
        try:
            graph.run(question.rows, self._options, question.revision)
        except GraphFaultError as error:
            return Reply(str(error).encode(), is_fault=True)
        return Reply(bytes(graph.answer), latency_us=microseconds_since(began))

    def _load(self, digest: bytes, component: bytes, model: bytes) -> bytes:
        """Return nothing, or reason and detail."""
        try:
            self._graphs[digest.hex()] = Graph(component.decode(), model)
        except ModelRefusedError as error:
            return frames.encode_parts((error.reason.encode(), error.detail.encode()))
        return b""

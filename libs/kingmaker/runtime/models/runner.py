"""Answers questions to models: the champion's in this process, alone and first; then the others."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from kingmaker.kernel.service import Answer, Answers, Fault, Question
from kingmaker.revisions import Declaration
from kingmaker.runtime.models.artifacts import Artifacts
from kingmaker.runtime.models.bundle import Manifest
from kingmaker.runtime.models.challengers import Challengers
from kingmaker.runtime.models.errors import ModelHungError, ModelRefusedError
from kingmaker.runtime.models.frames import Packed
from kingmaker.runtime.models.layout import BadInputError
from kingmaker.runtime.models.patience import SCHEDULED, Patience, microseconds_since
from kingmaker.runtime.models.unconfined import Unconfined
from kingmaker.runtime.models.watch import Watch

if TYPE_CHECKING:
    from kingmaker.runtime.models.graph import Graph

CHAMPION = ""  # the branch


class ModelRunner:
    """Graphs by digest, loaded here and in the challengers' process. Not for two threads."""

    def __init__(
        self,
        store: Artifacts,
        patience: Patience = SCHEDULED,
        challengers: Challengers | Unconfined | None = None,
    ) -> None:
        """Import and start nothing before the first model.

        `challengers` is where theirs are asked. Default: in a confined process.
        """
        self._store, self._patience = store, patience
        self._graphs: dict[str, Graph] = {}
        self._challengers = challengers or Challengers(patience)
        self._watch: Watch | None = None
        self._run: Callable[[Graph, Sequence[bytes], bytes], None]

    def __enter__(self) -> Self:
        """Use it in a `with` block: it has a process and a thread to end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End both."""
        self.close()

    def load(self, digest: str, component: str | None = None) -> None:
        """Load a bundle in both places: first where it can do no harm.

        Raise ModelRefusedError with the reason; `component` is what the slot asks for.
        """
        if digest in self._graphs:
            return
        bundle = self._store.read(digest)
        manifest = Manifest.read(bundle.manifest)
        if component not in (None, manifest.component):
            raise ModelRefusedError(
                "signature_mismatch", f"the slot is for {component}, not {manifest.component}"
            )
        self._prepare()
        self._challengers.load(digest, manifest.component, bundle.model)
        from kingmaker.runtime.models.graph import Graph  # noqa: PLC0415 - heavy: numpy, onnxruntime

        self._graphs[digest] = Graph(manifest.component, bundle.model)

    def unload(self, digest: str) -> None:
        """Forget a model in both places."""
        self._graphs.pop(digest, None)
        self._challengers.unload(digest)

    def declared(self, digest: str) -> Declaration | None:
        """Return what a loaded model says of how it learns from a trade; None if it does not."""
        revisable = self._graphs[digest].revisable
        return revisable.declaration if revisable else None

    @property
    def loaded(self) -> tuple[str, ...]:
        """The digests that can be asked."""
        return tuple(self._graphs)

    @property
    def child_pid(self) -> int | None:
        """The number of the challengers' process, if one runs."""
        return self._challengers.pid

    def answer(self, questions: Sequence[Question]) -> Answers:
        """Return an answer or a fault for every question, by key.

        Raise ModelHungError where lateness must not change history.
        """
        answers: dict[str, Answer | Fault] = {}
        others: list[Question] = []
        for question in questions:
            if question.branch == CHAMPION:
                answers[question.key] = self._answer_here(question)
            else:
                others.append(question)
        if others:
            self._answer_there(others, answers)
        return answers

    def load_and_answer(self, questions: Sequence[Question]) -> Answers:
        """Answer as `answer` does, of any model that is kept: it is loaded when first asked.

        Raise as `load` too.
        """
        for digest in sorted({question.model for question in questions} - self._graphs.keys()):
            self.load(digest)
        return self.answer(questions)

    def close(self) -> None:
        """End the challengers' process and the watch."""
        self._challengers.close()
        if self._watch:
            self._watch.close()
            self._watch = None
        self._graphs.clear()

    def _answer_here(self, question: Question) -> Answer | Fault:
        graph = self._graphs.get(question.model)
        if graph is None:
            return Fault("the model is not loaded")
        try:
            rows, revision = _rows(graph, question), _revision(graph, question)
            began = time.perf_counter_ns()
            self._run(graph, rows, revision)
        except BadInputError as error:
            return Fault(str(error))
        except _LateError:
            if self._patience.strict:
                raise ModelHungError(question.model, self._patience.seconds) from None
            return Fault(f"no answer within {self._patience.seconds:g} s")
        except _RaisedError as error:
            return Fault(str(error))
        return self._timed(graph.layout.unpack(graph.answer), microseconds_since(began))

    def _answer_there(
        self, questions: Sequence[Question], answers: dict[str, Answer | Fault]
    ) -> None:
        """Ask challengers; a row that is no row is refused before it is sent."""
        packed: list[Packed] = []
        sent: list[tuple[Question, Graph]] = []
        for question in questions:
            graph = self._graphs.get(question.model)
            if graph is None:
                answers[question.key] = Fault("the model is not loaded")
                continue
            try:
                revision = _revision(graph, question)
                packed.append(Packed(question.model, _rows(graph, question), revision))
            except BadInputError as error:
                answers[question.key] = Fault(str(error))
            else:
                sent.append((question, graph))
        for (question, graph), reply in zip(sent, self._challengers.answer(packed), strict=True):
            if reply.is_fault:
                answers[question.key] = Fault(reply.content.decode(errors="replace"))
            else:
                answer = graph.layout.unpack(reply.content)
                answers[question.key] = self._timed(answer, reply.latency_us)

    def _timed(self, answer: Answer | Fault, latency_us: int) -> Answer | Fault:
        """Let an answer say how long it took, where that is measured."""
        if not self._patience.measured or isinstance(answer, Fault):
            return answer
        return replace(answer, latency_us=latency_us)

    def _prepare(self) -> None:
        """Import what is heavy, once, and begin to watch."""
        if self._watch is not None:
            return
        from kingmaker.runtime.models.graph import (  # noqa: PLC0415 - heavy: numpy, onnxruntime
            GraphFaultError,
            options_of_run,
        )

        options = options_of_run()
        watch = self._watch = Watch(options, self._patience.seconds)

        def run(graph: "Graph", rows: Sequence[bytes], revision: bytes) -> None:
            watch.begin()
            try:
                graph.run(rows, options, revision)
            except GraphFaultError as error:
                raise _LateError if watch.fired else _RaisedError(str(error)) from error
            finally:
                watch.end()

        self._run = run


class _LateError(Exception):
    """A graph in this process was stopped."""


class _RaisedError(Exception):
    """A graph in this process raised."""


def _rows(graph: "Graph", question: Question) -> tuple[bytes, ...]:
    """Return the rows to feed: as much memory as the model declares, then the present."""
    pack, inputs = graph.layout.pack, question.inputs
    memory = question.memory[-graph.memory :] if graph.memory else ()
    return (*[pack({**inputs, **row}) for row in memory], pack(inputs))


def _revision(graph: "Graph", question: Question) -> bytes:
    """Return the revision as bytes; none where the model is asked as it was exported."""
    if not question.revision:
        return b""
    if graph.revisable is None:
        raise BadInputError("the model cannot be revised: it declares no update rule")
    return graph.revisable.pack(question.revision)

"""The challengers' process: it imports numpy and onnxruntime, loads bytes and answers rows."""

from collections.abc import Callable

from kingmaker.runtime.models import frames
from kingmaker.runtime.models.confinement import Serve, serve
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.frames import Packed, Reply


def prepare() -> Serve:
    """Return what answers requests, with onnxruntime imported."""
    from kingmaker.runtime.models.graph import (  # noqa: PLC0415 - under the memory limit
        Graph,
        GraphFaultError,
        options_of_run,
    )

    graphs: dict[str, Graph] = {}
    options = options_of_run()

    def answer(request: bytes, tell: Callable[[int], None]) -> bytes:
        word, rest = request[:1], memoryview(request)[1:]
        if word == frames.ASK:
            replies: list[Reply] = []
            for at, question in enumerate(frames.decode_questions(rest)):
                tell(at)
                replies.append(run(question))
            return frames.encode_replies(replies)
        if word == frames.UNLOAD:
            graphs.pop(bytes(rest).hex(), None)
            return b""
        assert word == frames.LOAD, f"no such request: {word!r}"
        return load(*frames.decode_parts(rest))

    def run(question: Packed) -> Reply:
        graph = graphs.get(question.digest)
        if graph is None:
            return Reply(b"the model is not loaded", is_fault=True)
        try:
            graph.run(question.rows, options)
        except GraphFaultError as error:
            return Reply(str(error).encode(), is_fault=True)
        return Reply(bytes(graph.answer))

    def load(digest: bytes, component: bytes, model: bytes) -> bytes:
        """Return nothing, or reason and detail."""
        try:
            graphs[digest.hex()] = Graph(component.decode(), model)
        except ModelRefusedError as error:
            return frames.encode_parts((error.reason.encode(), error.detail.encode()))
        return b""

    return answer


if __name__ == "__main__":
    serve(prepare)

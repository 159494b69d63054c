"""The examiner's process: it checks one bundle after the other by the rules, and says why not."""

from collections.abc import Callable

from kingmaker.runtime.models import frames
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.confinement import Serve, serve
from kingmaker.runtime.models.errors import ModelRefusedError


def prepare() -> Serve:
    """Return what answers requests, with onnx and onnxruntime imported."""
    from kingmaker.runtime.models.graph import (  # noqa: PLC0415 - under the memory limit
        options_of_run,
    )
    from kingmaker.runtime.models.rules import RULES  # noqa: PLC0415 - under the memory limit
    from kingmaker.runtime.models.rules.candidate import (  # noqa: PLC0415 - under the memory limit
        Candidate,
    )
    from kingmaker.runtime.models.watch import Watch  # noqa: PLC0415 - under the memory limit

    def examine(request: bytes, tell: Callable[[int], None]) -> bytes:
        """Return nothing, or reason and detail; `tell` which rule it is at."""
        component, digest, seconds, *files = frames.decode_parts(memoryview(request)[1:])
        options = options_of_run()
        watch = Watch(options, float(seconds))
        candidate = Candidate(component.decode(), digest.decode(), Bundle(*files), options)
        watch.begin()
        try:
            for at, rule in enumerate(RULES):
                tell(at)
                rule(candidate)
        except ModelRefusedError as error:
            return frames.encode_parts((error.reason.encode(), error.detail.encode()))
        except MemoryError:
            return frames.encode_parts((b"out_of_memory", b"it needs more memory than a model may"))
        finally:
            watch.end()
            watch.close()
        return b""

    return examine


if __name__ == "__main__":
    serve(prepare)

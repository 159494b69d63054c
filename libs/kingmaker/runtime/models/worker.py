"""The challengers' process: it imports numpy and onnxruntime, loads bytes and answers rows."""

from kingmaker.runtime.models.confinement import Serve, serve


def prepare() -> Serve:
    """Return what answers requests, with onnxruntime imported."""
    from kingmaker.runtime.models.serving import (  # noqa: PLC0415 - under the memory limit
        Serving,
    )

    return Serving().answer


if __name__ == "__main__":
    serve(prepare)

"""A process that decides parts: alone with its models, and lost with them if one crashes."""

import gc

from kingmaker.runtime.models.confinement import Serve, serve

GARBAGE_OBJECTS = 100_000  # new ones until it is looked for: here hardly any is left in circles


def prepare() -> Serve:
    """Return what answers requests, with everything imported."""
    import onnxruntime  # noqa: F401, PLC0415 - heavy, and wanted while nobody waits for it

    from kingmaker.runtime.parts.deciding import Deciding  # noqa: PLC0415 - under the memory limit

    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)
    return Deciding().answer


if __name__ == "__main__":
    serve(prepare)

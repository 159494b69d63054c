"""What `/metrics` answers, with the extra `telemetry` and without."""

from collections.abc import Callable

from kingmaker.runtime.endpoint import Answer
from kingmaker.runtime.telemetry.measures import Measures

EXTRA = "telemetry"
PATH = "/metrics"


def open_answer(measures: Measures) -> Callable[[], Answer]:
    """Return what answers a scrape; without the extra it says what to install."""
    try:
        from kingmaker.runtime.telemetry.exposition import (  # noqa: PLC0415 - an optional library
            open_page,
        )
    except ModuleNotFoundError as error:
        refusal = missing(error).encode()
        return lambda: (501, "text/plain; charset=utf-8", refusal)
    page = open_page(measures)

    def answer() -> Answer:
        body, content_type = page()
        return 200, content_type, body

    return answer


def missing(error: ModuleNotFoundError) -> str:
    """Say which extra brings the module that is not there."""
    return (
        f"no metrics: the module {error.name} is not installed."
        f" pip install 'kingmaker[{EXTRA}]' brings it.\n"
    )

"""Opens what tells a collector, where the extra `telemetry` is installed."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.settings_sources import SettingsError
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.page import EXTRA
from kingmaker.runtime.traces import Traces

SETTING = "telemetry.otlp_endpoint"

type Trace = Callable[[Lane, Step[Any], float, float], None]  # of a step, from when to when


def trace_nothing(_lane: Lane, _step: Step[Any], _began: float, _ended: float) -> None:
    """Tell nobody."""


def open_trace(
    endpoint: str, service: str, traces: Traces, measures: Measures, stack: ExitStack
) -> Trace:
    """Return what tells the collector at `endpoint`, nobody if it is empty; `stack` ends it.

    Raise SettingsError without the extra.
    """
    if not endpoint:
        return trace_nothing
    try:
        from kingmaker.runtime.telemetry.spans import Spans  # noqa: PLC0415 - an optional library
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{SETTING} is set, and the module {error.name} is not installed:"
            f" pip install 'kingmaker[{EXTRA}]' brings it, or leave the setting empty."
        ) from error
    return stack.enter_context(Spans(endpoint, service, traces, measures)).take

"""Whether anybody is told of spans."""

import sys
from contextlib import ExitStack

import pytest

from kingmaker.runtime.settings_sources import SettingsError
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.tracing import open_trace, trace_nothing
from kingmaker.runtime.traces import Traces


def test_without_an_endpoint_nobody_is() -> None:
    with ExitStack() as stack:
        assert open_trace("", "trader", Traces(), Measures([]), stack) is trace_nothing


def test_without_the_extra_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kingmaker.runtime.telemetry.spans", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with (
        ExitStack() as stack,
        pytest.raises(SettingsError, match=r"telemetry.otlp_endpoint is set"),
    ):
        open_trace("http://127.0.0.1:1", "trader", Traces(), Measures([]), stack)

"""Progress: only where somebody looks, and only if it takes long."""

import io

import pytest

from kingmaker.runtime.cli import progress
from kingmaker.runtime.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_quick_says_nothing() -> None:
    stream = Terminal()
    with Progress("reading", stream=stream) as shown:
        shown.show(1)
    assert stream.getvalue() == ""


def test_a_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENT_S", -1.0)
    stream = io.StringIO()
    with Progress("reading", stream=stream) as shown:
        shown.show(1)
    assert stream.getvalue() == ""


def test_what_takes_long_is_shown_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENT_S", -1.0)
    stream = Terminal()
    with Progress("reading", total=2_000, stream=stream) as shown:
        shown.show(1_000)
        shown.show(1_001)
    assert stream.getvalue().startswith("\r\x1b[Kreading: 1,000 of 2,000, ")
    assert stream.getvalue().endswith("\r\x1b[K")

"""What `/metrics` answers."""

import sys

import pytest

from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.page import open_answer


def test_with_the_extra_it_is_the_page_of_now() -> None:
    measures = Measures(["oak"])
    answer = open_answer(measures)
    measures.look((), {})
    status, content_type, body = answer()
    assert (status, content_type.partition(";")[0]) == (200, "text/plain")
    assert b"kingmaker_build_info{" in body


def test_without_it_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kingmaker.runtime.telemetry.exposition", raising=False)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    status, _, body = open_answer(Measures(["oak"]))()
    assert status == 501
    assert b"pip install 'kingmaker[telemetry]'" in body

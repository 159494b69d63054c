"""Where nothing is searched, no library of the search is needed."""

import sys

import pytest

from kingmaker.learners.experience import Experience
from kingmaker.learners.learners import NotInstalledError
from kingmaker.learners.search import begin, space
from kingmaker.learners.search.found import NOTHING
from tests.services.learners.trades import trades


def test_a_search_without_its_library_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("study", "journal"):
        monkeypatch.delitem(sys.modules, f"kingmaker.learners.search.{name}", raising=False)
    package = sys.modules["kingmaker.learners.search"]
    monkeypatch.delattr(package, "study", raising=False)
    monkeypatch.setitem(sys.modules, "optuna", None)
    learned = Experience.of(trades(10))
    plain = begin.job_of("online_learning", 7, {"l2": 1.0}, None)
    assert begin.find(plain, learned, print) == NOTHING
    job = begin.job_of("online_learning", 7, {"l2": 1.0} | space.parameters(2), None)
    with pytest.raises(NotInstalledError, match=r"optuna, .* pip install kingmaker\[learners\]"):
        begin.find(job, learned, print)

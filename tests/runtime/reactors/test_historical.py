"""A run over past bars in a process of its own: its answer is a fact, whatever becomes of it."""

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.service import Effect
from kingmaker.runtime.home import Home
from kingmaker.runtime.reactors import historical
from kingmaker.runtime.reactors.progress import lines_of, path_of
from kingmaker.runtime.reactors.training import Place, TrainingReactor
from tests.runtime.reactors.past import asked, play

BARS = 120


@dataclass(frozen=True, slots=True)
class Started:
    """A `HistoricalRunStarted` of the learners."""

    run: str = "hist-0001"
    desk: str = "oak"
    mode: str = "intensive"
    days: int = 90
    until_ms: int = 1 << 50
    base_from_ms: int = 0
    base_until_ms: int = 0
    known: str = ""
    taught: dict[str, int] = field(default_factory=lambda: {"online_learning": 0})
    seeds: dict[str, int] = field(default_factory=lambda: {"online_learning": 7})
    parameters: dict[str, float] = field(default_factory=dict)
    time_ms: int = 1 << 50
    attempt: int = 1


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return play(tmp_path / "home", BARS)


def place_of(home: Home) -> Place:
    return Place(home.log, home.artifacts, (Desk("oak", 0),), home.path / "trainings")


def finished(reactor: TrainingReactor, started: Started) -> Any:  # noqa: ANN401 - a message
    try:
        draft = reactor.finish(Effect("hist-0001", historical.KIND, 0, started))
    finally:
        reactor.close()
    package, _, name = draft.kind.rpartition(".")
    return message_class(package, name).FromString(draft.value)


def test_what_was_learned_comes_back_as_a_fact_and_its_words_are_kept(home: Home) -> None:
    told: list[str] = []
    parameters = asked(home, ("online_learning",)).parameters
    reactor = historical.reactor(place_of(home), told.append)
    fact = finished(reactor, Started(parameters=parameters))
    assert type(fact).__name__ == "HistoryLearned"
    assert (fact.run, fact.bars) == ("hist-0001", BARS)
    [lesson] = fact.lessons
    assert lesson.component == "online_learning"
    assert "closed trades" in lesson.reason or "too few" in lesson.reason
    assert any("120 bars gave" in line for line in told)
    kept = lines_of(path_of(home.path / "trainings", "hist-0001"))
    assert any("120 bars gave" in str(line.get("words")) for line in kept)


@pytest.mark.parametrize("compiled", [True, False])
def test_its_process_is_told_where_compiled_programs_lie(home: Home, *, compiled: bool) -> None:
    place = replace(place_of(home), compiled=home.compiled if compiled else None)
    request = historical.PastBars(place).request(Started())
    assert request.compiled == (str(home.path / "compiled") if compiled else "")


@pytest.mark.parametrize(("attempt", "told"), [(0, 1), (1, 1), (2, 2)])
def test_what_is_kept_begins_with_the_attempt(tmp_path: Path, attempt: int, told: int) -> None:
    place = Place(tmp_path / "log", tmp_path, (), tmp_path / "trainings")
    kept = historical.PastBars(place).kept(Started(attempt=attempt))
    assert kept is not None
    assert next(iter(lines_of(kept.path)))["attempt"] == told


def test_a_process_that_dies_breaks_the_run_and_says_why(home: Home) -> None:
    place = place_of(home)
    command = (sys.executable, "-c", "import sys; sys.exit('no memory left')")
    reactor = TrainingReactor(place, work=historical.PastBars(place), command=command)
    fact = finished(reactor, Started())
    assert type(fact).__name__ == "HistoryBroke"
    assert fact.reason == "the process ended with status 1. no memory left"

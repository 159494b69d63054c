"""What the `learn` commands show, folded from the views of a home."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kingmaker.runtime import learning
from kingmaker.runtime.cli.opening import Opened, opened
from tests.runtime.cli import learned

DAY_MS = 86_400_000


@contextmanager
def looked_at(folder: Path, *, on: bool = True) -> Iterator[Opened]:
    """Yield a home whose heads learned, or did not."""
    with opened(learned.home(folder, on=on).path) as home:
        yield home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Yield a home whose heads learned."""
    with looked_at(tmp_path_factory.mktemp("learned")) as found:
        yield found


def test_a_version_that_never_was_is_none(home: Opened) -> None:
    assert learning.version_of(home.query, learned.DESK, learned.OUTCOMES + 1) is None
    assert learning.version_of(home.query, learned.DESK, -1) is None


def test_version_0_is_one_ninth_each(home: Opened) -> None:
    assert learning.version_of(home.query, learned.DESK, 0) == [1 / 9] * 9


def test_every_version_is_found_again_to_the_last_bit(home: Opened) -> None:
    stream = learning.weight_stream(home.query, learned.DESK, 365)
    last = learning.version_of(home.query, learned.DESK, learned.OUTCOMES)
    assert last == list(stream["current"].values())


@pytest.mark.parametrize("days", [1, 7])
def test_the_stream_goes_back_from_its_last_version(home: Opened, days: int) -> None:
    history: list[dict[str, Any]] = learning.weight_stream(home.query, learned.DESK, days)[
        "history"
    ]
    assert history[-1]["at_ms"] - history[0]["at_ms"] == days * DAY_MS


def test_jobs_of_a_scheduler_that_is_off_have_no_next_time(tmp_path: Path) -> None:
    with looked_at(tmp_path, on=False) as off:
        found = learning.scheduler(off.query, [learned.DESK])
    assert not found["scheduler_running"]
    assert [job["next_run_ms"] for job in found["jobs"]] == [None, None]


def test_a_setting_that_is_told_no_longer_is_in_force_no_longer(tmp_path: Path) -> None:
    """Given heads that learned and then were told to stop, then they are shown as off."""
    with opened(learned.home(tmp_path, until_end=False).path) as stopped:
        assert not learning.is_on(stopped.query)


def test_the_next_time_follows_the_last_bar_not_the_last_outcome(home: Opened) -> None:
    """Given a quiet week since the last outcome, then no job is next in the past."""
    outcome_ms = home.query(learning.LATEST, learned.DESK)[0]["now_ms"]
    bar_ms = outcome_ms + 7 * DAY_MS

    def query(sql: str, *values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as Opened.query
        if sql == learning.NOW:
            return [{"desk": learned.DESK, "last_ms": bar_ms}]
        return home.query(sql, *values)

    found = learning.scheduler(query, [learned.DESK])
    assert all(bar_ms < job["next_run_ms"] <= bar_ms + 7 * DAY_MS for job in found["jobs"])


def test_a_desk_without_outcomes_has_figures_all_the_same(home: Opened) -> None:
    found = learning.performance(home.query, "elm")
    assert found["overall"]["signals"] == found["learning"]["days"] == 0
    assert learning.improvements(home.query, "elm") == []
    assert learning.scheduler(home.query, [])["jobs"][0]["next_run_ms"] is None


def test_an_estimate_has_its_interval_and_its_count() -> None:
    none = {"value": None, "n": 0, "low": None, "high": None}
    half = {"value": 0.5, "n": 40, "low": 0.35, "high": 0.65}
    assert learning.estimate(half) == "50.0 [35.0, 65.0] n=40"
    assert learning.estimate(none) == "-"

"""A training with a teacher in its own process: two bundles, the same every time, or a reason."""

import sys
from pathlib import Path
from typing import Any

import pytest

from kingmaker.learners.distillation.parameters import Distillation
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors.progress import lines_of, path_of
from kingmaker.runtime.reactors.training import Place, TrainingReactor
from tests.runtime.reactors.test_training import DESKS, Started, of, read
from tests.runtime.reactors.trading_log import write_log
from tests.services.learners import hours_world

COMPONENT = "s15_rl_policy"
BARS = 6_400
PARAMETERS = {
    "holdout_share": 0.25,
    "steps": 200.0,
    "discount": 0.9,
    "holding": 12.0,
    "bars_max": 1500.0,
    "blur": 0.3,
} | Distillation(teacher_steps=100).parameters()
# As every training, but for its priority: what else runs here must not decide when it ends.
PROGRAM = """
from kingmaker.runtime.reactors import training_process as process
process.stand_back = lambda _number: None
process.main()
"""


def home(folder: Path, *, drift: float, fee: float, bars: int = BARS) -> tuple[Place, int]:
    """Return a log of such a world, and how many trades it holds."""
    given = hours_world.given(hours_world.bars_of(bars, drift=drift, seed=1), fee=fee)
    write_log(folder / "log.sqlite", given.closed, given.market)
    place = Place(folder / "log.sqlite", folder / "artifacts", DESKS, folder / "trainings")
    return place, len(given.closed)


def trained(place: Place, trades: int, training: str = "tr-0001") -> Any:  # noqa: ANN401 - a fact
    """Return what one process makes of it."""
    reactor = TrainingReactor(place, command=(sys.executable, "-c", PROGRAM))
    started = Started(
        training=training,
        slot=f"{COMPONENT}@hourly",
        trades=trades,
        parameters=PARAMETERS,
    )
    try:
        return read(reactor.finish(of(started)))
    finally:
        reactor.close()


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, int, Any]:
    place, trades = home(tmp_path_factory.mktemp("taught"), drift=0.6, fee=0.0005)
    return place, trades, trained(place, trades)


def test_two_bundles_are_kept_and_the_fact_names_both(taught: tuple[Place, int, Any]) -> None:
    place, _, said = taught
    store = ArtifactStore(place.artifacts)
    assert said.DESCRIPTOR.name == "TrainingSucceeded", said
    assert store.digests() == tuple(sorted((said.digest, said.teacher)))
    assert not store.fault_of(store.digests())


def test_the_student_passes_the_rules_for_models(taught: tuple[Place, int, Any]) -> None:
    place, _, said = taught
    with Examination() as examination:
        examination.examine(ArtifactStore(place.artifacts), said.digest, COMPONENT)


def test_another_process_makes_the_same_bytes_of_both(taught: tuple[Place, int, Any]) -> None:
    place, trades, said = taught
    store = ArtifactStore(place.artifacts)
    first = {digest: store.read(digest) for digest in (said.digest, said.teacher)}
    place.artifacts.rename(place.artifacts.with_name("kept"))
    again = trained(place, trades, "tr-0002")
    assert (again.digest, again.teacher) == (said.digest, said.teacher)
    assert {digest: store.read(digest) for digest in first} == first


def test_its_progress_tells_whose_step_it_is(taught: tuple[Place, int, Any]) -> None:
    place, _, _ = taught
    assert place.progress
    points = [line for line in lines_of(path_of(place.progress, "tr-0001")) if "loss" in line]
    assert list(dict.fromkeys(one["whose"] for one in points)) == ["teacher", "student", "alone"]


def test_a_teacher_that_is_worth_nothing_teaches_nobody_and_no_bundle_is_kept(
    tmp_path: Path,
) -> None:
    place, trades = home(tmp_path, drift=0.0, fee=0.005)
    said = trained(place, trades)
    assert said.DESCRIPTOR.name == "TrainingBroke", said
    assert "and staying out earns 0: it has nothing to teach" in said.reason
    assert said.permanent
    assert not place.artifacts.exists() or not list(place.artifacts.iterdir())


def test_too_few_hours_are_a_permanent_failure_that_says_how_many_are_needed(
    tmp_path: Path,
) -> None:
    place, trades = home(tmp_path, drift=0.6, fee=0.0005, bars=3000)
    said = trained(place, trades)
    assert "closed hours with decisions after them are too few for a teacher: 200" in said.reason
    assert said.permanent

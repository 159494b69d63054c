"""Every measurement runs on little and says something; how fast is for `make bench` to tell."""

import shutil

import pytest

from bench.__main__ import MEASUREMENTS
from bench.figures import Figure, Skipped
from bench.stage import TINY, Bench


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"), TINY)


# Of so little a difference of medians, or a slope of times, may be negative; alarms may be none.
MAY_FALL = {"decisions", "distillation", "drift", "ninety_days", "searches"}
NEEDS_KAFKA = {"kafka_log", "kafka_public", "kafka_restarts", "kafka_times"}
NEEDS = dict.fromkeys(NEEDS_KAFKA, pytest.mark.kafka) | {"postgres_views": pytest.mark.postgres}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=NEEDS.get(name, ())) for name in MEASUREMENTS],
)
def test_a_measurement_runs_and_its_figures_are_positive(tiny: Bench, name: str) -> None:
    figures = list(MEASUREMENTS[name](tiny))
    assert figures
    assert all("\n".join(figure.lines()) for figure in figures)
    if name not in MAY_FALL:
        assert all(figure.value > 0.0 for figure in figures if isinstance(figure, Figure))


def test_a_measurement_that_cannot_be_made_here_says_what_it_needs(
    tiny: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    (skipped,) = MEASUREMENTS["kafka_log"](tiny)
    assert isinstance(skipped, Skipped)
    assert "skipped: no Kafka: java and mvn not on the PATH. Install" in next(skipped.lines())

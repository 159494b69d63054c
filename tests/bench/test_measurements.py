"""Every measurement runs on little and says something; how fast is for `make bench` to tell."""

import pytest

from bench.__main__ import MEASUREMENTS
from bench.stage import TINY, Bench


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"), TINY)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_a_measurement_runs_and_its_figures_are_positive(tiny: Bench, name: str) -> None:
    figures = list(MEASUREMENTS[name](tiny))
    assert figures
    assert all("\n".join(figure.lines()) for figure in figures)
    if name != "decisions":  # over so few opportunities a difference of medians may be negative
        assert all(figure.value > 0.0 for figure in figures)

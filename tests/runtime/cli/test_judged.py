"""Figures of a verdict as people read them."""

import pytest

from kingmaker.runtime.cli import judged
from kingmaker.runtime.cli.judged import Summary, summary_lines


@pytest.mark.parametrize(
    ("log", "said"), [(0.0, "1"), (2000.0, "exp(2,000)"), (-1000.5, "exp(-1,000)"), (None, "-")]
)
def test_evidence_of_any_size_is_shown(log: float | None, said: str) -> None:
    assert judged._e(log) == said


def test_quantiles_are_values_that_occurred() -> None:
    rows = [*range(1, 101)]
    assert [judged._quantile(rows, q) for q in (0.05, 0.5, 0.95)] == [5, 50, 95]
    assert judged._quantile([7], 0.05) == 7
    assert judged._quantile([], 0.5) is None


def test_a_summary_without_promotions_has_no_rows_of_them() -> None:
    now = {"log_evidence": -1.0}
    reign = {"rollback": {"row": 5}}
    one = {"rows": 9, "first": None, "now": now, "reign": reign, "alpha": 0.05}
    seen = Summary()
    for verdict in (one, {**one, "reign": None}):
        seen.add(verdict, succeeded=False)
    summary = seen.record()
    assert (summary["promoted"], summary["taken_back"], summary["share"]) == (0, 1, 0.0)
    lines = summary_lines("x.npy", summary)
    assert lines[2].split() == ["row", "of", "the", "promotion", "-", "-", "-", "-", "-"]
    assert "1 crowns were taken back." in lines


def test_a_gate_that_only_advises_is_marked_so() -> None:
    gate = {"gate": "evidence", "value": 1.0, "threshold": 2.0, "n": 9, "passed": False}
    marks = [judged._gates([{**gate, "advisory": advisory}])[0][2] for advisory in (True, False)]
    assert marks == ["○", "●"]

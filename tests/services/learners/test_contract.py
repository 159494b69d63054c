"""What a model did row by row, in two figures."""

import numpy as np
import pytest

from kingmaker.learners.contract import RowByRow
from kingmaker.learners.experience import clustered_error


def test_rows_of_one_bucket_are_no_separate_evidence() -> None:
    gain = np.random.default_rng(1).standard_normal(40)
    alone = RowByRow(gain, gain, np.arange(40), np.arange(40)).figures()
    often = np.repeat(gain, 5)
    together = RowByRow(often, often, np.repeat(np.arange(40), 5), np.arange(200)).figures()
    assert alone["holdout_gain"] == pytest.approx(float(gain.mean()))
    assert alone["holdout_gain_se"] == clustered_error(gain, np.arange(40))
    assert together == pytest.approx(alone)

"""Folds never learn from a trade that was not over when the first that judges was decided."""

import pytest

from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.search import folds
from tests.services.learners.trades import trades


def test_every_fold_is_purged_and_walks_forward() -> None:
    walked = list(folds.walk(Experience.of(trades(200))))
    assert len(walked) == 3
    for earlier, later in walked:
        assert earlier.resolved_ms.max() <= later.decided_ms.min()
    assert [len(later) for _, later in walked] == [40, 40, 40]


def test_too_few_trades_make_no_folds() -> None:
    with pytest.raises(UnfitDataError, match="too few"):
        list(folds.walk(Experience.of(trades(2))))

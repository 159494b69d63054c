"""Tables are filled up to few sizes, and what they hold stays where it was."""

import numpy as np
import pytest

from kingmaker.learners.rl import ladder, one_processor


@pytest.mark.parametrize(
    ("count", "size"), [(1, 1024), (1024, 1024), (1025, 2048), (2048, 2048), (2049, 4096)]
)
def test_rows_stand_first_and_zeros_behind_up_to_a_power_of_two(count: int, size: int) -> None:
    one_processor.start()
    rows = 1.0 + np.arange(2.0 * count).reshape(count, 2)
    filled = np.asarray(ladder.filled_up(rows))
    assert filled.shape == (size, 2)
    assert np.array_equal(filled[:count], rows.astype(np.float32))
    assert not filled[count:].any()


def test_places_stay_whole_numbers() -> None:
    one_processor.start()
    assert ladder.filled_up(np.array([[3, 5]]), np.int32).dtype == np.int32

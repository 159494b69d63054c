"""Durations by upper bound."""

from kingmaker.runtime.telemetry.histogram import Histogram


def test_a_bound_counts_what_is_not_above_it() -> None:
    histogram = Histogram((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        histogram.observe(seconds)
    assert histogram.cumulative() == [("0.1", 2.0), ("1.0", 3.0), ("+Inf", 4.0)]
    assert histogram.sum == 7.65


def test_bounds_can_be_told_in_other_units() -> None:
    histogram = Histogram((0.5,))
    histogram.observe(0.25)
    assert histogram.cumulative(1000.0) == [("500.0", 1.0), ("+Inf", 1.0)]

"""Bins and divergences of features."""

from itertools import pairwise
from math import log

import pytest

from kingmaker.market.features import NAMES, Row
from kingmaker.risk.histograms import BINS, FEATURES, counts_of, divergences, total_of, without

FLAT: Row = (0.0,) * len(NAMES)


def row(**values: float) -> Row:
    return tuple([values.get(name, 0.0) for name in NAMES])


def bins_of(counts: bytes, name: str) -> list[int]:
    first = FEATURES.index(name) * BINS
    return list(counts[first : first + BINS])


def test_every_feature_but_the_calendar_is_counted() -> None:
    assert set(NAMES) - set(FEATURES) == {"hour_sine", "hour_cosine", "weekend"}
    counts = counts_of([FLAT] * 250)
    assert len(counts) == BINS * len(FEATURES)
    for name in FEATURES:
        assert sum(bins_of(counts, name)) == 250


@pytest.mark.parametrize(
    ("value", "place"), [(-9.0, 0), (-1.9, 0), (0.0, 10), (1.9, 19), (9.0, 19)]
)
def test_values_fall_into_bins_whose_ends_are_open(value: float, place: int) -> None:
    assert bins_of(counts_of([row(return_1=value)]), "return_1")[place] == 1


def test_the_scale_of_a_market_has_bins_that_widen() -> None:
    counts = counts_of([row(atr_percent=value) for value in (0.01, 0.1, 0.2, 0.4, 5.0)])
    places = [place for place, count in enumerate(bins_of(counts, "atr_percent")) if count]
    assert places[0] == 0
    assert places[-1] == BINS - 1
    assert [b - a for a, b in pairwise(places[1:-1])] == [3, 3]


def test_a_divergence_is_that_of_the_text_book() -> None:
    window, usual = counts_of([row(body=1.0)] * 10), total_of([counts_of([row(body=-1.0)] * 30)])
    found = divergences(window, usual)[FEATURES.index("body")]
    own = {True: 21 / 40, False: 1 / 40}  # half a row more in each of twenty bins
    other = {True: 61 / 80, False: 1 / 80}
    expected = (
        own[True] * log(own[True] / other[False])
        + own[False] * log(own[False] / other[True])
        + 18 * own[False] * log(own[False] / other[False])
    )
    assert found == pytest.approx(expected, rel=1e-12)
    assert divergences(window, list(window)) == [0.0] * len(FEATURES)


def test_a_window_is_taken_out_of_its_total() -> None:
    one, two = counts_of([row(body=1.0)] * 3), counts_of([row(body=-1.0)] * 5)
    assert without(total_of([one, two]), one) == list(two)

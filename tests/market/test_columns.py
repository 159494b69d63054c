"""Bars in columns: what is computed from them, and what is forgotten."""

from dataclasses import dataclass

from kingmaker.market import features
from kingmaker.market.columns import Columns

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Hour:
    """A bar that rises and falls by turns."""

    number: int

    @property
    def open_ms(self) -> int:
        return self.number * HOUR_MS

    @property
    def open(self) -> float:
        return 100.0 + self.number % 7

    @property
    def high(self) -> float:
        return self.open + 2.0

    @property
    def low(self) -> float:
        return self.open - 1.0

    @property
    def close(self) -> float:
        return self.open + self.number % 3 - 1.0

    @property
    def volume(self) -> float:
        return 10.0 + self.number % 5


def of(count: int) -> Columns:
    columns = Columns(HOUR_MS)
    for number in range(count):
        columns.add(Hour(number), place=number + 1)
    return columns


def test_a_true_range_begins_at_the_close_before() -> None:
    columns = Columns(HOUR_MS)
    columns.add(Hour(6), place=1)  # closes at 105
    columns.add(Hour(7), place=2)  # 99 to 102
    assert columns.ranges == [3.0, 6.0]


def test_features_are_those_of_the_bars_before_their_end() -> None:
    columns, longer = of(features.BARS), of(features.BARS + 9)
    assert columns.features(features.BARS) is not None
    assert longer.features(features.BARS) == columns.features(features.BARS)
    assert longer.features(features.BARS + 9) != columns.features(features.BARS)


def test_what_is_forgotten_changes_no_feature_of_what_is_kept() -> None:
    columns = of(2 * features.BARS)
    known = columns.features(2 * features.BARS)
    columns.keep(features.BARS)
    assert columns.features(features.BARS) == known
    assert columns.opened[0] == features.BARS * HOUR_MS
    assert {len(columns.places), len(columns.ranges), len(columns.volumes)} == {features.BARS}


def test_what_is_shorter_than_asked_is_kept_whole() -> None:
    columns = of(5)
    columns.keep(9)
    assert len(columns.closes) == 5

"""A lane is read from where its rows stand, by place if that still holds, else by the lane."""

import pytest

from kingmaker.kernel.lane import Lane, LaneDamagedError, Record
from kingmaker.runtime.views.batch import Folded
from kingmaker.runtime.views.reading import LaneReader
from kingmaker.runtime.views.store import OtherLogError
from tests.conformance.view_stores import GrowingLog, history

LANE = Lane("km.promotion.v1", 0)


def whole() -> GrowingLog:
    log = GrowingLog()
    log.grow(1.0)
    return log


def end_of_a_step(records: list[Record]) -> Record:
    return next(r for r in records[len(records) // 2 :] if r.n == r.of - 1)


def read(log: GrowingLog, known: Folded | None) -> list[Record]:
    return [record for record, _ in LaneReader(log, LANE, known).poll()]


def test_only_what_is_news_is_yielded_with_or_without_a_place() -> None:
    records = read(whole(), None)
    middle = end_of_a_step(records)
    expected = records[middle.seq + 1 :]
    for place in (None, middle.seq, 3, 10**9):
        assert read(whole(), Folded(middle.seq, middle.hash, place)) == expected


def test_a_place_that_holds_spares_the_lane_before_it() -> None:
    log, places = whole(), []
    middle = end_of_a_step(read(log, None))
    held = log.read

    def watched(lane: Lane, place: int) -> object:
        places.append(place)
        return held(lane, place)

    log.read = watched  # type: ignore[method-assign, assignment] # only looked at
    read(log, Folded(middle.seq, middle.hash, middle.seq))
    assert min(places) == middle.seq


def test_every_record_comes_with_the_place_of_the_end_of_its_step() -> None:
    found = list(LaneReader(whole(), LANE, None).poll())
    assert all(place == record.seq + record.of - 1 - record.n for record, place in found)


def test_a_place_that_the_store_no_longer_has_is_no_damage() -> None:
    log = whole()
    middle = end_of_a_step(read(log, None))
    held = log.read

    def refusing(lane: Lane, place: int) -> object:
        if place > len(history().log.read(lane, 0)[0]):
            raise LaneDamagedError("no such offset")
        return held(lane, place)

    log.read = refusing  # type: ignore[method-assign, assignment] # as Kafka does
    assert read(log, Folded(middle.seq, middle.hash, 10**9))


@pytest.mark.parametrize("place", [None, 7])
def test_another_record_of_that_number_or_none_is_told_with_lane_and_remedy(
    place: int | None,
) -> None:
    with pytest.raises(OtherLogError, match=rf"{LANE} has another record 7, .*db rebuild"):
        read(whole(), Folded(7, "f" * 64, place))
    with pytest.raises(OtherLogError, match=rf"{LANE} ends at record \d+, .*hold record 99999"):
        read(whole(), Folded(99_999, "f" * 64, place))

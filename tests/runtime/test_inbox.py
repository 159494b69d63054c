"""Commands of other processes wait until an engine takes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime.inbox import Inbox

LANE = Lane("km.promotion.commands.v1")


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox(tmp_path / "inbox")
    yield opened
    opened.close()


def test_what_is_put_is_taken_once_in_order(inbox: Inbox) -> None:
    inbox.put(LANE, Draft("A", b"1"))
    inbox.put(LANE, Draft("B", b"2"))
    taken = inbox.take(time_ms=7)
    assert [(i.lane, i.kind, i.value, i.time_ms) for i in taken] == [
        (LANE, "A", b"1", 7),
        (LANE, "B", b"2", 7),
    ]
    assert inbox.take(time_ms=8) == []


def test_another_process_reads_the_same_numbers(inbox: Inbox, tmp_path: Path) -> None:
    number = inbox.put(LANE, Draft("A", b""))
    other = Inbox(tmp_path / "inbox")
    assert [item.number for item in other.take(0)] == [number]
    other.close()


def test_a_file_that_was_lost_takes_no_number_with_it(inbox: Inbox, tmp_path: Path) -> None:
    last = [inbox.put(LANE, Draft("A", b"")) for _ in range(3)][-1]
    inbox.close()
    (tmp_path / "inbox").unlink()
    anew = Inbox(tmp_path / "inbox")
    assert anew.put(LANE, Draft("B", b"")) > last
    anew.close()

"""The feed's settings."""

import pytest

from kingmaker.feed.policy import Policy, from_values


def test_an_unknown_calendar_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"market\.calendar='moon': give one of 24x7, fx"):
        from_values({"market.calendar": "moon"})


def test_without_a_word_the_market_never_closes() -> None:
    assert from_values({}) == Policy("24x7")


def test_a_holiday_that_cannot_be_read_is_refused_before_it_is_recorded() -> None:
    with pytest.raises(ValueError, match=r"market\.holidays: 'noel' is no holiday"):
        from_values({"market.holidays": "noel"})

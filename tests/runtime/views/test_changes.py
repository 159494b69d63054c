"""The place of an event."""

from kingmaker.runtime.views.changes import Where


def test_an_event_has_an_id_that_anyone_can_look_up() -> None:
    assert Where("km.promotion.v1", 2, 482, 0, "main").event == "km.promotion.v1/2/482"

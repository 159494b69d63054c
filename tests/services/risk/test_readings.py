"""What risk shows of its desk."""

from tests.services.risk.desk import DESK, Story, begun, kill, resume
from tests.services.risk.test_trades import LOSS, closed, guarded


def shown(story: Story) -> dict[str, float]:
    readings = list(story.service.readings(story.state))
    assert {one.labels for one in readings} == {(DESK,)}
    return {one.name: one.value for one in readings}


def test_a_desk_that_a_person_stopped_is_shown_until_a_person_starts_it_again() -> None:
    story = begun()
    assert shown(story)["killed"] == 0
    story.hear(kill())
    assert shown(story)["killed"] == 1
    story.hear(resume())
    assert shown(story)["killed"] == 0


def test_where_the_guard_stands_is_shown_as_a_number() -> None:
    story = guarded()
    assert shown(story)["guard_state"] == 0
    story.hear(*(closed(n, LOSS) for n in range(1, 21)))
    assert shown(story)["guard_state"] == 2

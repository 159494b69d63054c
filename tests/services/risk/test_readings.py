"""What risk shows of its desk."""

from kingmaker.kernel.service import Reading
from kingmaker.risk.readings import readings
from tests.services.risk.desk import DESK, begun, kill, resume


def test_a_desk_that_a_person_stopped_is_shown_until_a_person_starts_it_again() -> None:
    story = begun()
    assert list(readings(story.state)) == [Reading("killed", 0, (DESK,))]
    story.hear(kill())
    assert list(readings(story.state)) == [Reading("killed", 1, (DESK,))]
    story.hear(resume())
    assert list(readings(story.state)) == [Reading("killed", 0, (DESK,))]

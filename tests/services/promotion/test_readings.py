"""What promotion shows of its thrones."""

from kingmaker.promotion.readings import readings
from tests.services.promotion.story import (
    BOOTSTRAP,
    DESK,
    OTHER,
    SLOT,
    Story,
    begun,
    freeze,
    registered,
    significant,
    tried,
)


def shown(story: Story) -> dict[tuple[str, ...], float]:
    return {(name, *labels): float(value) for name, value, labels in readings(story.state)}


def test_nine_reign_and_are_settled() -> None:
    found = shown(begun())
    assert found["champion_info", SLOT, BOOTSTRAP] == 1.0
    assert sum(key[0] == "champion_info" for key in found) == 9
    assert (found["reign", SLOT], found["reign_unacknowledged", SLOT]) == (1.0, 0.0)


def test_a_trial_and_one_who_waits_are_counted() -> None:
    story = tried()
    story.hear(registered(model="v1.2.0-trained"))
    found = shown(story)
    assert (found["trials_open", SLOT], found["trials_open", OTHER]) == (1.0, 0.0)
    assert found["candidates_waiting", SLOT] == 1.0
    assert found["budget_trials", DESK] == 1.0


def test_a_crown_is_unacknowledged_until_the_trader_follows() -> None:
    story = tried()
    story.hear(significant())
    assert shown(story)["reign_unacknowledged", SLOT] == 1.0
    assert shown(story)["reign", SLOT] == 2.0


def test_a_freeze_is_shown() -> None:
    story = begun()
    assert shown(story)["frozen_scopes", DESK] == 0.0
    story.hear(freeze())
    assert shown(story)["frozen_scopes", DESK] == 1.0

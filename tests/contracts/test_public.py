"""Public topics: whose they are, and which desk an event of all desks is about."""

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import PUBLIC, desk_named, public_topics_of
from kingmaker.contracts.topics import PUBLIC_TOPICS

DESKS = (Desk("btc-1h", 0), Desk("btc", 1))


def test_the_catalogue_and_the_rights_speak_of_the_same_topics() -> None:
    republished = {topic.name: topic.service for topic in PUBLIC}
    assert {name: PUBLIC_TOPICS[name] for name in republished} == republished


def test_a_process_writes_the_topics_of_its_service() -> None:
    assert [topic.name for topic in public_topics_of("trader")] == [
        "km.trades.v1",
        "km.decisions.v1",
    ]
    assert public_topics_of("shadow") == ()
    assert [topic.per_desk for topic in PUBLIC] == [True, True, True, False]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("online_learning@btc-1h", 0),
        ("online_learning@btc", 1),
        ("rollback_triggered:online_learning@btc/3", 1),
        ("promotion_executed:p-0001@btc-1h", 0),
        ("somebody@example online_learning@btc", 1),
        ("job_abandoned:7", None),
        ("", None),
    ],
)
def test_the_desk_is_the_first_known_one_that_is_named(text: str, index: int | None) -> None:
    found = desk_named(text, DESKS)
    assert (found.index if found else None) == index

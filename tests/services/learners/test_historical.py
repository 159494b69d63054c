"""Runs over past bars: when they begin, what is counted, and what becomes a candidate."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, service, walking
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    PolicyApplied,
    State,
    TrainingCompleted,
)
from kingmaker.learners.history import (
    HistoricalRunCompleted,
    HistoricalRunStarted,
    HistoryBroke,
    HistoryLearned,
)
from tests.services.learners.past_story import (
    COMPONENTS,
    DESKS,
    FRIDAY,
    GOOD,
    HOUR,
    MINUTE,
    ON,
    Story,
    at,
    learned,
)


def runs(story: Story) -> list[tuple[str, str, bool]]:
    """Return when each run fired, its mode, and whether the market was open."""
    return [
        (
            datetime.fromtimestamp(
                e.fire_time_ms / 1000, tz=datetime.fromisoformat("2024-01-01T00:00:00Z").tzinfo
            ).strftime("%H:%M"),
            e.mode,
            e.open,
        )
        for e in story.said
        if isinstance(e, HistoricalRunStarted)
    ]


def test_at_the_closing_of_the_market_the_pace_goes_from_60_minutes_to_15() -> None:
    story = Story()
    for minute in range(0, 185, 5):
        for event in story.hear(Tick(FRIDAY + minute * MINUTE)):
            if isinstance(event, HistoricalRunStarted):
                story.end(event, sources=event.run)
    assert runs(story) == [
        ("19:00", "intensive", True),  # none was before, to go on from
        ("20:00", "light", True),
        ("21:00", "light", True),
        ("22:00", "intensive", False),
        ("22:15", "intensive", False),
        ("22:30", "intensive", False),
    ]


def test_at_the_opening_it_goes_back_to_light_runs_every_hour() -> None:
    story = Story()
    sunday = at("2024-01-14T21:30:00Z")
    for minute in range(0, 160, 5):
        for event in story.hear(Tick(sunday + minute * MINUTE)):
            if isinstance(event, HistoricalRunStarted):
                story.end(event, sources=event.run)
    assert runs(story) == [
        ("21:30", "intensive", False),
        ("21:45", "intensive", False),
        ("22:00", "light", True),
        ("23:00", "light", True),
        ("00:00", "light", True),
    ]


def test_a_market_that_never_closes_is_learned_afresh_once_a_day() -> None:
    story = Story({**ON, "market.calendar@oak": "24x7"})
    for hour in range(30):
        for event in story.hear(Tick(at("2024-01-12T20:00:00Z") + hour * HOUR)):
            if isinstance(event, HistoricalRunStarted):
                story.end(event, sources=event.run)
    afresh = [when for when, mode, _ in runs(story) if mode == "intensive"]
    assert afresh == ["20:00", "00:00", "00:00"]
    assert len(runs(story)) == 30


def test_a_light_run_has_what_learns_on_and_knows_where_the_run_before_ended() -> None:
    story = Story()
    first = story.begin(FRIDAY)
    assert sorted(first.taught) == list(COMPONENTS)
    assert (first.base_until_ms, first.days, first.until_ms) == (0, 90, at("2024-01-12T19:00:00Z"))
    story.end(first, until_ms=77)
    light = story.begin(FRIDAY + HOUR)
    assert (light.mode, light.taught) == ("light", {"online_learning": 77})
    assert (light.base_from_ms, light.base_until_ms) == (0, 77)
    assert light.seeds["online_learning"] == first.seeds["online_learning"]


def test_nothing_begins_where_it_is_off_or_while_a_run_is_under_way() -> None:
    off, story = Story({}), Story()
    off.hear(Tick(FRIDAY))
    assert runs(off) == []
    started = story.begin(FRIDAY)
    assert not story.hear(Tick(FRIDAY + 5 * HOUR))
    story.end(started)
    assert story.begin(FRIDAY + 5 * HOUR + 1).fire_time_ms == at("2024-01-13T00:30:00Z")


def test_two_desks_have_a_run_each_with_a_number_of_its_own() -> None:
    both = decider.build(DESKS, COMPONENTS, service.seal())
    state = decider.evolve(State(), PolicyApplied("h", ON))
    said = both(state, Window(), Tick(FRIDAY), None)
    started = [event for event in said if isinstance(event, HistoricalRunStarted)]
    assert [(one.run, one.desk) for one in started] == [("hist-0001", "oak"), ("hist-0002", "elm")]
    assert started[0].seeds != started[1].seeds


def test_every_component_reports_and_good_products_become_candidates() -> None:
    story = Story()
    completed = story.end(story.begin(FRIDAY))
    assert [one.component for one in completed.lessons] == list(COMPONENTS)
    assert all(one.judged and one.candidate and not one.reason for one in completed.lessons)
    offered = [event for event in story.said if isinstance(event, TrainingCompleted)]
    assert [(one.training, one.slot, one.candidate) for one in offered] == [
        ("hist-0001/cvar_ppo", "cvar_ppo@oak", True),
        ("hist-0001/online_learning", "online_learning@oak", True),
    ]
    assert offered[0].digest == "d" * 64


def test_what_does_not_train_here_learns_and_reports_and_is_offered_to_nobody() -> None:
    alone = {**ON, "learning.components": "online_learning"}
    story = Story(alone)
    completed = story.end(story.begin(FRIDAY))
    told = {one.component: one for one in completed.lessons}
    assert told["online_learning"].candidate
    other = told["cvar_ppo"]
    assert (other.judged, other.candidate, other.digest) == (False, False, "d" * 64)
    assert other.reason.startswith("cvar_ppo does not train here: learning.components names")
    offered = [event.slot for event in story.said if isinstance(event, TrainingCompleted)]
    assert offered == ["online_learning@oak"]


def test_once_it_is_named_the_same_bits_are_judged_for_the_first_time() -> None:
    story = Story({**ON, "learning.components": "online_learning"})
    story.end(story.begin(FRIDAY))
    story.state = decider.evolve(story.state, PolicyApplied("h2", ON))
    completed = story.end(story.begin(FRIDAY + 3 * HOUR), new=0, sources="other")
    first, second = completed.lessons
    assert (first.component, first.candidate) == ("cvar_ppo", True)
    assert second.reason.startswith("the same bits as before")


@pytest.mark.parametrize(
    ("first", "then", "reason"),
    [
        ({}, {}, "the same bits as before"),
        ({}, {"digest": "e", "new": 5}, "5 new trades since it was judged, 200 needed"),
        ({}, {"digest": "e"}, "it was judged less than 6 hours ago"),
        ({"trades": 99}, {"digest": "e", "trades": 99}, "99 closed trades, 100 needed"),
        (
            {"trades": 99},
            {"digest": "e", "metrics": {**GOOD, "holdout_gain": -0.1}},
            "gain over the base rate -0.1",
        ),
        (
            {"trades": 99},
            {"digest": "e", "metrics": {**GOOD, walking.LEAST: -0.1}},
            "gain -0.1 in one of 2 steps",
        ),
    ],
)
def test_a_product_that_is_no_news_or_no_good_is_no_candidate(
    first: dict[str, Any], then: dict[str, Any], reason: str
) -> None:
    story = Story()
    story.end(story.begin(FRIDAY), **first)
    completed = story.end(story.begin(FRIDAY + 3 * HOUR), sources="other", **then)
    assert [reason in one.reason for one in completed.lessons] == [True, True]
    assert not any(one.candidate for one in completed.lessons)


def test_the_hold_out_is_looked_at_once_for_so_much_new_data() -> None:
    story = Story()
    story.end(story.begin(FRIDAY))
    looks = []
    for step in range(1, 9):
        started = story.begin(FRIDAY + step * 7 * HOUR)
        completed = story.end(started, digest="efghijkl"[step - 1], new=50, sources=str(step))
        looks.append(completed.lessons[0].judged)
    assert looks == [False, False, False, True, False, False, False, True]


def test_bars_are_counted_once_a_component_however_often_they_are_learned_from() -> None:
    story = Story()
    story.end(story.begin(FRIDAY), new=300, until_ms=700)
    story.end(story.begin(FRIDAY + HOUR), new=12, until_ms=712, digest="e")
    again = story.begin(FRIDAY + 3 * HOUR)
    assert again.taught == {"cvar_ppo": 700, "online_learning": 712}
    story.end(again, new=0, until_ms=712, digest="f")
    taught = story.state.history["oak"].taught
    assert {name: one.bars for name, one in taught.items()} == {
        "cvar_ppo": 300,
        "online_learning": 312,
    }


def test_what_could_not_learn_was_not_taught() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    fact = learned(started)
    broken = replace(fact.lessons[0], digest="", reason="6 trades are too few")
    story.hear(replace(fact, lessons=(broken, *fact.lessons[1:])))
    assert sorted(story.state.history["oak"].taught) == ["online_learning"]
    assert story.begin(FRIDAY + 3 * HOUR).taught["cvar_ppo"] == 0


def test_the_same_sources_fit_nothing_and_say_whose_they_are() -> None:
    story = Story()
    saturday = at("2024-01-13T12:00:00Z")
    story.end(story.begin(saturday), sources="s")
    again = story.begin(saturday + 15 * MINUTE)
    assert again.known == "s"
    [completed] = story.hear(HistoryLearned(again.run, 1000, 0, 9, 0, "s", ()))
    assert isinstance(completed, HistoricalRunCompleted)
    assert (completed.same_as, completed.lessons) == ("hist-0001", ())
    assert story.begin(saturday + 30 * MINUTE).known == "s"


def test_a_refusal_is_recorded_and_the_champion_stays() -> None:
    story = Story()
    before = story.state.champions
    started = story.begin(FRIDAY)
    reason = "10 bars of a symbol, over 96 are needed"
    said = story.hear(HistoryLearned(started.run, 10, 0, 9, 0, "s", (), reason))
    assert [type(event) for event in said] == [HistoricalRunCompleted]
    assert said[0].reason == reason  # type: ignore[union-attr] # seen above
    assert story.state.champions == before
    assert story.begin(FRIDAY + HOUR).mode == "intensive", "there is nothing to go on from"


def test_a_second_answer_is_dropped() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    story.end(started)
    assert not story.hear(learned(started), HistoryBroke(started.run, "late"))


def test_a_run_under_way_is_an_effect_with_its_due_time() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    [effect] = decider.effects(story.state)
    assert (effect.id, effect.kind) == ("hist-0001/1", "learners.history")
    assert (effect.due_ms, effect.payload) == (FRIDAY + 10 * MINUTE, started)

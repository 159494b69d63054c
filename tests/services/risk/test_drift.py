"""Drift as risk tells it: measured, compared with what a training saw, and told once."""

from collections.abc import Sequence
from functools import cache

from kingmaker.risk.domain import (
    ApplyPolicy,
    DriftDetected,
    Event,
    FeaturesMeasured,
    ReferenceTaken,
    TrainingCompleted,
)
from kingmaker.risk.histograms import FEATURES
from kingmaker.risk.references import KEPT, NEEDED, WINDOW
from kingmaker.risk.window import BEFORE
from tests.services.risk.desk import DESK, Story, begun, kinds
from tests.services.risk.markets import BEGIN_MS, MINUTES_5, bars

ON = ApplyPolicy("on", {"drift.enabled": "1"})
SEEN = BEFORE + NEEDED * WINDOW  # bars of the first reference
MORE = 6 * WINDOW


def measuring() -> Story:
    story = begun()
    story.hear(ON)
    return story


@cache
def told(*, wild: bool) -> tuple[Story, Sequence[Event]]:
    story = measuring()
    wild_from = SEEN + WINDOW if wild else None
    return story, story.hear(*bars(SEEN + MORE, wild_from=wild_from))


def of[E: Event](said: Sequence[Event], kind: type[E]) -> list[E]:
    return [event for event in said if isinstance(event, kind)]


def ended(until_ms: int, slot: str = f"online_learning@{DESK}") -> TrainingCompleted:
    return TrainingCompleted("tr-0007", slot, until_ms)


def test_without_the_setting_nothing_is_measured() -> None:
    story = begun()
    assert story.hear(*bars(SEEN), ended(10**15)) == []


def test_every_250_bars_are_counted_and_the_first_windows_are_the_reference() -> None:
    _, said = told(wild=False)
    measured = of(said, FeaturesMeasured)
    assert [one.number for one in measured] == list(range(1, NEEDED + 7))
    first, second = measured[:2]
    assert first.until_ms == BEGIN_MS + (BEFORE + WINDOW) * MINUTES_5
    assert second.until_ms - first.until_ms == WINDOW * MINUTES_5
    assert {one.bars for one in measured} == {WINDOW}
    [reference] = of(said, ReferenceTaken)
    assert (reference.training, reference.windows, reference.rule) == ("", NEEDED, "log_kl")
    assert reference.until_ms == measured[NEEDED - 1].until_ms
    assert [one.reference for one in measured] == [0] * NEEDED + [1] * 6
    assert {len(one.scores) for one in measured[NEEDED:]} == {len(FEATURES)}


def test_a_market_that_stays_as_it_was_does_not_drift() -> None:
    assert of(told(wild=False)[1], DriftDetected) == []


def test_one_that_changes_is_found_at_its_first_whole_window_and_told_once() -> None:
    story, said = told(wild=True)
    detected = of(said, DriftDetected)
    assert {"wick_up", "atr_percent"} <= {one.feature for one in detected}
    sure = [one for one in detected if one.feature == "wick_up"]
    assert len(sure) == 1, "it stays drifted, and is told once"
    [wick] = sure
    assert wick.window == NEEDED + 2
    assert wick.score > wick.threshold == 3.0
    assert (wick.desk, wick.symbol, wick.reference, wick.training) == (DESK, "ASH", 1, "")
    assert [one.number for one in detected] == list(range(1, len(detected) + 1))
    assert "wick_up" in story.state.watched["ASH"].drifted


def test_what_a_training_saw_is_the_reference_from_then_on() -> None:
    story = measuring()
    said = story.hear(*bars(SEEN + MORE, wild_from=SEEN + WINDOW))
    until_ms = of(said, FeaturesMeasured)[-1].until_ms
    [taken] = story.hear(ended(until_ms))
    assert isinstance(taken, ReferenceTaken)
    assert (taken.number, taken.training, taken.windows) == (2, "tr-0007", NEEDED + 6)
    assert story.state.watched["ASH"].drifted == ()
    [earlier] = story.hear(ended(until_ms - 1))
    assert isinstance(earlier, ReferenceTaken)
    assert earlier.windows == NEEDED + 5, "it saw nothing of what came later"


def trained_every_window(
    seed: int = 1, creeping_from: int | None = None
) -> tuple[list[Event], Story]:
    """Return what is said where a training ends after each window that saw all of it."""
    story, said = measuring(), []
    for bar in bars(BEFORE + 80 * WINDOW, seed, creeping_from=creeping_from):
        heard = story.hear(bar)
        measured = of(heard, FeaturesMeasured)
        said += heard + (story.hear(ended(measured[0].until_ms)) if measured else [])
    return said, story


def test_what_changes_slowly_is_told_though_trainings_go_along() -> None:
    said, _ = trained_every_window(creeping_from=BEFORE + KEPT * WINDOW)
    whole = next(one for one in of(said, ReferenceTaken) if one.windows == KEPT)
    [first, *_] = [one for one in of(said, DriftDetected) if one.feature == "wick_up"]
    assert first.reference == whole.number, "against what was there before it crept"
    later = [one for one in of(said, ReferenceTaken) if one.number > whole.number]
    assert later[0].until_ms == first.until_ms, "the training that saw it begins a new one"


def test_a_whole_reference_stays_while_nothing_drifts() -> None:
    said, story = trained_every_window(seed=2)
    assert of(said, DriftDetected) == []
    taken = of(said, ReferenceTaken)
    assert [one.windows for one in taken] == [NEEDED, *range(NEEDED, KEPT + 1)]
    assert story.state.watched["ASH"].number == 80


def test_a_training_that_saw_no_drift_begins_no_new_reference() -> None:
    story = measuring()
    market = list(bars(BEFORE + (KEPT + 1) * WINDOW, wild_from=BEFORE + KEPT * WINDOW))
    said = story.hear(*market[:-WINDOW])
    before_ms = of(said, FeaturesMeasured)[-1].until_ms
    story.hear(ended(before_ms))
    said = story.hear(*market[-WINDOW:])
    last_ms = of(said, FeaturesMeasured)[-1].until_ms
    assert of(said, DriftDetected)
    assert story.hear(ended(before_ms)) == [], "begun before the market changed"
    assert kinds(story.hear(ended(last_ms))) == ["ReferenceTaken"]


def test_another_rule_begins_a_new_reference_with_the_next_training() -> None:
    story = measuring()
    said = story.hear(*bars(BEFORE + KEPT * WINDOW))
    last_ms = of(said, FeaturesMeasured)[-1].until_ms
    assert kinds(story.hear(ended(last_ms))) == ["ReferenceTaken"]
    assert story.hear(ended(last_ms)) == []
    raw = {"drift.enabled": "1", "drift.rule": "kl_raw"}
    [_, taken] = story.hear(ApplyPolicy("raw", raw), ended(last_ms))
    assert isinstance(taken, ReferenceTaken)
    assert taken.rule == "kl_raw"


def test_trainings_of_other_desks_or_over_too_few_windows_change_no_reference() -> None:
    story = measuring()
    said = story.hear(*bars(SEEN))
    last_ms = of(said, FeaturesMeasured)[-1].until_ms
    assert story.hear(ended(last_ms, "online_learning@other")) == []
    assert story.hear(ended(last_ms - 1)) == []
    assert kinds(story.hear(ended(last_ms))) == ["ReferenceTaken"]


def test_no_more_windows_are_kept_than_a_reference_has() -> None:
    story = measuring()
    story.hear(*bars(BEFORE + (KEPT + 2) * WINDOW))
    assert len(story.state.watched["ASH"].windows) == KEPT
    assert story.state.watched["ASH"].number == KEPT + 2


def test_symbols_are_measured_each_for_itself() -> None:
    story = measuring()
    story.hear(*bars(SEEN, symbol="ASH"), *bars(BEFORE + WINDOW, symbol="OAK"))
    assert {name: one.number for name, one in story.state.watched.items()} == {
        "ASH": NEEDED,
        "OAK": 1,
    }

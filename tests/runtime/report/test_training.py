"""The page of a training: nothing is fetched, every text is escaped, what is missing is said."""

from typing import Any

from kingmaker.runtime.report.training import page

ROW: dict[str, Any] = {
    "training": "tr-0001",
    "slot": "online_learning@<b>",
    "result": None,
    "state": "running",
    "cause": "experiences",
    "numbers": {"experiences": 1000.0},
    "actor": None,
    "started_ms": 1_700_000_000_000,
    "ended_ms": None,
    "failures": 0,
    "trades": 1000,
    "new_trades": 900,
    "digest": None,
    "event": "km.learners.v1/0/7",
    "metrics": {"holdout_gain": 0.0125},
}


def test_a_training_without_a_curve_says_so() -> None:
    assert "It told no loss" in page(ROW, [])


def test_the_page_names_cause_figures_and_verdict_and_escapes_what_is_text() -> None:
    text = page({**ROW, "result": "a candidate"}, [])
    assert "experiences: experiences 1,000" in text
    assert "holdout_gain" in text
    assert "0.0125" in text
    assert "online_learning@&lt;b&gt;" in text
    assert "<b>" not in text
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text


def test_a_loss_is_drawn_from_its_first_to_its_last_step() -> None:
    lines = [{"step": step, "of": 9, "loss": 1.0 / step} for step in range(1, 10)]
    text = page(ROW, [{"attempt": 1}, {"words": "reading"}, *lines])
    assert text.count("<polyline") == 1
    assert "9 points, from step 1 to 9; at the end 0.1111." in text


def test_three_losses_of_a_distillation_are_three_curves() -> None:
    """Given a teacher whose loss is in other units than its student's."""
    lines = [
        {"step": step, "of": 30, "loss": loss, "whose": whose}
        for whose, before, loss in (("teacher", 0, 9.0), ("student", 10, 0.5), ("alone", 20, 0.7))
        for step in range(before + 1, before + 11)
    ]
    text = page(ROW, lines)
    assert text.count("<polyline") == 3
    assert "Loss of teacher" in text
    assert "10 points, from step 11 to 20; at the end 0.5." in text


def test_figures_of_a_search_are_not_said_to_be_of_the_hold_out() -> None:
    metrics = {"holdout_gain": 0.0125, "search_skill": 0.5}
    text = page({**ROW, "metrics": metrics, "trials": 20, "found": {"rate": 0.03}}, [])
    before, _, after = text.partition("on the hold-out")
    assert "Of the search of 20 trials, before the hold-out was looked at" in before
    assert "search_skill" in before
    assert "rate" in before
    assert "search_skill" not in after
    assert "holdout_gain" in after

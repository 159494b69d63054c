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

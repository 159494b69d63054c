"""Each picture says in words what it shows, and draws every figure that it was given."""

from typing import Any

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.report import learned_pictures as pictures

BIN: dict[str, Any] = {
    "low": 0.6,
    "high": 0.7,
    "said": 0.65,
    "right": {"value": 0.5, "n": 1_234, "low": 0.4, "high": 0.6},
    "reading": "less often than said",
}


def test_a_reliability_diagram_has_its_interval_its_count_and_the_honest_line() -> None:
    text = pictures.reliability({"name": "p_win", "is_probability": True, "bins": [BIN]}).html
    assert "said 0.650, won 0.500 of 1234" in text
    assert "1,234" in text
    assert text.count('class="interval"') == 1
    assert "honest" in text


def test_the_confidence_of_a_head_is_held_against_no_probability() -> None:
    text = pictures.reliability({"name": "neural_ucb", "is_probability": False, "bins": [BIN]}).html
    assert "honest" not in text
    assert "a coin&#x27;s share" in text


def test_the_bands_of_nine_heads_fill_the_paper() -> None:
    even = dict.fromkeys(COMPONENTS, 1 / 9)
    history = [{"version": number, "at_ms": number, **even} for number in (1, 2)]
    text = pictures.weights({"history": history}).html
    assert text.count("<polygon") == len(COMPONENTS)
    assert "pm_optimizer 0.1111 to 0.1111" in text


def test_equity_and_drawdown_say_where_each_side_ends() -> None:
    curve = [
        {"at_ms": 0, "equity": 0.02, "drawdown": 0.0},
        {"at_ms": 9, "equity": -0.01, "drawdown": 0.03},
    ]
    drawn = pictures.equity("t-0001", {"champion": curve, "challenger": curve[:1]})
    equity, drawdown = (picture.html for picture in drawn)
    assert "champion: -1 % at the end; challenger: 2 % at the end" in equity
    assert "champion: -3 % deepest; challenger: 0 % deepest" in drawdown


def test_a_trade_is_a_point_whose_shape_tells_how_it_ended() -> None:
    trade = {"trade": "B-1", "worst_r": -1.0, "best_r": 0.4, "net": -0.01, "reason": "SL_HIT"}
    text = pictures.excursions([trade, {**trade, "reason": "TP_HIT"}]).html
    assert text.count('<circle class="lost"') == text.count('<circle class="won"') == 1
    assert "B-1 SL_HIT: worst -1.00 R, best +0.40 R, net -1.00 %" in text

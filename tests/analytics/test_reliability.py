"""Confidence against what came of it: bins, intervals, and what may be said."""

import pytest

from kingmaker.analytics import intervals, reliability
from kingmaker.analytics.heads import Outcome, heads


def resolved(number: int, vote: float, net: float, reason: str = "TP_HIT") -> Outcome:
    """Return a signal that was taken, and how one head voted."""
    voted = {"neural_ucb": vote}
    return Outcome(number, taken=True, net=net, signal_net=net, reason=reason, heads=voted)


def test_an_honest_probability_is_as_said_and_a_boast_is_not() -> None:
    honest = [(0.65, number % 20 < 13) for number in range(400)]
    boast = [(0.95, number % 2 == 0) for number in range(400)]
    modest = [(0.15, number % 2 == 0) for number in range(400)]
    found = reliability.of_probability([*honest, *boast, *modest])
    assert [one.reading for one in found.bins] == [
        "more often than said",
        "as said",
        "less often than said",
    ]
    assert found.bins[1].right == intervals.rate(260, 400)


def test_every_signal_is_in_one_bin_and_certainty_is_in_the_last() -> None:
    found = reliability.of_probability([(0.0, False), (0.1, True), (0.099, False), (1.0, True)])
    assert [(one.low, one.right.n) for one in found.bins] == [(0.0, 2), (0.1, 1), (0.9, 1)]
    assert sum(one.right.n for one in found.bins) == found.n == 4


def test_a_head_is_right_where_it_disagrees_with_a_loser_and_as_often_as_its_table_says() -> None:
    known = [
        resolved(number, vote, net)
        for number, (vote, net) in enumerate([(0.9, 0.1), (-0.9, -0.1), (0.2, -0.1), (0.0, 0.1)])
    ]
    known.append(resolved(9, 0.9, 0.1, "EXPIRED"))
    found = reliability.of_head("neural_ucb", known)
    [table] = heads(known, {"neural_ucb": 1 / 9})
    right = sum((one.right.value or 0.0) * one.right.n for one in found.bins)
    assert [one.right.value for one in found.bins] == [0.0, 1.0]
    assert right / found.n == pytest.approx(table.accuracy.value)
    assert found.n == table.accuracy.n == 3
    assert {one.reading for one in found.bins} == {""}

"""What a figure prints beside its goal."""

from bench.figures import Figure, Goal


def test_a_goal_is_met_on_its_own_side_only() -> None:
    assert Figure("a", 0.6, goal=Goal(0.5, at_least=True)).verdict == "met"
    assert Figure("a", 0.6, goal=Goal(0.5)).verdict == "MISSED"
    assert not Figure("a", 0.6).verdict


def test_a_figure_prints_value_goal_and_verdict_then_its_notes() -> None:
    first, note = Figure("pairs", 12_345.6, "us", Goal(20.0), ("of all",)).lines()
    assert first.split() == ["pairs", "12,346", "us", "goal", "<=", "20", "MISSED"]
    assert note == "    of all"

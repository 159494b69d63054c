"""What the jobs look back on."""

from kingmaker.learners import looking_back
from kingmaker.learners.heads import DAY_MS, Heads, Seen
from kingmaker.learners.looking_back import LearningJobSkipped, Run


def seen(decided_ms: int, time_ms: int) -> Seen:
    """Return an outcome of these times."""
    return Seen((0.5,) * 9, 0.01, taken=True, decided_ms=decided_ms, time_ms=time_ms)


def test_outcomes_are_those_resolved_in_the_span_in_order_of_decision() -> None:
    begin, end = DAY_MS, 3 * DAY_MS
    first, late, edge = seen(5, 2 * DAY_MS), seen(9, DAY_MS + 1), seen(1, 3 * DAY_MS)
    days = {1: (seen(0, DAY_MS), late), 2: (first,), 3: (edge, seen(2, 3 * DAY_MS + 1))}
    assert looking_back.between(Heads(days=days), begin, end) == [edge, first, late]


def test_a_skip_names_its_job_and_what_it_needs() -> None:
    run = Run("daily_learning", "oak", "2026-01-31", 7, 9)
    assert run.skipped("too few", 3, 10) == LearningJobSkipped(
        "daily_learning", "oak", "2026-01-31", "too few", 3, 10, 9
    )

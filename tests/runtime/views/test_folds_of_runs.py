"""Runs over past bars: rows among jobs."""

from tests.runtime.views.test_folds import rows


def test_a_run_over_past_bars_is_a_job_and_no_training_however_it_ends() -> None:
    learners = "kingmaker.learners.v1"
    job = ("training_jobs", "hist-0001")
    begun = rows(f"{learners}.HistoricalRunStarted", run="hist-0001", desk="main", attempt=2)
    assert (begun[job]["slot"], begun[job]["attempt"]) == ("history@main", 2)
    early = rows(f"{learners}.HistoricalRunStarted", run="hist-0001", desk="main")
    assert early[job]["attempt"] == 1, "of a release that numbered no attempts"
    waits = rows(f"{learners}.HistoricalRunFailed", run="hist-0001", reason="x", retry_at_ms=9)
    assert (waits[job]["state"], waits[job]["retry_at_ms"]) == ("waiting", 9)
    given_up = rows(f"{learners}.HistoricalRunFailed", run="hist-0001", reason="x")
    assert (given_up[job]["state"], given_up[job]["retry_at_ms"]) == ("abandoned", None)
    ended = rows(f"{learners}.HistoricalRunCancelled", run="hist-0001", actor="opal", reason="x")
    assert (ended[job]["state"], ended[job]["reason"]) == ("cancelled", "opal: x")
    told = rows(f"{learners}.JobAbandoned", job="hist-0001", slot="history@main", reason="x")
    assert {table for table, *_ in told} == {"learning_events"}, "it is no training"

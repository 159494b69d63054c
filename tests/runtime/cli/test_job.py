"""Jobs by queue: what works, what came to nothing, and what is tried again."""

import re
import sqlite3

import pytest

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.job import lines_of
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call

WHY = ("--reason", "again", "--actor", "ada")
SLOT = "online_learning@smoke"


def test_a_job_that_there_is_not_is_said(call: Call, own: Home) -> None:
    called = call("job", "show", "tr-0009", home=own)
    assert called.code == Exit.USAGE
    assert "no job is called 'tr-0009'" in called.err
    assert call("job", "ls", "--queue", "nonsense", home=own).code == Exit.USAGE


def test_what_a_job_began_with_is_said_in_words() -> None:
    job = {
        "job": "tr-0007",
        "started_ms": 60_000,
        "numbers": {"trades": 1200, "bar": 0.5},
        "reason": "",
    }
    assert list(lines_of(job)) == [
        "job              tr-0007",
        "started          1970-01-01 00:01",
        "numbers          trades 1200, bar 0.5",
    ]


def test_checks_of_bundles_are_jobs_of_model_evaluation(call: Call, crowned: Home) -> None:
    found = call("job", "ls", "--all", "-o", "json", home=crowned).json
    assert {row["queue"] for row in found} == {"model-evaluation"}
    assert {row["state"] for row in found} == {"done"}
    assert len(found) >= 9
    none = call("job", "ls", "--queue", "feature-engineering", "-o", "json", home=crowned)
    assert none.json == []
    shown = call("job", "show", found[0]["job"], home=crowned)
    assert shown.code == 0
    assert re.search(r"^started +\d{4}-\d\d-\d\d \d\d:\d\d", shown.out, re.MULTILINE)
    assert "_ms" not in shown.out


@pytest.mark.parametrize(("days", "listed"), [(6, True), (7, False)])
def test_what_ended_leaves_the_list_after_seven_days_of_market_time(
    call: Call, own: Home, days: int, *, listed: bool
) -> None:
    [first, *_] = call("job", "ls", "--all", "-o", "json", home=own).json
    with sqlite3.connect(own.views) as views:
        views.execute("UPDATE desks SET last_ms = ?", (first["ended_ms"] + days * 86_400_000,))
    names = {row["job"] for row in call("job", "ls", "-o", "json", home=own).json}
    assert (first["job"] in names) == listed
    everything = {row["job"] for row in call("job", "ls", "--all", "-o", "json", home=own).json}
    assert first["job"] in everything


def test_a_check_is_not_tried_again_by_hand(call: Call, own: Home) -> None:
    [first, *_] = call("job", "ls", "--all", "-o", "json", home=own).json
    called = call("job", "retry", first["job"], *WHY, home=own)
    assert called.code == Exit.REFUSED
    assert "Only trainings and runs over past bars are tried again" in called.err


def test_a_check_is_not_cancelled(call: Call, own: Home) -> None:
    [first, *_] = call("job", "ls", "--all", "-o", "json", home=own).json
    called = call("job", "cancel", first["job"], *WHY, home=own)
    assert called.code == Exit.REFUSED
    assert "Only trainings and runs over past bars are cancelled" in called.err


def test_a_run_over_past_bars_that_failed_waits_is_cancelled_and_tried_again(
    call: Call, own: Home
) -> None:
    scratch = own.path / "scratch"
    scratch.write_text("where a folder should be")
    call("learn", "run", "historical", *WHY, home=own)
    waits = call("job", "show", "hist-0001", "-o", "json", home=own).json
    assert (waits["state"], waits["attempt"], waits["failures"]) == ("waiting", 1, 1)
    assert waits["slot"] == "history@smoke"
    assert waits["retry_at_ms"] - waits["due_ms"] >= 10_000
    assert "Not a directory" in waits["reason"]
    [gone] = call("job", "cancel", "hist-0001", *WHY, "-o", "json", home=own).json
    assert (gone["state"], gone["retry_at_ms"]) == ("cancelled", None)
    assert call("job", "show", "hist-0001", home=own).code == Exit.NO
    scratch.unlink()
    [again] = call("job", "retry", "hist-0001", *WHY, "-o", "json", home=own).json
    assert (again["state"], again["attempt"]) == ("done", 1)
    refused = call("job", "retry", "hist-0001", *WHY, home=own)
    assert refused.code == Exit.REFUSED
    assert "may be retried: none" in refused.err


def test_an_abandoned_training_stands_in_its_queue_and_is_tried_again(
    call: Call, own: Home
) -> None:
    call("train", "start", SLOT, *WHY, home=own)
    [row] = call("job", "ls", "--queue", "model-training", "-o", "json", home=own).json
    assert (row["job"], row["state"], row["failures"]) == ("tr-0001", "abandoned", 1)
    assert call("job", "ls", "--state", "done", "--queue", "model-training", home=own).out == ""
    [again] = call("job", "retry", "tr-0001", *WHY, "-o", "json", home=own).json
    assert (again["training"], again["state"], again["failures"]) == ("tr-0001", "abandoned", 2)

"""`kingmaker job`: what works, waits or came to nothing, by queue."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import Column, moment, one, rows

app = App(name="job", help="What works, waits or came to nothing, by queue.")

LISTED = (
    Column("QUEUE", "queue"),
    Column("JOB", "job"),
    Column("SLOT", "slot"),
    Column("STATE", "state"),
    Column("TRY", "attempt", str, right=True),
    Column("STARTED", "started_ms", moment),
    Column("NEXT TRY", "retry_at_ms", moment),
    Column("ENDED", "ended_ms", moment),
    Column("REASON", "reason"),
)
TRAINING = "learners.train"  # the kind of effect that `kingmaker train` follows
KEPT_MS = 7 * 86_400_000  # of market time: then what has ended leaves the list
NOW = "SELECT max(last_ms) AS now FROM desks"

# No effect of this release engineers features: that queue is empty.
type Queue = Literal["feature-engineering", "model-training", "model-evaluation"]
type Status = Literal["running", "waiting", "done", "abandoned", "cancelled", "refused"]


@app.command(name="ls")
def list_jobs(
    *,
    queue: Queue | None = None,
    state: Status | None = None,
    everything: Annotated[bool, Parameter(name="--all")] = False,
    options: Options | None = None,
) -> int:
    """List jobs, the latest last; one that ended seven days ago is left out.

    :param queue: Only those of this queue.
    :param state: Only those in this state.
    :param everything: Those that ended long ago, too.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = _jobs(home)
        now = home.query(NOW)[0]["now"] or 0
    chosen = [
        row
        for row in found
        if queue in (None, row["queue"])
        and state in (None, row["state"])
        and (everything or not row["ended_ms"] or row["ended_ms"] + KEPT_MS > now)
    ]
    rows(chosen, LISTED, options.output, "No such job. `--all` shows what ended long ago.")
    return Exit.DONE


@app.command
def show(job: str, /, *, options: Options | None = None) -> int:
    """Show all that is known of a job. Exit 3 if it came to nothing.

    :param job: tr-0001, or a check as `job ls` names it.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = _find(home, job)
    one(found, list(lines_of(found)), options.output)
    return Exit.NO if found["state"] in {"abandoned", "cancelled", "refused"} else Exit.DONE


@app.command
def retry(job: str, /, *, words: Words, options: Options | None = None) -> int:
    """Try a job again that was abandoned or cancelled: same trades or bars, same seeds.

    :param job: tr-0001, or a run over past bars that no later one of its desk followed: hist-0001.
    """
    checks = "who made it offers it again. Only trainings and runs over past bars are tried again."
    return _order("RetryTraining", job, checks, words, options or Options())


@app.command
def cancel(job: str, /, *, words: Words, options: Options | None = None) -> int:
    """End a training or a run over past bars: its process is killed, and nothing of it is kept.

    :param job: tr-0001 or hist-0001. It may be tried again: `kingmaker job retry`.
    """
    checks = "it takes seconds. Only trainings and runs over past bars are cancelled."
    return _order("CancelTraining", job, checks, words, options or Options())


def _order(command: str, named: str, checks: str, words: Words, options: Options) -> int:
    """Sign a command about a job, hand it out, and print what came of it.

    CommandError where it checks a bundle: nobody orders those; `checks` says what else to do.
    """
    from kingmaker.runtime.cli import train  # noqa: PLC0415 - costs only these commands

    with opened(options.home) as home:
        job = _find(home, named)
    if job["queue"] != "model-training":
        raise CommandError(f"{named} checks a bundle: {checks}", Exit.REFUSED)
    asked = [(command, f"@{job['desk']}", {"training": named})]
    if job["kind"] == TRAINING:
        return train.say(asked, words, options)
    train.order(asked, words, options)
    with opened(options.home) as home:
        rows([_find(home, named)], LISTED, options.output)
    return Exit.DONE


def _jobs(home: Opened) -> list[dict[str, Any]]:
    found = home.query("SELECT * FROM jobs ORDER BY started_ms, queue, job")
    return [
        {**row, "numbers": json.loads(row["numbers"]) if row["numbers"] else {}} for row in found
    ]


def lines_of(job: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is known of a job: times as people read them, numbers by name."""
    for name, value in job.items():
        if value in (None, "", {}):
            continue
        if name.endswith("_ms"):
            yield f"{name.removesuffix('_ms').replace('_', ' '):<16} {moment(value)}"
        elif isinstance(value, dict):
            yield f"{name:<16} {', '.join(f'{key} {number:g}' for key, number in value.items())}"
        else:
            yield f"{name.replace('_', ' '):<16} {value}"


def _find(home: Opened, job: str) -> dict[str, Any]:
    found = [row for row in _jobs(home) if row["job"] == job]
    if not found:
        raise CommandError(f"no job is called {job!r}. `kingmaker job ls` shows all.", Exit.USAGE)
    return found[0]

"""`kingmaker learn history`: what each component learned from a desk's past bars."""

from collections.abc import Mapping
from typing import Any

from kingmaker.runtime import past_bars
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, rows, table

DIGITS = 12  # of a digest
LESSONS = (
    Column("RUN", "run"),
    Column("DESK", "desk"),
    Column("COMPONENT", "component"),
    Column("DIGEST", "digest", lambda digest: digest[:DIGITS]),
    Column("NEW BARS", "new_bars", lambda n: f"{n:,}", right=True),
    Column("NEW TRADES", "new_trades", lambda n: f"{n:,}", right=True),
    Column("CANDIDATE", "candidate", lambda candidate: "yes" if candidate else "no"),
    Column("REASON", "reason"),
)

NEXT = (
    Column("JOB", "id"),
    Column("DESK", "desk"),
    Column("MARKET", "market"),
    Column("PACE", "pace"),
    Column("NEXT", "next_run_ms", moment),
)
RUNS = (
    Column("AT", "at_ms", moment),
    Column("RUN", "run"),
    Column("DESK", "desk"),
    Column("MODE", "mode"),
    Column("BARS", "bars", lambda n: f"{n:,}", right=True),
    Column("TRADES", "trades", lambda n: f"{n:,}", right=True),
    Column("REASON", "reason"),
)


def history(run: str = "", /, *, options: Options | None = None) -> int:
    """Show what each component learned in a run over past bars, and why it is no candidate.

    :param run: hist-0001. Default: the last one that learned anything.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = past_bars.lessons(home.query, run)
    if found is None and run:
        raise CommandError(
            f"no run is called {run!r}. `kingmaker learn scheduler` shows the last ones.",
            Exit.USAGE,
        )
    rows(list(found or ()), LESSONS, options.output, "No run over past bars is over yet.")
    return Exit.DONE


def lines(found: Mapping[str, Any]) -> list[str]:
    """Return when past bars are learned from, and what the last runs came to."""
    if not found["enabled"]:
        by_hand = "`kingmaker learn run historical --reason R` learns by hand"
        told = [f"historical.enabled is off; {by_hand}, from the last {found['days']} days."]
    else:
        told = table(found["desks"], NEXT)
    return [*told, "", *table(found["runs"], RUNS)] if found["runs"] else told

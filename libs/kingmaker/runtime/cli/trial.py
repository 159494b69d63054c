"""`kingmaker trial`: challengers on trial, and why each is held."""

from pathlib import Path
from typing import Any

from cyclopts import App

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.explaining import explained, holds
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words
from kingmaker.runtime.cli.output import Column, moment, one, rows

app = App(name="trial", help="Challengers on trial, and why each is held.")

LISTED = (
    Column("TRIAL", "trial"),
    Column("SLOT", "slot"),
    Column("CHALLENGER", "challenger"),
    Column("CHAMPION", "champion"),
    Column("STATE", "told_state"),
    Column("PAIRS", "pairs", lambda pairs: f"{pairs:,}", right=True),
    Column("ln E", "log_evidence", lambda value: f"{value:.2f}", right=True),
    Column("NEED", "log_threshold", lambda value: f"{value:.2f}", right=True),
    Column("OPENED", "opened_ms", moment),
    Column("HELD BY", "held_by"),
)
WAITING = "SELECT * FROM candidates WHERE state = 'waiting' ORDER BY queued_ms, slot, model"


@app.command(name="ls")
def list_trials(desk: str = "", /, *, options: Options | None = None) -> int:
    """List all trials, the newest first; below them who waits for one, and what for.

    :param desk: Only those of this desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query("SELECT * FROM trials ORDER BY opened_ms DESC, trial")
        waiting = home.query(WAITING)
    told = [*map(_told, found), *map(_told_waiting, waiting)]
    chosen = [row for row in told if desk in ("", row["desk"])]
    rows(
        chosen,
        LISTED,
        options.output,
        "No trial yet: one opens when a training makes a candidate (from learning.min_trades closed"
        " trades on).",
    )
    return Exit.DONE


@app.command
def show(trial: str, /, *, options: Options | None = None) -> int:
    """Show all that is known of one trial.

    :param trial: t-0001@DESK; the desk may be left out where there is one such trial.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = _told(find_trial(home, trial))
    one(
        found,
        [f"{name:<24} {value}" for name, value in found.items() if value is not None],
        options.output,
    )
    return Exit.DONE


@app.command
def explain(trial: str, /, *, options: Options | None = None) -> int:
    """Say why a challenger is crowned or not: every gate with its figures. Exit 3 if one is closed.

    :param trial: t-0001@DESK; the desk may be left out where there is one such trial.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = find_trial(home, trial)
        gates = home.query("SELECT * FROM gates WHERE trial = ? ORDER BY place", found["trial"])
    crowned = found["verdict"] == "crowned"
    closed = [gate["gate"] for gate in gates if holds(gate)]
    answer = {**found, "gates": gates, "crowned": crowned, "closed": closed}
    one(answer, explained(found, gates), options.output)
    return Exit.DONE if crowned or (gates and not closed) else Exit.NO


@app.command
def replace(trial: str, /, *, words: Words, options: Options | None = None) -> int:
    """Close a running trial, so that the best waiting candidate gets its place.

    :param trial: t-0001@DESK; the desk may be left out where there is one such trial.
    """
    from kingmaker.runtime.cli.intervening import intervene  # noqa: PLC0415 - costs only this

    return intervene("ReplaceTrial", trial, {}, words, options or Options())


@app.command
def export(
    trial: str,
    /,
    *,
    out: Path,
    with_models: bool = False,
    options: Options | None = None,
) -> int:
    """Write what another machine needs to recompute a trial or a promotion.

    There: kingmaker audit NAME --from-export FILE.

    :param trial: t-0001@DESK, or p-0010@DESK for a promotion.
    :param out: The file: gzip, JSON lines.
    :param with_models: The bytes of the models too: then the trader is decided anew there as well.
    """
    from kingmaker.runtime.cli.exporting import export_to  # noqa: PLC0415 - costs only this command

    options = options or Options()
    with opened(options.home) as home:
        return export_to(home, trial, out, options, with_models=with_models)


def find_trial(home: Opened, trial: str) -> dict[str, Any]:
    """Return the row of the trial that is meant; CommandError names those that there are."""
    found = home.query("SELECT * FROM trials ORDER BY trial")
    named = [row for row in found if trial in (row["trial"], row["trial"].partition("@")[0])]
    if len(named) == 1:
        return named[0]
    if named:
        same = ", ".join(row["trial"] for row in named)
        raise CommandError(f"{trial} is the name of several trials: {same}. Name one.", Exit.USAGE)
    known = ", ".join(row["trial"] for row in found) or "none yet"
    raise CommandError(f"no trial is called {trial!r}. Trials: {known}.", Exit.USAGE)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    state = row["state"]
    if state == "closed":
        state = f"closed: {row['reason']}"
    elif row["started_ms"] is None:
        state = "waits for the trader"
    return {**row, "told_state": state}


def _told_waiting(row: dict[str, Any]) -> dict[str, Any]:
    """Return a candidate as a row among trials: with its count, its target, and what admits it."""
    state = f"waits: {row['reason']} {row['count']}/{row['target']}" if row["reason"] else "waits"
    challenger = {"trial": None, "challenger": row["model"], "held_by": row["until"]}
    return {**row, **challenger, "told_state": state}

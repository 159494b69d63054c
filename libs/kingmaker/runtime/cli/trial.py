"""`kingmaker trial`: challengers on trial, and why each is held."""

import math
from typing import Any

from cyclopts import App

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
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
PASSED, HELD = "✓", "●"


@app.command(name="ls")
def list_trials(desk: str = "", /, *, options: Options | None = None) -> int:
    """List all trials, the newest first.

    :param desk: Only those of this desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query("SELECT * FROM trials ORDER BY opened_ms DESC, trial")
    chosen = [_told(row) for row in found if desk in ("", row["desk"])]
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
        found = _told(_find(home, trial))
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
        found = _find(home, trial)
        gates = home.query("SELECT * FROM gates WHERE trial = ? ORDER BY place", found["trial"])
    crowned = found["verdict"] == "crowned"
    closed = [gate["gate"] for gate in gates if not gate["passed"]]
    answer = {**found, "gates": gates, "crowned": crowned, "closed": closed}
    one(answer, _explained(found, gates, crowned=crowned), options.output)
    return Exit.DONE if crowned or (gates and not closed) else Exit.NO


def _find(home: Opened, trial: str) -> dict[str, Any]:
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


def _explained(found: dict[str, Any], gates: list[dict[str, Any]], *, crowned: bool) -> list[str]:
    passed = sum(gate["passed"] for gate in gates)
    said = "was crowned" if crowned else "is NOT promoted"
    lines = [
        f"{found['challenger']} {said} on {found['slot']}. {passed} of {len(gates)} gates pass."
    ]
    if not gates:
        lines = [f"{found['challenger']} is NOT promoted on {found['slot']}. No verdict yet."]
    width = max((len(gate["gate"]) for gate in gates), default=0)
    lines += [_gate_line(gate, width) for gate in gates]
    lines += _context(found, crowned=crowned)
    return lines


def _gate_line(gate: dict[str, Any], width: int) -> str:
    mark = PASSED if gate["passed"] else HELD
    value, threshold = _figure(gate["value"]), _figure(gate["threshold"])
    return (
        f"  {mark} {gate['gate']:<{width}}  value {value:>12}  threshold {threshold:>12}"
        f"  n {gate['n']:>6,}  event {gate['event']}"
    )


def _context(found: dict[str, Any], *, crowned: bool) -> list[str]:
    lines: list[str] = []
    if found["log_evidence"] is not None and found["log_threshold"] is not None:
        lines.append(
            f"Evidence after {found['pairs']:,} pairs: E = {_e(found['log_evidence'])}, needs"
            f" {_e(found['log_threshold'])} (test {found['k']} of its window, alpha"
            f" {found['alpha']:.5f}); highest so far {_e(found['log_evidence_max'])}."
        )
    if found["verdict_event"]:
        lines.append(
            f"Last verdict: {found['verdict']} at pair {found['verdict_pairs']:,},"
            f" {moment(found['verdict_ms'])}, event {found['verdict_event']}."
        )
    if crowned:
        lines.append(f"Recompute it: kingmaker audit {found['promotion']}")
    elif found["state"] == "closed":
        lines.append(f"The trial is closed ({found['reason']}): nothing changes this any more.")
    else:
        lines.append("What would change this: more pairs; promotion judges again at each.")
    return lines


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 1 else f"{value:.4g}"


def _e(log_evidence: float | None) -> str:
    """Return an e-value from its logarithm."""
    if log_evidence is None:
        return "-"
    return f"{math.exp(min(log_evidence, 700.0)):.4g}"

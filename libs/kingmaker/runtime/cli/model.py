"""`kingmaker model`: model versions, their bytes and where they come from."""

import json
from typing import Any

from cyclopts import App

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, note, one, rows

app = App(name="model", help="Model versions: hash, origin, lineage.")

LISTED = (
    Column("SLOT", "slot"),
    Column("MODEL", "model"),
    Column("DIGEST", "digest", lambda digest: str(digest)[:12]),
    Column("ORIGIN", "origin"),
    Column("REGISTERED", "registered_ms", moment),
    Column("TRADES", "trades", lambda trades: f"{trades:,}", right=True),
    Column("STATE", "state"),
)
STATE = """
SELECT m.*, l.teacher, CASE
  WHEN c.model = m.model THEN 'champion'
  WHEN EXISTS (SELECT 1 FROM trials t WHERE t.slot = m.slot AND t.challenger = m.model
               AND t.state = 'open') THEN 'on trial'
  WHEN EXISTS (SELECT 1 FROM reigns r WHERE r.slot = m.slot AND r.model = m.model) THEN 'dethroned'
  ELSE 'registered' END AS state
FROM models m LEFT JOIN champions c ON c.slot = m.slot
LEFT JOIN lineages l ON l.training = m.source ORDER BY m.slot, m.registered_ms, m.model
"""
TAGS = "SELECT tags, found FROM model_tags WHERE slot = ? AND model = ?"
REFUSED = "SELECT slot, digest, origin, reason AS state, time_ms AS registered_ms FROM refusals"


@app.command(name="ls")
def list_models(slot: str = "", /, *, refused: bool = False, options: Options | None = None) -> int:
    """List model versions.

    :param slot: A slot, a component or a desk.
    :param refused: Bundles that broke a rule, with the rule.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = home.query(REFUSED if refused else STATE)
    chosen = [row for row in found if slot in ("", row["slot"], *row["slot"].split("@"))]
    empty = "No bundle was refused." if refused else "No model is registered yet."
    rows(chosen, LISTED, options.output, empty)
    return Exit.DONE


@app.command
def show(model: str, /, *, slot: str = "", options: Options | None = None) -> int:
    """Show one version: bytes, data, metrics, parent; its tags and what a search found for it.

    :param model: A version, or the first digits of a digest.
    :param slot: Which slot, where several have this version.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = _find(home, model, slot)
        tagged = home.query(TAGS, found["slot"], found["model"])
    found["metrics"] = json.loads(found["metrics"] or "{}")
    if not found["teacher"]:  # of a distillation only
        del found["teacher"]
    for name, text in tagged[0].items() if tagged else ():
        found[name] = json.loads(text or "{}")
    one(found, [f"{name:<16} {value}" for name, value in found.items()], options.output)
    return Exit.DONE


@app.command
def verify(model: str = "", /, *, slot: str = "", options: Options | None = None) -> int:
    """Check the bytes of models by every rule for models. Exit 3 if one breaks a rule.

    :param model: A version or the first digits of a digest; all if left out.
    :param slot: Which slot, where several have this version.
    """
    from kingmaker.runtime.cli.progress import Progress  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.models.errors import ModelRefusedError  # noqa: PLC0415 - as above
    from kingmaker.runtime.models.examination import Examination  # noqa: PLC0415 - as above
    from kingmaker.runtime.models.store import ArtifactStore  # noqa: PLC0415 - as above

    options = options or Options()
    with opened(options.home) as home:
        chosen = [_find(home, model, slot)] if model else home.query(STATE)
        store = ArtifactStore(home.home.artifacts)
    results: list[dict[str, Any]] = []
    with Examination() as examination, Progress("checking models", len(chosen)) as progress:
        for number, row in enumerate(_once(chosen), start=1):
            progress.show(number)
            fault = ""
            try:
                examination.examine(store, row["digest"], row["component"])
            except ModelRefusedError as error:
                fault = str(error)
            state = fault or "sound"
            results.append({**row, "state": state, "sound": not fault})
    rows(results, LISTED, options.output, "No model is registered yet.")
    broken = [row for row in results if not row["sound"]]
    if broken:
        note("Restore the bytes from a copy of artifacts/, or roll back: nothing else is changed.")
    return Exit.NO if broken else Exit.DONE


def _once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out bytes that were listed already: desks share the bootstrap."""
    return list({(row["digest"], row["component"]): row for row in reversed(found)}.values())[::-1]


def _find(home: Opened, model: str, slot: str) -> dict[str, Any]:
    found = [
        row
        for row in home.query(STATE)
        if (row["model"] == model or row["digest"].startswith(model))
        and slot in ("", row["slot"], *row["slot"].split("@"))
    ]
    if len(_once(found)) == 1:
        return found[0]
    if found:
        slots = ", ".join(row["slot"] for row in found)
        raise CommandError(f"{model} exists in {slots}. Add --slot.", Exit.USAGE)
    raise CommandError(
        f"no model is called {model!r}. `kingmaker model ls` lists them.", Exit.USAGE
    )

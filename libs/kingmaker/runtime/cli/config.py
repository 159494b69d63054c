"""`kingmaker config`: what is set, where it was said, and what was changed."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import Column, moment, note, one, rows

app = App(name="config", help="What is set, and where it was said.")

CHANGES = (
    Column("TIME", "time_ms", moment),
    Column("SERVICE", "service"),
    Column("DESK", "desk"),
    Column("KEY", "key"),
    Column("OLD", "old"),
    Column("NEW", "new"),
    Column("CAUSE", "cause"),
    Column("ACTOR", "actor"),
    Column("EVENT", "event"),
)
CHANGED = """
SELECT * FROM (
    SELECT service, desk, key, seq, value AS new, cause, actor, time_ms, event,
           LAG(value) OVER (PARTITION BY service, desk, key ORDER BY seq) AS old
    FROM parameters
) WHERE old IS NULL OR old <> new ORDER BY time_ms DESC, service, desk, key, seq DESC
"""

type Files = Annotated[tuple[Path, ...], Parameter(name=("--config", "-c"))]

VALUES = (Column("KEY", "key"), Column("VALUE", "value"))
ORIGINS = (*VALUES, Column("SAID BY", "origin"))


@app.command
def show(*, origin: bool = False, config: Files = (), options: Options | None = None) -> int:
    """Show every setting.

    :param origin: Also where each was said: flag, variable, file and line, or default.
    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    loaded = _load(config, options)
    from kingmaker.runtime.settings_load import value_of  # noqa: PLC0415 - after the load

    found = [
        {"key": key, "value": _plain(value_of(loaded.settings, key)), "origin": said}
        for key, said in loaded.origins.items()
    ]
    rows(found, ORIGINS if origin else VALUES, options.output)
    return Exit.DONE


@app.command
def check(*, config: Files = (), options: Options | None = None) -> int:
    """Check the settings. Exit 2 with every fault, its place and its remedy.

    :param config: A YAML file; may be given several times, later ones win.
    """
    options = options or Options()
    loaded = _load(config, options)
    said = {key: origin for key, origin in loaded.origins.items() if origin != "default"}
    answer = {"ok": True, "set": said, "warnings": list(loaded.warnings)}
    one(answer, [f"ok: {len(said)} of {len(loaded.origins)} keys are set"], options.output)
    return Exit.DONE


@app.command
def history(
    key: str = "", /, *, limit: int = 50, every: bool = False, options: Options | None = None
) -> int:
    """List recorded changes of settings, the newest first: what, by whom, and why.

    :param key: A key, or the beginning of one (exits, exits.max_holding).
    :param limit: How many at most.
    :param every: Also the values that the desks began with.
    """
    from kingmaker.runtime.cli.opening import opened  # noqa: PLC0415 - costly

    options = options or Options()
    with opened(options.home) as home:
        found = home.query(CHANGED)
    chosen = [
        row for row in found if row["key"].startswith(key) and (every or row["old"] is not None)
    ]
    empty = "No setting was changed since the start; --every shows those it began with."
    rows(chosen[:limit], CHANGES, options.output, empty)
    return Exit.DONE


def _load(config: Files, options: Options) -> Any:  # noqa: ANN401 - settings are imported late
    from kingmaker.runtime.settings_load import Sources, load  # noqa: PLC0415 - costs 60 ms

    flags = {"home": str(options.home) if options.home else None}
    loaded = load(Sources(flags=flags, files=config))
    for warning in loaded.warnings:
        note(f"warning: {warning}")
    return loaded


def _plain(value: object) -> Any:  # noqa: ANN401 - what JSON can hold

    if isinstance(value, tuple):
        return [
            one.model_dump(exclude_none=True) if hasattr(one, "model_dump") else one
            for one in value
        ]
    return str(value) if isinstance(value, Path) else value

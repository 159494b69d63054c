"""`kingmaker train`: start trainings, follow them, end them."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, Words, writable
from kingmaker.runtime.cli.output import Column, moment, note, one, rows
from kingmaker.runtime.cli.overwriting import replaceable

if TYPE_CHECKING:
    from kingmaker.runtime.cli.commanding import Command, Said

app = App(name="train", help="Start trainings, follow them, end them.")

LISTED = (
    Column("TRAINING", "training"),
    Column("SLOT", "slot"),
    Column("CAUSE", "why"),
    Column("STARTED", "started_ms", moment),
    Column("TRADES", "trades", lambda n: f"{n:,}", right=True),
    Column("TRY", "attempt", str, right=True),
    Column("STATE", "state"),
    Column("RESULT", "result"),
)
TRAININGS = """
    SELECT t.*, j.state, j.attempt, j.numbers, j.actor, j.retry_at_ms, j.ended_ms,
           l.origin, l.teacher, s.trials, s.found
    FROM trainings t JOIN training_jobs j ON j.job = t.training
    LEFT JOIN lineages l ON l.training = t.training
    LEFT JOIN searches s ON s.training = t.training ORDER BY t.training
"""
SHOWN = (
    "training",
    "slot",
    "cause",
    "origin",
    "state",
    "actor",
    "trades",
    "trials",
    "teacher",
    "result",
)
LEARNS = "SELECT DISTINCT slot FROM champions ORDER BY slot"
OPEN = ("running", "waiting")
POLL_S = 0.2
AUTOGEN, TRIALS = "autogen", 50  # the origin of what a search found; trials if nobody says
DISTILLED = "distilled"  # the origin of what a teacher taught
TRIALS_MIN, TRIALS_MAX = 2, 1000
IDLE_S_MAX = 600.0  # a training that says nothing for so long is followed no further

type Everything = Annotated[bool, Parameter(name="--all")]


@app.command
def start(  # noqa: PLR0913 - one parameter a flag
    slot: str = "",
    /,
    *,
    words: Words,
    everything: Everything = False,
    scheduled: bool = False,
    dry_run: bool = False,
    tune: bool = False,
    trials: int | None = None,
    distil: bool = False,
    options: Options | None = None,
) -> int:
    """Train a slot now, whatever else is due; a slot has one training at a time, and one in 6 h.

    :param slot: COMPONENT@DESK, or a component of the only desk.
    :param everything: Every slot whose component trains here (learning.components).
    :param scheduled: Hold it to the criteria of the scheduled retrain (operations.model_rotation).
    :param dry_run: Train and judge, and make no candidate whatever comes of it.
    :param tune: Search for its parameters first; its product is of origin autogen.
    :param trials: With --tune: how many, 2 to 1000. Default: 50.
    :param distil: Have a teacher that looks at closed hours teach it; s15_rl_policy can.
    """
    options = options or Options()
    if bool(slot) == everything:
        raise CommandError("name one slot, or say --all.", Exit.USAGE)
    if tune and distil:
        raise CommandError("a training searches or has a teacher: --tune or --distil.", Exit.USAGE)
    fields = {"scheduled": scheduled, "dry_run": dry_run, **_search(tune=tune, trials=trials)}
    fields |= {"origin": DISTILLED} if distil else {}
    with opened(options.home) as home:
        slots = _learning(home) if everything else [_slot(home, slot)]
    commands = [("StartTraining", one, {"slot": one, **fields}) for one in slots]
    return say(commands, words, options)


def _search(*, tune: bool, trials: int | None) -> Mapping[str, Any]:
    """Return what a command says of a search; nothing where none is asked for."""
    if not tune and trials is not None:
        raise CommandError("--trials belong to a search: add --tune.", Exit.USAGE)
    if not tune:
        return {}
    count = TRIALS if trials is None else trials
    if not TRIALS_MIN <= count <= TRIALS_MAX:
        raise CommandError(
            f"--trials {count}: a search makes {TRIALS_MIN} to {TRIALS_MAX}.", Exit.USAGE
        )
    return {"origin": AUTOGEN, "trials": count}


@app.command
def cancel(training: str, /, *, words: Words, options: Options | None = None) -> int:
    """End a training that is not over: its process is killed, and nothing of it is kept.

    :param training: tr-0001. It may be tried again for seven days: `kingmaker job retry`.
    """
    options = options or Options()
    with opened(options.home) as home:
        slot = find(home, training)["slot"]
    return say([("CancelTraining", slot, {"training": training})], words, options)


@app.command(name="ls")
def list_trainings(slot: str = "", /, *, options: Options | None = None) -> int:
    """List all trainings: why each began, and what came of it.

    :param slot: Only those of this slot, of this component, or of this desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = [_so_far(home, told(row)) for row in home.query(TRAININGS)]
    chosen = [row for row in found if slot in ("", row["slot"], *row["slot"].split("@"))]
    rows(
        chosen,
        LISTED,
        options.output,
        f"No training of {slot!r}: `kingmaker train ls` shows all."
        if found
        else "No training yet: `kingmaker status` shows what each slot waits for.",
    )
    return Exit.DONE


@app.command
def watch(training: str = "", /, *, options: Options | None = None) -> int:
    """Follow a training to its end, step by step. Exit 3 if it makes no candidate.

    :param training: tr-0001. Default: the latest.
    """
    options = options or Options()
    with opened(options.home) as home:
        row = find(home, training)
        path = _file(home, row["training"])
    seen, quiet_since = 0, time.monotonic()
    while True:
        lines = list(_lines(path))
        for line in lines[seen:]:
            note(_sentence(line))
        if len(lines) != seen:
            seen, quiet_since = len(lines), time.monotonic()
        with opened(options.home) as home:
            row = find(home, row["training"])
            runs = _runs(home)
        if row["state"] not in OPEN:
            break
        if not runs or time.monotonic() - quiet_since > IDLE_S_MAX:
            raise CommandError(
                f"{row['training']} is {row['state']}, and nobody works on it: it goes on when"
                f" `kingmaker up` runs this home again."
            )
        time.sleep(POLL_S)
    one(row, _shown(row, lines), options.output)
    return Exit.DONE if row["candidate"] else Exit.NO


@app.command
def logs(training: str = "", /, *, options: Options | None = None) -> int:
    """Show what a training said, its loss as a curve, and what came of it.

    :param training: tr-0001. Default: the latest.
    """
    options = options or Options()
    with opened(options.home) as home:
        row = find(home, training)
        lines = list(_lines(_file(home, row["training"])))
    words = [_sentence(line) for line in lines if "words" in line]
    one({**row, "lines": lines}, [*words, *_shown(row, lines)], options.output)
    return Exit.DONE


@app.command
def report(training: str = "", /, *, out: Path, options: Options | None = None) -> int:
    """Write a page about a training that stands by itself: why, its loss, its figures.

    :param training: tr-0001. Default: the latest.
    :param out: The file: HTML.
    """
    from kingmaker.runtime.report.training import OPENING, page  # noqa: PLC0415 - only here

    options = options or Options()
    file = replaceable(writable(out), OPENING, "--out")
    with opened(options.home) as home:
        row = find(home, training)
        lines = list(_lines(_file(home, row["training"])))
    file.write_text(page(row, lines), encoding="utf-8")
    one({"training": row["training"], "file": str(file)}, [str(file)], options.output)
    return Exit.DONE


def say(asked: Sequence[tuple[str, str, Mapping[str, Any]]], words: Words, options: Options) -> int:
    """Sign commands about slots, hand them out, and print the trainings they are about."""
    said = order(asked, words, options)
    named = [one.message.training for one in said if _is_about(one)]
    with opened(options.home) as home:
        found = [told(row) for row in home.query(TRAININGS) if row["training"] in named]
        runs = _runs(home)
    rows(found, LISTED, options.output)
    for row in found:
        if row["state"] in OPEN and runs:
            note(f"follow it: kingmaker train watch {row['training']}")
    return Exit.DONE


def order(
    asked: Sequence[tuple[str, str, Mapping[str, Any]]], words: Words, options: Options
) -> Sequence["Said"]:
    """Sign commands about slots or desks (@DESK), hand them out, and return what was said."""
    from kingmaker.runtime.cli import commanding  # noqa: PLC0415 - costs only these commands

    with opened(options.home) as home:
        key = commanding.find_key(home.home, words.key)
        meant: list[Command] = [
            commanding.Command(
                name, home.desk(slot.partition("@")[2]), fields, words.reason, words.actor
            )
            for name, slot, fields in asked
        ]
    sealed = [commanding.sign(command, key) for command in meant]
    answers = commanding.deliver(options.home, sealed, words.timeout, note)
    return [said for answer in answers for said in answer]


def find(home: Opened, training: str) -> dict[str, Any]:
    """Return the row of a training; CommandError names the latest ones."""
    found = home.query(TRAININGS)
    if not found:
        raise CommandError("no training has begun here yet.", Exit.USAGE)
    named = [row for row in found if row["training"] == training] if training else found[-1:]
    if not named:
        latest = ", ".join(row["training"] for row in found[-5:])
        raise CommandError(f"no training is called {training!r}. The latest: {latest}.", Exit.USAGE)
    return told(named[0])


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a training with its figures read, and what came of it in words."""
    numbers = json.loads(row["numbers"]) if row["numbers"] else {}
    metrics = json.loads(row["metrics"]) if row["metrics"] else {}
    found = json.loads(row["found"]) if row["found"] else {}
    verdict = "a candidate" if row["candidate"] else row["reason"]
    why = f"{row['cause']}, {row['trials']:,} trials" if row["trials"] else row["cause"]
    read = {"numbers": numbers, "metrics": metrics, "found": found}
    return {**row, **read, "why": why, "result": verdict}


def _so_far(home: Opened, row: dict[str, Any]) -> dict[str, Any]:
    """Return a training that is under way with what it said last, in place of a result."""
    if row["state"] not in OPEN or row["result"]:
        return row
    said = [line for line in _lines(_file(home, row["training"])) if "attempt" not in line]
    return {**row, "result": _words(said[-1])} if said else row


def _is_about(said: "Said") -> bool:
    return said.kind in {"TrainingStarted", "TrainingCancelled"}


def _slot(home: Opened, text: str) -> str:
    from kingmaker.runtime.cli.commanding import find_slot  # noqa: PLC0415 - costs only this

    return str(find_slot(home, text)["slot"])


def _learning(home: Opened) -> list[str]:
    """Return the slots whose components train here, as the settings in force say."""
    config = home.query(
        "SELECT state_data FROM active_learning_state WHERE state_type = 'learning_config'"
    )
    named = json.loads(config[0]["state_data"]).get("components", "") if config else ""
    components = {name.strip() for name in str(named).split(",") if name.strip()}
    slots = [row["slot"] for row in home.query(LEARNS)]
    return [slot for slot in slots if slot.partition("@")[0] in components]


def _runs(home: Opened) -> bool:
    from kingmaker.runtime.home import is_running  # noqa: PLC0415 - beside its use

    return is_running(home.home)


def _file(home: Opened, training: str) -> Path:
    from kingmaker.runtime.reactors import progress  # noqa: PLC0415 - costs only these commands

    return progress.path_of(home.home.path / progress.FOLDER, training)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    from kingmaker.runtime.reactors.progress import lines_of  # noqa: PLC0415 - as above

    return lines_of(path)


def _sentence(line: Mapping[str, Any]) -> str:
    if "attempt" in line:
        return f"{line['training']} {line['slot']}, attempt {line['attempt']}"
    return f"{line['seconds']:8.1f} s  {_words(line)}"


def _words(line: Mapping[str, Any]) -> str:
    from kingmaker.runtime.reactors.progress import in_words  # noqa: PLC0415 - as above

    return in_words(line.get("words", line))


def _shown(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    from kingmaker.runtime import searches  # noqa: PLC0415 - costs only these commands

    about = [f"{name:<16} {row[name]}" for name in SHOWN if row[name] not in (None, "")]
    of_search, on_holdout = searches.split(row["metrics"])
    return [
        *_curves(lines),
        *about,
        *_figures("because of", row["numbers"]),
        *_figures("found", row["found"]),
        *_figures("of the search, before the hold-out was looked at", of_search),
        *_figures("on the hold-out", on_holdout),
    ]


def _curves(lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    from kingmaker.runtime.cli.curve import drawn  # noqa: PLC0415 - costs only these commands
    from kingmaker.runtime.reactors.progress import curves  # noqa: PLC0415 - as above

    for whose, points in curves(lines).items():
        if whose:
            yield f"loss of {whose}"
        yield from drawn(points)
        yield ""


def _figures(title: str, figures: Mapping[str, float]) -> list[str]:
    if not figures:
        return []
    return [title, *[f"  {name:<28} {value:.6g}" for name, value in sorted(figures.items())]]

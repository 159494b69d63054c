"""The entry of `kingmaker`: finds the command, and says in one paragraph what went wrong.

`--version` is answered before anything is imported; a command's module when it is called.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kingmaker.runtime.release import RELEASE

if TYPE_CHECKING:
    from cyclopts import App

PACKAGE = "kingmaker.runtime.cli"

# name, where it is, what it does: the order is that of a first day
COMMANDS = (
    ("up", "up:up", "Run everything here, on one file."),
    ("status", "status:status", "Show one screen: desks, champions, trials."),
    ("champion", "champion:app", "Who reigns, and who reigned."),
    ("trial", "trial:app", "Challengers on trial, and why each is held."),
    ("model", "model:app", "Model versions: hash, origin, lineage."),
    ("judge", "judge:judge", "Judge two return series of your own by the same rule."),
    ("check", "check:app", "Whether features, strategies and learners look ahead or leak."),
    ("train", "train:app", "Start trainings, follow them, end them."),
    ("job", "job:app", "What works, waits or came to nothing, by queue."),
    ("learn", "learn:app", "What the nine heads learned from outcomes."),
    ("rollback", "rollback:rollback", "Give the crown back to the champion before."),
    ("freeze", "freeze:freeze", "Crown nobody on a desk until thaw."),
    ("thaw", "freeze:thaw", "Crown again."),
    ("risk", "risk:app", "Stop a desk at once, and start it again."),
    ("approve", "approve:approve", "Let a challenger be crowned, where people are asked."),
    ("veto", "approve:veto", "Hold a challenger's trial, or close it."),
    ("countersign", "command:countersign", "Sign a command that waits for a second person."),
    ("command", "command:app", "What people asked for, and what came of it."),
    ("key", "key:app", "Who may command: make, list, rotate and revoke keys."),
    ("lane", "lane:app", "What to do where a record cannot be read."),
    ("audit", "audit:app", "Recompute a promotion, or verify the whole log."),
    ("events", "events:app", "Read the log as JSON lines."),
    ("analytics", "analytics:app", "Windowed statistics of every model version."),
    ("service", "service:app", "The services, and who reads whom."),
    ("log", "log:app", "Move a whole history from one store to another."),
    ("db", "db:app", "The views in SQL: migrate, look at, fold anew."),
    ("topics", "topics:app", "Make and check the topics of a cluster."),
    ("deploy", "deploy:app", "Write what Kubernetes needs to run the services."),
    ("config", "config:app", "What is set, and where it was said."),
    ("doctor", "doctor:doctor", "Check this machine; each fault with its remedy."),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["--version"]:
        sys.stdout.write(f"kingmaker {RELEASE}\n")
        sys.exit(0)
    if words[:1] == ["--smoke"]:  # the classic name
        words[:1] = ["up", "--smoke"]
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    from cyclopts import CycloptsError  # noqa: PLC0415 - it costs what --version must not

    from kingmaker.runtime.cli.exits import Exit, of_fault  # noqa: PLC0415 - as above

    if words[:1] == ["replay"] and "--verify" in words:  # the classic name
        words = ["audit", *(word for word in words[1:] if word != "--verify")]
    app = command_line()
    try:
        result = app(words, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _tell(f"{error} See `kingmaker {' '.join(words[:1])} --help`.", Exit.USAGE)
    except KeyboardInterrupt:
        return _tell(
            "Interrupted. What was committed is safe; run it again to go on.", Exit.INTERRUPTED
        )
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has had enough
        return Exit.DONE
    except Exception as error:
        fault = of_fault(error)
        if fault is None:
            raise
        return _tell(fault[1], fault[0])
    return int(result or 0)


def command_line() -> "App":
    """Return all commands; each is imported when it is typed."""
    from cyclopts import App  # noqa: PLC0415 - as above

    app = App(
        name="kingmaker",
        help="Crowns trading models by evidence.",
        version_flags=[],
        suppress_keyboard_interrupt=False,  # we say what an interrupt means
    )
    for name, where, purpose in COMMANDS:
        app.command(f"{PACKAGE}.{where}", name=name, help=purpose)
    return app


def _tell(message: str, code: int) -> int:
    sys.stderr.write(f"error: {message}\n")
    return int(code)

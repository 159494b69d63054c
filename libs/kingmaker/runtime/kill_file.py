"""The file `KILL` in a home: while it lies there, every desk of the home is killed.

Nobody signs it. Whoever may write into the home could read its admin's key there as well, so the
process that holds the home tells risk what it sees, as a fact.
"""

from collections.abc import Iterator
from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.first_inputs import facts_of, next_input

NAME = "KILL"
TEXT_LENGTH_MAX = 200
PACKAGE = "kingmaker.risk.v1"


class KillFile:
    """Looks for the file; tells each risk once what it sees first, then what changes."""

    is_over = True  # nothing is waited for, where all recorded bars are played

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet."""
        self._path = folder / NAME
        self._told: dict[Lane, bool] = {}

    def take(self, engine: Engine) -> Iterator[Input]:
        """Yield the fact that an engine of risk does not know yet, if there is one."""
        if engine.service.name != "risk":
            return
        found = self._path.exists(
            follow_symlinks=False
        )  # a link that leads nowhere lies there, too
        if self._told.get(engine.lane) is found:
            return
        self._told[engine.lane] = found
        yield next_input(engine, facts_of(engine), self._fact(found=found), engine.host.time_ms)

    def _fact(self, *, found: bool) -> Draft:
        name, fields = ("KillFileFound", {"text": self._text()}) if found else ("KillFileGone", {})
        message = message_class(PACKAGE, name)(**fields)
        return Draft(f"{PACKAGE}.{name}", message.SerializeToString(deterministic=True))

    def _text(self) -> str:
        """Return the first line of the file; that it is there is enough."""
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                return file.readline(TEXT_LENGTH_MAX).strip()
        except OSError:
            return ""

"""Opens a home to look at it, never in the way of the process that runs it."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.home import Home, write_file
from kingmaker.runtime.sqlite_log import SqliteLog

DEFAULT_HOME = Path("~/.local/share/kingmaker")
DEMO = "demo"  # the folder of the demo, inside a home
DESKS = "desks.json"  # JSON is YAML: the settings read it too

LOG_ENDS = (
    "SELECT topic, lane, (SELECT max(seq) FROM records WHERE records.lane = lanes.id) FROM lanes"
)
VIEW_ENDS = "SELECT topic, lane, seq FROM folded"


def find_home(named: Path | None) -> Home:
    """Return the home that is meant; inside one without a kingdom, its demo.

    Raise CommandError if there is no kingdom.
    """
    home = Home(home_folder(named))
    demo = Home(home.path / DEMO)
    if not home.exists() and demo.exists():
        return demo
    if not home.exists():
        raise CommandError(
            f"{home.path} holds no kingdom yet. Begin one with `kingmaker up --demo`, or name"
            f" another folder with --home.",
            Exit.USAGE,
        )
    return home


def home_folder(named: Path | None) -> Path:
    """Return the folder by flag, variable or file, in this order."""
    if named is not None:
        return named.expanduser()
    if Path("kingmaker.yaml").is_file() or Path(".env").is_file():
        from kingmaker.runtime.settings_load import load  # noqa: PLC0415 - costs 60 ms

        return load().settings.home.expanduser()
    said = os.environ.get("KINGMAKER__HOME") or os.environ.get("KINGMAKER_HOME")
    return Path(said or DEFAULT_HOME).expanduser()


def remember_desks(home: Home, desks: Sequence[Mapping[str, Any]]) -> None:
    """Write down the desks of a home: their order is their lanes, for ever."""
    write_file(home.path / DESKS, json.dumps({"desks": list(desks)}, indent=1).encode())


def remembered_desks(home: Home) -> tuple[Desk, ...]:
    """Return the desks of a home."""
    path = home.path / DESKS
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["desks"]
    except FileNotFoundError:
        raise CommandError(
            f"{path} is missing, so nobody knows the desks of this home. Restore it from a copy, or"
            f" run `kingmaker up` with the same desks again."
        ) from None
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(f"{path} cannot be read ({error}). Restore it from a copy.") from error
    return tuple(Desk(row["name"], index) for index, row in enumerate(rows))


@dataclass(frozen=True, slots=True)
class Opened:
    """A home, to be looked at."""

    home: Home
    desks: tuple[Desk, ...]
    log: SqliteLog

    def query(self, statement: str, *values: str | int) -> list[dict[str, Any]]:
        """Return rows of the views, by column."""
        return query(self.home, statement, *values)

    def desk(self, name: str | None) -> Desk:
        """Return a desk by name, or the only one; CommandError names those that there are."""
        if name is None and len(self.desks) == 1:
            return self.desks[0]
        found = next((desk for desk in self.desks if desk.name == name), None)
        if found is None:
            names = ", ".join(desk.name for desk in self.desks)
            said = f"no desk is called {name!r}" if name else "this home has several desks"
            raise CommandError(f"{said}. Name one of: {names}.", Exit.USAGE)
        return found


def query(home: Home, statement: str, *values: str | int) -> list[dict[str, Any]]:
    """Return rows of the views of a home, by column."""
    with closing(sqlite3.connect(f"{home.views.resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(statement, values)]


@contextmanager
def opened(named: Path | None) -> Iterator[Opened]:
    """Open a home whose views show all that the log holds."""
    home = find_home(named)
    if not home.log.exists() and not (home.path / DESKS).exists():
        raise CommandError(
            f"{home.path} holds neither a log nor desks. If it is the home of a process on Kafka,"
            f" the log is there: `kingmaker status -c FILE` looks at it, and a signed record in a"
            f" commands topic, or the file KILL, acts (docs/how-to/stop-a-desk.md). Else restore it"
            f" from a copy."
        )
    desks = remembered_desks(home)
    if not home.log.exists():
        raise CommandError(f"{home.log} is missing. Restore it from a copy; never begin anew.")
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    try:
        _bring_up(home, log, desks)
        yield Opened(home, desks, log)
    finally:
        log.close()


def _bring_up(home: Home, log: SqliteLog, desks: Sequence[Desk]) -> None:
    """Fold what is news; importing what folds is worth it only then."""
    if _ends(home.log, LOG_ENDS) == _ends(home.views, VIEW_ENDS):
        return
    from kingmaker.runtime.cli.progress import Progress  # noqa: PLC0415 - see above
    from kingmaker.runtime.views.at_home import open_views  # noqa: PLC0415 - see above
    from kingmaker.runtime.views.follow import catch_up_or_rebuild  # noqa: PLC0415 - see above

    views = open_views(home.views, log, desks)
    with Progress("folding the log into views") as progress:
        catch_up_or_rebuild(views, progress.show)
    views.close()


def _ends(path: Path, statement: str) -> set[tuple[Any, ...]] | None:
    """Return where each lane ends in one of the two files; None if it does not say."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return set(db.execute(statement))
    except sqlite3.DatabaseError:
        return None

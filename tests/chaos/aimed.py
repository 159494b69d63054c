"""`kingmaker` that kills itself, as kill -9 does, around the commit of an event that is named.

python -m tests.chaos.aimed MOMENT EVENT TIME_MS up --data …

It commits at every market time, so that a moment is one market time and not fifty milliseconds of
many. The event is the first of its name, in any lane, that is of TIME_MS or later.
"""

import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime import clock
from kingmaker.runtime.cli.main import main
from kingmaker.runtime.log import Verdict
from kingmaker.runtime.sqlite_log import SqliteLog

BEFORE, AMID, AFTER = "before", "amid", "after"  # its transaction began, is whole, is committed
MOMENTS = (BEFORE, AMID, AFTER)


def aim(moment: str, event: str, time_ms: int) -> None:
    """Let every commit ask whether this is the one."""
    insert = SqliteLog._insert

    def aimed(log: SqliteLog, waiting: dict[Lane, list[Record]]) -> Verdict:
        if not _holds(waiting, event, time_ms):
            return insert(log, waiting)
        if moment == BEFORE:
            _die()
        if moment == AMID:
            log._db.set_trace_callback(lambda statement: statement == "COMMIT" and _die())
        insert(log, waiting)
        _die()

    SqliteLog._insert = aimed  # type: ignore[assignment,method-assign] # here only
    clock.COMMIT_EVERY_S = 0.0


def _holds(waiting: dict[Lane, list[Record]], event: str, time_ms: int) -> bool:
    return any(
        record.time_ms >= time_ms and record.kind.rpartition(".")[2] == event
        for records in waiting.values()
        for record in records
    )


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")


def run(words: Sequence[str]) -> None:
    """Take aim, then be `kingmaker`."""
    moment, event, time_ms, *rest = words
    assert moment in MOMENTS, moment
    aim(moment, event, int(time_ms))
    sys.argv = ["kingmaker", *rest]
    main()


if __name__ == "__main__":
    run(sys.argv[1:])

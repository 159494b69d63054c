"""A play that kills itself, as kill -9 does, when its log is about to commit for the n-th time.

python -m tests.scenarios.struck HOME N     # prints how many commits there were, if it survives
"""

import os
import signal
import sys
from itertools import islice
from pathlib import Path

from kingmaker.runtime.assembly import open_kingdom
from kingmaker.runtime.bars import DEMO
from tests.scenarios.challenged import parts_of
from tests.scenarios.playing import Stage, stage

TIMES = 3  # market times: it is the first start that matters
DESKS = tuple(DEMO[2].model_copy(update={"name": name}) for name in ("one", "two"))


def place(home: Path) -> Stage:
    """Return two desks that begin at once, in this home."""
    return stage(home, DESKS)


def main(home: Path, moment: int) -> None:
    commits = 0

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"
        if commits == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    played = place(home)
    parts = parts_of(played)
    with open_kingdom(played.home, parts) as kingdom:
        kingdom._log._db.set_trace_callback(count)
        kingdom.begin(parts.begins_ms)
        starts = [position + 1 for position in kingdom.positions()]
        for _ in islice(kingdom.play(played._bars().rows(starts)), TIMES):
            pass
    sys.stdout.write(f"{commits}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

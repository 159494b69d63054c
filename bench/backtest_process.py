"""The process of one backtest: python -m bench.backtest_process FOLDER TIMES (0: all)."""

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.stage import Stage, five_minute_desk
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import Kingdom
from kingmaker.runtime.settings import Settings

PARTS = (4, 2, 1)  # a quarter, a half, the whole
BYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def main() -> None:
    """Play, and print what came of it as one line of JSON."""
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    desk, what = five_minute_desk()
    stage = Stage(Home(folder), Settings(desks=(desk,)))
    marks = list(_marks(stage, times or _times_of(stage)))
    peaks = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, child = (BYTES * resource.getrusage(who).ru_maxrss for who in peaks)
    played = {
        "what": what,
        "marks": marks,
        "peak_bytes": own,
        "peak_bytes_child": child,
        "cpu_children": sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]),
    }
    print(json.dumps(played | _outcome(stage)))


def _marks(stage: Stage, times: int) -> Iterator[dict[str, float]]:
    """Play, and yield bars, wall and CPU seconds where a shorter play would have ended."""
    ends = [times // part for part in PARTS]
    with stage.kingdom() as kingdom:
        began, cpu = time.perf_counter(), time.process_time()
        for count, _ in enumerate(stage.times(kingdom, times), 1):
            if count in ends:
                kingdom.clock.commit()
                yield {
                    "bars": _bars_played(kingdom),
                    "seconds": time.perf_counter() - began,
                    "cpu": time.process_time() - cpu,
                }


def _times_of(stage: Stage) -> int:
    return len({open_ms for _, opens in stage.bars.symbols(0) for open_ms in opens})


def _bars_played(kingdom: Kingdom) -> int:
    return sum(position + 1 for position in kingdom.positions())


def _outcome(stage: Stage) -> dict[str, Any]:
    with stage.log() as log:
        kinds: Counter[str] = Counter()
        for lane in log.lanes():
            kinds.update(record.kind.rpartition(".")[2] for record in decided(log, lane))
    return {
        "events": kinds.total(),
        "opportunities": kinds["OpportunityDecided"],
        "pairs": kinds["PairResolved"],
        "trials": kinds["TrialOpened"],
        "crowned": kinds["ChampionCrowned"] - 9,
    }


if __name__ == "__main__":
    main()

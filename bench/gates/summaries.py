"""From the arrays of cells to figures: shares with exact limits, medians, means."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.gates import canary, decay, lineups, streams
from bench.gates.jobs import Arrays
from bench.gates.measured import Key, Measured, Results, mean, median, quantile, share

CROWNED, MEDIAN = "crowned", "median pairs"
WITHIN_500, WITHIN_2000 = "within 500", "within 2000"
BEFORE, DELAY, DELAY_P90 = "before the change", "median delay", "p90 delay"
RUN_LENGTH = "mean run length"
ANY_WRONG, WRONG, FDR = "any wrong", "wrong", "FDR"
FOUND_SMALL, FOUND_LARGE = "found .10", "found .20"
ENDED_EARLY, ENDED = "wrongly ended", "ended"
EARLY = 500

type Found = Iterator[tuple[Key, Measured]]
type Firsts = NDArray[np.int32]


def summarise(cells: Mapping[tuple[str, str], Arrays]) -> Results:
    """Return every figure of a run."""
    results: dict[Key, Measured] = {}
    for (part, cell), arrays in cells.items():
        results.update(SUMMARIES[part](cell, arrays))
    return results


def _trials(cell: str, arrays: Arrays) -> Found:
    for rule, firsts in arrays.items():
        yield Key(cell, rule, CROWNED), _share(firsts > 0)
        yield Key(cell, rule, MEDIAN), median(firsts)


def _lineups(cell: str, arrays: Arrays) -> Found:
    schedule = lineups.SCHEDULES[cell.partition(": ")[2]]
    for policy, firsts in arrays.items():
        reached = firsts
        if schedule.null_after is not None:
            reached = firsts[(firsts == 0) | (firsts > schedule.null_after)]
        yield Key(cell, policy, CROWNED), _share(reached > 0)
        yield Key(cell, policy, MEDIAN), median(reached)


def _streams(cell: str, arrays: Arrays) -> Found:
    all_streams = list(streams.streams_of(arrays))
    for rule in (streams.NAIVE, *streams.BUDGETS):
        verdicts = [(one.edges, one.promoted(rule) > 0.0) for one in all_streams]
        wrong = np.array([(passed & (edges == 0.0)).sum() for edges, passed in verdicts])
        total = np.array([passed.sum() for _, passed in verdicts])
        yield Key(cell, rule, ANY_WRONG), _share(wrong > 0)
        yield Key(cell, rule, WRONG), mean(wrong)
        if cell == "mixed":
            yield Key(cell, rule, FDR), mean(wrong / np.maximum(total, 1))
            for what, edge in ((FOUND_SMALL, 0.10), (FOUND_LARGE, 0.20)):
                found = [(passed & (edges == edge)).sum() for edges, passed in verdicts]
                yield Key(cell, rule, what), mean(np.array(found))


def _canary(cell: str, arrays: Arrays) -> Found:
    change = canary.REIGNS[cell].change
    for rule, alarms in arrays.items():
        if change is None:
            yield Key(cell, rule, WITHIN_500), _share((alarms > 0) & (alarms <= EARLY))
            yield Key(cell, rule, WITHIN_2000), _share(alarms > 0)
        else:
            early = (alarms > 0) & (alarms <= change)
            yield Key(cell, rule, BEFORE), _share(early)
            yield from _delays(Key(cell, rule, ""), alarms[~early], change)


def _delays(key: Key, alarms: Firsts, change: int) -> Found:
    delays = np.where(alarms > 0, alarms - change, 0)
    yield key._replace(what=DELAY), median(delays)
    yield key._replace(what=DELAY_P90), quantile(delays, 0.9)


def _run_lengths(cell: str, arrays: Arrays) -> Found:
    yield Key(cell, canary.DETECTOR, RUN_LENGTH), mean(arrays[canary.DETECTOR])


def _decay(cell: str, arrays: Arrays) -> Found:
    for rule in sorted({name.rpartition(", ")[0] for name in arrays}):
        crowned, ended = arrays[f"{rule}, crowned"], arrays[f"{rule}, ended"]
        yield Key(cell, rule, CROWNED), _share(crowned > 0)
        yield Key(cell, rule, MEDIAN), median(crowned)
        before = (crowned > 0) & (crowned <= decay.DECAYS)
        early = before & (ended > 0) & (ended <= decay.DECAYS)
        yield Key(cell, rule, ENDED_EARLY), share(int(early.sum()), int(before.sum()))
        yield Key(cell, rule, ENDED), _share(ended[crowned > 0] > 0)
        yield from _delays(Key(cell, rule, ""), ended[before & ~early], decay.DECAYS)


def _scalar(cell: str, arrays: Arrays) -> Found:
    for what, same in arrays.items():
        yield Key(cell, "scalar production code", what), _share(same)


def _share(flags: NDArray[Any]) -> Measured:
    return share(int(flags.sum()), len(flags))


SUMMARIES = {
    "trials": _trials,
    "lineups": _lineups,
    "streams": _streams,
    "canary": _canary,
    "run length": _run_lengths,
    "decay": _decay,
    "scalar": _scalar,
}

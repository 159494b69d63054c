"""How does a learner fare on trades that it never saw? Against knowing nothing, and what ships.

It walks forward: it learns from all trades that were over at a time, its product is judged on those
decided next, and so on. The measure is that of the learner that ships for its component, laid on
both products, asked as they are asked when they serve, on the same rows: what a file says of itself
does not count, and what it would like to see it does not get. Differences are paired row by row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np

from kingmaker.evidence.paired import paired
from kingmaker.learners import training
from kingmaker.learners.checks.lookahead import Difference, glance
from kingmaker.learners.checks.subject import Subject, of_component
from kingmaker.learners.contract import Comparable, Floats, RowByRow
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.training import Made

CUTS = (0.4, 0.6, 0.8)  # of the trades: what is learned from; judged is what follows, to the next
SEED = 1
DAY_MS = 86_400_000
# What a learner is held against: in loss, then in money.
KNOWING_NOTHING, DOING_NOTHING, SHIPPED = "knowing nothing", "doing nothing", "the one that ships"
LOSSES = {
    "cvar_ppo": "net return by its choice of size",
    "model_ensemble": "squared error of the reward in units of risk",
    "neural_ucb": "squared error of the reward in units of risk",
    "online_learning": "log loss of the win probability",
    "pattern_recognition": "squared error of the return in units of risk",
    "pm_optimizer": "net return by its exits",
    "regime_detector": "nats a bar by remembering the regime",
    "s15_rl_policy": "net return over the best constant action",
    "slippage_latency": "pinball loss of the cost in basis points",
}

type Record = dict[str, Any]
type Tell = Callable[[int], None]  # hears how many trainings are done


@dataclass(frozen=True, slots=True)
class _Step:
    """What was known at a time, what was decided next, and what both products did there."""

    mine: RowByRow
    shipped: RowByRow


def fare(subject: Subject, batch: Experience, tell: Tell) -> Record:
    """Return what may be said of a learner; `reason` says why nothing may."""
    shipped = of_component(subject.component)
    try:
        _check(batch)
        ahead = glance(subject, batch)
        if ahead is not None:
            return _unjudged(_ahead(ahead))
        steps = list(_walked(subject, shipped, batch, tell))
    except UnfitDataError as error:
        return _unjudged(f"it could not be trained and judged: {error}")
    except training.UnfaithfulGraphError as error:
        return _unjudged(f"its graph does not answer what its reference does: {error}")
    return _judged(subject, steps, own=subject.path is not None)


def _check(batch: Experience) -> None:
    if len(batch) == 0:
        raise UnfitDataError("there are no closed trades: give more bars with --data or --bars")


def _walked(subject: Subject, shipped: Subject, batch: Experience, tell: Tell) -> Iterator[_Step]:
    """Yield each step; both learn from the same trades."""
    measure = cast("Comparable", shipped.learner)
    done = 0
    for learned, holdout in steps_of(batch):
        shown = []
        for one in (subject, shipped):
            decide = training.open_session(_product(one, batch, learned, holdout))
            shown.append(measure.row_by_row(decide, holdout, learned))
            done += 1
            tell(done)
        yield _Step(*shown)


def steps_of(batch: Experience) -> Iterator[tuple[Experience, Experience]]:
    """Yield what was over at each time, with the bars until then, and what was decided next."""
    times = [int(batch.decided_ms[int(share * len(batch))]) for share in CUTS]
    ends = [*times[1:], int(batch.decided_ms[-1]) + 1]
    for begin_ms, end_ms in zip(times, ends, strict=True):
        later = (batch.decided_ms >= begin_ms) & (batch.decided_ms < end_ms)
        last_ms = int(batch.resolved_ms[later].max(initial=begin_ms))
        yield batch.until(begin_ms), batch.until(last_ms)[_kept(batch, later, last_ms)]


def _kept(batch: Experience, later: np.ndarray, last_ms: int) -> np.ndarray:
    """Return the places of the later trades among those that were over by then."""
    return later[batch.resolved_ms <= last_ms]


def _product(one: Subject, batch: Experience, learned: Experience, holdout: Experience) -> bytes:
    """Return the graph that a training makes, held against its reference."""
    state = one.learner.fit(learned, None, SEED, training.sober(_unheard))
    made = Made(one.component, one.learner, state, batch, learned, holdout)
    return training.judged(made, SEED, _unheard).model


def _unheard(_said: object) -> None:
    """Tell nobody."""


def _judged(subject: Subject, steps: Sequence[_Step], *, own: bool) -> Record:
    mine = _together([step.mine for step in steps])
    shipped = _together([step.shipped for step in steps])
    days = mine.time_ms // DAY_MS
    gain = {KNOWING_NOTHING: mine.gain}
    net = {DOING_NOTHING: mine.net} if len(mine.net) else {}
    if own:
        gain[SHIPPED] = mine.gain - shipped.gain
        net |= {SHIPPED: mine.net - shipped.net} if net else {}
    told = {"gain": _paired(gain, days), "net": _paired(net, days)}
    first = [told["gain"][KNOWING_NOTHING], *[told["net"][name] for name in told["net"]][:1]]
    return {
        "trainings": 2 * len(steps),
        "rows": len(mine.gain),
        "measure": LOSSES[subject.component],
        **told,
        "ok": all(pair["verdict"].startswith("better than") for pair in first),
        "reason": "",
    }


def _paired(differences: dict[str, Floats], days: np.ndarray) -> dict[str, Record]:
    pairs = {other: paired(values, days) for other, values in differences.items()}
    return {
        other: {**asdict(pair), "verdict": pair.verdict(other)} for other, pair in pairs.items()
    }


def _together(parts: Sequence[RowByRow]) -> RowByRow:
    columns = ("gain", "net", "bucket", "time_ms")
    return RowByRow(*[np.concatenate([getattr(one, name) for one in parts]) for name in columns])


def _ahead(found: Difference) -> str:
    return (
        f"it looks ahead: {found.symbol} of a trade is {found.whole} with everything and"
        f" {found.other} without what came later. Ask `kingmaker check lookahead --learner` first"
    )


def _unjudged(reason: str) -> Record:
    return {"trainings": 0, "rows": 0, "gain": {}, "net": {}, "ok": False, "reason": reason}

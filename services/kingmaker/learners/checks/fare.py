"""How does a learner fare on trades that it never saw? Against knowing nothing, and what ships.

It walks forward: it learns from all trades that were over at a time, its product is judged on those
decided next, and so on. The measure is that of the learner that ships for its component, laid on
both products, asked as they are asked when they serve, on the same rows: what a file says of itself
does not count, and what it would like to see it does not get. Differences are paired row by row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, cast

import numpy as np

from kingmaker.evidence.batch.paired import paired
from kingmaker.learners import learners, training
from kingmaker.learners.bars import NOWHERE
from kingmaker.learners.checks.lookahead import Difference, glance
from kingmaker.learners.checks.subject import OwnLearnerError, Subject, of_component
from kingmaker.learners.contract import Comparable, Decide, Floats, RowByRow
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.training import Made, Sources

CUTS = (0.4, 0.6, 0.8)  # of the trades: what is learned from; judged is what follows, to the next
SEED = 1
DAY_MS = 86_400_000
# What a learner is held against: in loss, then in money.
KNOWING_NOTHING, DOING_NOTHING, SHIPPED = "knowing nothing", "doing nothing", "the one that ships"
NOTHING = (KNOWING_NOTHING, DOING_NOTHING)
IT = "it"  # the learner that is asked about, among those that are made
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
type Make = Callable[[Experience, Experience], Decide]  # of what is learned, and the hold-out
type Tell = Callable[[int], None]  # hears how many trainings are done


class UnjudgedError(Exception):
    """Nothing may be said: whose fault it is, and why."""


def fare(subject: Subject, batch: Experience, tell: Tell) -> Record:
    """Return what may be said of a learner; `reason` says why nothing may."""
    shipped = of_component(subject.component)
    others = {SHIPPED: maker(shipped, batch)} if subject.path else {}
    return beside(subject, batch, others, tell)


def experience(subject: Subject, sources: Sources) -> Experience:
    """Return what it is judged on: with bars too where the measure of its component reads them."""
    needs_bars = subject.needs_bars or learners.needs_bars(subject.component)
    return replace(subject, needs_bars=needs_bars).experience(sources)


def beside(subject: Subject, batch: Experience, others: Mapping[str, Make], tell: Tell) -> Record:
    """Return what may be said of a learner against nothing, and against others by name."""
    try:
        with _fault_of(IT):
            _check(batch)
            ahead = glance(subject, _as_trained(subject, batch))
        if ahead is not None:
            return _unjudged(_ahead(ahead))
        makes = {IT: maker(subject, batch), **others}
        shown = walked(subject.component, makes, batch, tell)
    except UnjudgedError as error:
        return _unjudged(str(error))
    return _judged(subject, shown.pop(IT), shown)


@contextmanager
def _fault_of(who: str) -> Iterator[None]:
    """Say who could not be trained and judged: what another does wrong is not put down to a file.

    What a file itself raises goes through: `subject.faults` finds the line.
    """
    try:
        yield
    except UnfitDataError as error:
        raise UnjudgedError(f"{who} could not be trained and judged: {error}") from error
    except training.UnfaithfulGraphError as error:
        raise UnjudgedError(
            f"{who} made a graph that does not answer what its reference does: {error}"
        ) from error
    except Exception as error:
        if who == IT:
            raise
        raise OwnLearnerError(f"{who} failed, and not the file: {error!r}") from error


def _check(batch: Experience) -> None:
    if len(batch) == 0:
        raise UnfitDataError("there are no closed trades: give more bars with --data or --bars")


def maker(subject: Subject, batch: Experience) -> Make:
    """Return how a learner makes its product: as a training does, held against its reference."""

    def make(learned: Experience, holdout: Experience) -> Decide:
        own = [_as_trained(subject, part) for part in (batch, learned, holdout)]
        state = subject.learner.fit(own[1], None, SEED, training.sober(_unheard))
        made = Made(subject.component, subject.learner, state, *own)
        return training.open_session(training.judged(made, SEED, _unheard).model)

    return make


def _as_trained(subject: Subject, batch: Experience) -> Experience:
    """Return what a training of it would see: no bars, where it asks for none."""
    if subject.needs_bars:
        return batch
    return replace(batch, bars=(), symbol=np.full_like(batch.symbol, NOWHERE))


def walked(
    component: str, makes: Mapping[str, Make], batch: Experience, tell: Tell
) -> dict[str, RowByRow]:
    """Return what each did over all steps; all learn from the same trades, the same rows judge."""
    measure = cast("Comparable", of_component(component).learner)
    parts: dict[str, list[RowByRow]] = {name: [] for name in makes}
    done = 0
    for learned, holdout in steps_of(batch):
        for name, make in makes.items():
            with _fault_of(name):
                parts[name].append(measure.row_by_row(make(learned, holdout), holdout, learned))
            done += 1
            tell(done)
    return {name: _together(shown) for name, shown in parts.items()}


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


def _unheard(_said: object) -> None:
    """Tell nobody."""


def _judged(subject: Subject, mine: RowByRow, others: Mapping[str, RowByRow]) -> Record:
    days = mine.time_ms // DAY_MS
    gain = {KNOWING_NOTHING: mine.gain}
    gain |= {name: mine.gain - other.gain for name, other in others.items()}
    net = {}
    if len(mine.net):
        net = {DOING_NOTHING: mine.net}
        net |= {name: mine.net - other.net for name, other in others.items()}
    told = {"gain": _paired(gain, days), "net": _paired(net, days)}
    nothing = [pairs[name] for pairs in told.values() for name in NOTHING if name in pairs]
    return {
        "trainings": len(CUTS) * (1 + len(others)),
        "rows": len(mine.gain),
        "measure": LOSSES[subject.component],
        **told,
        "ok": all(pair["verdict"].startswith("better than") for pair in nothing),
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

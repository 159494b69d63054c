"""Drift: every 250 bars of a symbol, how far its features lie from what the last training saw.

Until a training of the desk has ended, the first windows of the symbol are the reference. Then it
stays, once it has as many windows as are kept, until a training has seen what drifted: one that
moved along with every night would never show what changes slowly. A feature is told once while it
stays beyond the limit; a new reference tells what is still beyond it.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from kingmaker.contracts.desks import desk_of
from kingmaker.kernel.frozen import replace
from kingmaker.risk.domain import (
    AboutMarket,
    BarClosed,
    DriftDetected,
    FeaturesMeasured,
    OfDrift,
    ReferenceTaken,
    State,
    TrainingCompleted,
    Watched,
)
from kingmaker.risk.histograms import FEATURES, counts_of
from kingmaker.risk.references import KEPT, NEEDED, Reference, scores, usual
from kingmaker.risk.window import Window

NOBODY = Watched()


def hear(state: State, window: Window, message: AboutMarket) -> Sequence[OfDrift]:
    """Hear what a desk that measures drift goes by."""
    if not state.policy.drift:
        return ()
    if isinstance(message, BarClosed):
        return _on_bar(state, window, message)
    return _on_training(state, message)


def learn(state: State, event: OfDrift) -> State:
    """Learn one event about drift."""
    now = state.watched.get(event.symbol, NOBODY)
    if isinstance(event, DriftDetected):
        told = replace(now, told_ms=event.until_ms)
        return replace(state, drifts=event.number, watched={**state.watched, event.symbol: told})
    return replace(state, watched={**state.watched, event.symbol: _learn(now, event)})


def _on_bar(state: State, window: Window, bar: BarClosed) -> Sequence[OfDrift]:
    """Measure a window once it is whole, and say which features have drifted."""
    before, track = state.watched.get(bar.symbol, NOBODY), window.tracks[bar.symbol]
    newest = track.opened[-1] == bar.open_ms
    if not newest or not track.is_whole(before.until_ms, window.places):
        return ()
    measured = _measured(state, before, bar, window)
    said: list[OfDrift] = [measured, *_drifted(state, before, measured)]
    after = learn(state, measured).watched[bar.symbol]
    if after.reference is None and len(after.windows) >= NEEDED:
        said.append(_reference(state, bar.symbol, after, "", measured.until_ms))
    return said


def _on_training(state: State, completed: TrainingCompleted) -> Sequence[OfDrift]:
    """Compare with what this training saw from here on, where it saw enough of a symbol."""
    if desk_of(completed.slot) != state.desk:
        return ()
    until_ms, rule = completed.data_until_ms, state.policy.drift_rule
    return [
        _reference(state, symbol, seen, completed.training, until_ms)
        for symbol, watched in sorted(state.watched.items())
        if _is_over(watched, until_ms, rule)
        and len((seen := _until(watched, until_ms)).windows) >= NEEDED
    ]


def _is_over(watched: Watched, until_ms: int, rule: str) -> bool:
    """Tell whether a training that saw all until a time begins a new reference."""
    reference, told_ms = watched.reference, watched.told_ms
    if reference is None or reference.windows < KEPT or reference.rule != rule:
        return True
    return told_ms is not None and until_ms >= told_ms


def _learn(now: Watched, event: FeaturesMeasured | ReferenceTaken) -> Watched:
    match event:
        case FeaturesMeasured(number=number, until_ms=until_ms, counts=counts, drifted=drifted):
            return replace(
                now,
                number=number,
                until_ms=until_ms,
                windows=(*now.windows, (until_ms, counts))[-KEPT:],
                drifted=drifted,
                worst=max(event.scores, default=None),
            )
        case ReferenceTaken():
            reference = Reference(
                number=event.number,
                training=event.training,
                until_ms=event.until_ms,
                windows=event.windows,
                rule=event.rule,
                totals=event.totals,
                means=event.means,
                sigmas=event.sigmas,
            )
            return replace(now, reference=reference, drifted=(), told_ms=None)
        case _:
            assert_never(event)


def _measured(state: State, before: Watched, bar: BarClosed, window: Window) -> FeaturesMeasured:
    rows = window.tracks[bar.symbol].rows()
    counts, reference = counts_of(rows), before.reference
    found = () if reference is None else scores(counts, reference)
    limit = state.policy.drift_sigmas
    return FeaturesMeasured(
        symbol=bar.symbol,
        number=before.number + 1,
        until_ms=bar.close_ms,
        bars=len(rows),
        counts=counts,
        reference=0 if reference is None else reference.number,
        scores=found,
        drifted=tuple(
            [name for name, score in zip(FEATURES, found, strict=False) if score > limit]
        ),
        time_ms=max(bar.close_ms, window.time_ms),
    )


def _drifted(state: State, before: Watched, measured: FeaturesMeasured) -> Iterator[DriftDetected]:
    reference = before.reference
    new = [name for name in measured.drifted if name not in before.drifted]
    if reference is None:
        return
    for number, name in enumerate(new, start=state.drifts + 1):
        place = FEATURES.index(name)
        yield DriftDetected(
            desk=state.desk,
            number=number,
            symbol=measured.symbol,
            feature=name,
            score=measured.scores[place],
            threshold=state.policy.drift_sigmas,
            mean=reference.means[place],
            sigma=reference.sigmas[place],
            rule=reference.rule,
            window=measured.number,
            until_ms=measured.until_ms,
            reference=reference.number,
            training=reference.training,
            time_ms=measured.time_ms,
        )


def _reference(
    state: State, symbol: str, seen: Watched, training: str, until_ms: int
) -> ReferenceTaken:
    rule = state.policy.drift_rule
    total, each = usual([counts for _, counts in seen.windows], rule)
    return ReferenceTaken(
        symbol=symbol,
        number=seen.reference.number + 1 if seen.reference else 1,
        training=training,
        until_ms=until_ms,
        windows=len(seen.windows),
        rule=rule,
        totals=total,
        means=tuple([one.mean for one in each]),
        sigmas=tuple([one.sigma for one in each]),
    )


def _until(watched: Watched, until_ms: int) -> Watched:
    """Return what was measured by a time."""
    seen = [one for one in watched.windows if one[0] <= until_ms]
    return replace(watched, windows=tuple(seen))

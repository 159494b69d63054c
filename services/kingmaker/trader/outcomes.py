"""Open opportunities, one bar later: who entered, who left, what it brought."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.kernel.frozen import replace
from kingmaker.market import exits
from kingmaker.market.exits import Leg, Result, Terms
from kingmaker.trader import judgement, modes, pipeline, revisions, votes
from kingmaker.trader.domain import Event
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.said import (
    Decision,
    EntryBarred,
    ModelRevised,
    OpportunityDecided,
    OpportunityMissed,
    OpportunityResolved,
    Outcome,
    PositionClosed,
    PositionOpened,
    RevisionRefused,
)
from kingmaker.trader.state import Account, Open, State
from kingmaker.trader.window import Window

type Path = tuple[Terms, int, float, float, float, float, int]  # what a leg's fate depends on


def after(state: State, window: Window, bar: BarClosed) -> list[Event]:
    """Return what a bar does to the open opportunities, in order of decision."""
    events: list[Event] = []
    equity = state.equity
    for item in state.open:
        if item.decided.symbol == bar.symbol:
            said = _on_its_bar(state, item, window, bar, equity)
        elif window.now_ms - item.decided.time_ms > _age_max(state, item.decided):
            said = _on_no_bar(state, item, window, equity)
        else:
            continue
        equity = next((e.equity for e in said if isinstance(e, PositionClosed)), equity)
        state = _revised(state, said)
        events += said
    return events


def _on_its_bar(
    state: State, item: Open, window: Window, bar: BarClosed, equity: float
) -> list[Event]:
    decided = item.decided
    bars = window.tracks[bar.symbol].since(decided.time_ms, window.places)
    if not bars or bars[0].open_ms != decided.time_ms:
        return _without_entry(item, window.now_ms, equity)
    terms = _terms(state, decided)
    events = _entered(state, item, terms[0], bars[0])
    results = _results(decided, terms, bars)
    opened = next((e for e in events if isinstance(e, PositionOpened)), None)
    left = _flattened(decided, terms[0], bars) if state.flatten else results[0]
    if left is not None and (item.account is Account.IN or opened is not None):
        cut = item.cut if opened is None else opened.cut
        events.append(_closed(decided, left, cut, equity))
    events += revisions.teach(state, item, results, bar.close_ms)
    if None not in results:
        done = [result for result in results if result is not None]
        events.append(_resolved(decided, done, bar.close_ms))
    return events


def _on_no_bar(state: State, item: Open, window: Window, equity: float) -> list[Event]:
    """Give up a symbol of which no bar came for so long; others have gone on."""
    decided, now_ms = item.decided, window.now_ms
    bars = (
        window.tracks[decided.symbol].since(decided.time_ms, window.places)
        if (decided.symbol in window.tracks)
        else []
    )
    if not bars or bars[0].open_ms != decided.time_ms:
        return _without_entry(item, now_ms, equity)
    terms = _terms(state, decided)
    results = [
        exits.outcome(leg, own, bars) or exits.expired(leg, own, bars, now_ms)
        for leg, own in zip((_leg(decided, one) for one in decided.decisions), terms, strict=True)
    ]
    events: list[Event] = []
    if item.account is Account.IN:
        events.append(_closed(decided, results[0], item.cut, equity))
    events += revisions.teach(state, item, results, now_ms)
    return [*events, _resolved(decided, results, now_ms)]


def _revised(state: State, said: Sequence[Event]) -> State:
    """Let the next opportunity teach what this one has taught already."""
    for event in said:
        if isinstance(event, ModelRevised | RevisionRefused):
            state = revisions.learn(state, event)
    return state


def _without_entry(item: Open, now_ms: int, equity: float) -> list[Event]:
    """Nobody could enter, or the bars of a trade are out of reach: then it is void."""
    decided = item.decided
    missed = OpportunityMissed(decided.opportunity, decided.symbol, decided.bucket, now_ms)
    if item.account is not Account.IN:
        return [missed]
    void = PositionClosed(
        decided.opportunity, decided.symbol, now_ms, decided.price, exits.EXPIRED, 0.0, equity
    )
    return [void, missed]


def _entered(state: State, item: Open, terms: Terms, first: BarClosed) -> list[Event]:
    """Open the account's position at the first bar, if the champion takes it and it may."""
    decided, champion = item.decided, item.decided.decisions[0]
    if item.account is not Account.OUT or not champion.taken:
        return []
    if barred := modes.barred(state):
        return [EntryBarred(decided.opportunity, decided.symbol, barred, first.open_ms)]
    entry, stop, target = exits.levels(_leg(decided, champion), terms, first.open)
    return [
        PositionOpened(
            decided.opportunity,
            decided.symbol,
            first.open_ms,
            champion.direction,
            champion.size,
            entry,
            stop,
            target,
            champion.strategy,
            decided.lineup,
            1.0 - state.size,
        )
    ]


def _flattened(decided: OpportunityDecided, terms: Terms, bars: Sequence[BarClosed]) -> Result:
    """Leave at the open of the last bar, wherever it is."""
    return exits.flattened(_leg(decided, decided.decisions[0]), terms, bars)


def _results(
    decided: OpportunityDecided, terms: Sequence[Terms], bars: Sequence[BarClosed]
) -> list[Result | None]:
    """Simulate every decision; those on the same path are simulated once."""
    known: dict[Path, Result | None] = {}
    results = []
    for decision, own in zip(decided.decisions, terms, strict=True):
        path = (
            own,
            decision.direction,
            decision.stop_distance,
            decision.target_distance,
            decision.breakeven_r,
            decision.trail_r,
            decision.time_bars,
        )
        if path not in known:
            known[path] = exits.outcome(_leg(decided, decision), own, bars)
        results.append(known[path])
    return results


def _leg(decided: OpportunityDecided, decision: Decision) -> Leg:
    return Leg(
        decided.time_ms,
        decided.interval_ms,
        decision.direction,
        decision.stop_distance,
        decision.target_distance,
        decision.breakeven_r,
        decision.trail_r,
        decision.time_bars,
    )


def _terms(state: State, decided: OpportunityDecided) -> list[Terms]:
    """Return each decision's own terms; records of 0.1 have none, and take those of the desk."""
    policy = state.policy
    general = Terms(decided.fee, decided.impact, policy.price_tolerance, policy.max_age_ms)
    return [
        replace(general, tolerance=one.price_tolerance, max_age_ms=one.max_age_ms)
        if one.max_age_ms
        else general
        for one in decided.decisions
    ]


def _age_max(state: State, decided: OpportunityDecided) -> int:
    """Return the age at which the last of its decisions is given up."""
    return max(one.max_age_ms or state.policy.max_age_ms for one in decided.decisions)


def _closed(
    decided: OpportunityDecided, result: Result, cut: float, equity: float
) -> PositionClosed:
    net = result.net * decided.decisions[0].size / judgement.FULL_SIZE * (1.0 - cut)
    return PositionClosed(
        decided.opportunity,
        decided.symbol,
        result.exit_ms,
        result.exit,
        result.reason,
        net,
        equity + net,
    )


def _resolved(
    decided: OpportunityDecided, results: Sequence[Result], now_ms: int
) -> OpportunityResolved:
    signal = decided.decisions[0]
    regime = decided.setup[-3:]
    contexts = pipeline.contexts_of(decided.features, decided.directions, regime)
    outcomes = [_outcome(d, r) for d, r in zip(decided.decisions, results, strict=True)]
    return OpportunityResolved(
        opportunity=decided.opportunity,
        symbol=decided.symbol,
        time_ms=now_ms,
        decided_ms=decided.time_ms,
        bucket=decided.bucket,
        lineup=decided.lineup,
        strategy=signal.strategy,
        direction=signal.direction,
        setup=decided.setup,
        signal_net=results[0].net,
        risk=signal.stop_distance,
        outcomes=tuple(outcomes),
        same=decided.same,
        contexts=tuple([number for row in contexts for number in row]),
        arm=decided.arm,
        desk=decided.desk,
        interval_ms=decided.interval_ms,
        target_distance=signal.target_distance,
        fee=decided.fee,
        impact=decided.impact,
        price_tolerance=signal.price_tolerance,
        max_age_ms=signal.max_age_ms,
        scores=decided.scores,
        judged=decided.judged,
        heads=votes.signed(signal.votes),
        confluence_min=decided.confluence_min,
    )


def _outcome(decision: Decision, result: Result) -> Outcome:
    weight = decision.size / judgement.FULL_SIZE if decision.taken else 0.0
    return Outcome(
        decision.branch,
        decision.taken,
        result.net * weight,
        result.reason,
        result.entry,
        result.exit,
        result.exit_ms,
        result.best_r,
        result.worst_r,
        result.net,
    )


def account(state: State, event: PositionOpened | PositionClosed | EntryBarred) -> State:
    """Note where the account stands: in, left with what it brought, or barred for good."""
    match event:
        case PositionOpened(opportunity):
            return _marked(state, opportunity, Account.IN, event.cut)
        case PositionClosed(opportunity):
            state = _marked(state, opportunity, Account.LEFT)
            return replace(state, equity=event.equity)
        case EntryBarred(opportunity):
            return _marked(state, opportunity, Account.BARRED)
        case _:
            assert_never(event)


def forget(state: State, opportunity: str) -> State:
    """Drop an opportunity that is over."""
    kept = tuple([item for item in state.open if item.decided.opportunity != opportunity])
    return replace(state, open=kept)


def _marked(state: State, opportunity: str, account: Account, cut: float = 0.0) -> State:
    items = [
        replace(item, account=account, cut=cut) if item.decided.opportunity == opportunity else item
        for item in state.open
    ]
    return replace(state, open=tuple(items))

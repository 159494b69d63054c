"""What the guard counts: the account's closed trades; paused, the champion's simulated ones."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.kernel.frozen import replace
from kingmaker.risk import guard
from kingmaker.risk.domain import (
    AboutTrades,
    EntryAwaited,
    EntryBarred,
    GuardChanged,
    OfGuard,
    OpportunityResolved,
    PositionClosed,
    State,
    TradeCounted,
)
from kingmaker.risk.guard import NORMAL, SETTINGS, Guard, Measure

BY_GUARD = "guard"  # why the trader barred an entry
BY_PERSON = "FLATTENED"  # a trade that a person ended says nothing of the champion
AWAITED_MAX = 256  # barred entries that are not over; the oldest would be voided trades


def judge(state: State, message: AboutTrades) -> Sequence[OfGuard]:
    """Count a trade that is over, and take a step where one is due."""
    if not state.policy.guard:
        return ()
    match message:
        case PositionClosed(trade, reason, net, time_ms):
            void = reason == BY_PERSON or net == 0.0
            return () if void else _count(state, trade, net, time_ms, simulated=False)
        case EntryBarred(trade, reason, time_ms):
            return (EntryAwaited(trade, time_ms),) if reason == BY_GUARD else ()
        case OpportunityResolved(trade, outcomes, time_ms):
            if trade not in state.guard.awaited:
                return ()
            return _count(state, trade, outcomes[0].net, time_ms, simulated=True)
        case _:
            assert_never(message)


def let_go(state: State, now_ms: int) -> Sequence[GuardChanged]:
    """End what the guard holds back where the settings turned it off."""
    if state.policy.guard or state.guard.level == NORMAL:
        return ()
    found = guard.measure(state.guard.nets)
    return (_changed(state, NORMAL, SETTINGS, found, now_ms),)


def _count(
    state: State, trade: str, net: float, time_ms: int, *, simulated: bool
) -> Sequence[OfGuard]:
    before, rules = state.guard, state.policy.rules
    nets = (*before.nets, net)[-rules.looked_at :]
    found = guard.measure(nets)
    counted = TradeCounted(
        desk=state.desk,
        trade=trade,
        number=before.trades + 1,
        net=net,
        simulated=simulated,
        trades=found.trades,
        win_rate=found.win_rate,
        drawdown=found.drawdown,
        losses=found.losses,
        since=before.since + 1,
        time_ms=time_ms,
    )
    after = learn(state, counted)
    step = guard.step(after.guard, rules)
    if step is None:
        return (counted,)
    return counted, _changed(after, *step, time_ms)


def _changed(state: State, level: str, cause: str, found: Measure, now_ms: int) -> GuardChanged:
    return GuardChanged(
        desk=state.desk,
        number=state.guard.changes + 1,
        level=level,
        before=state.guard.level,
        cause=cause,
        size=guard.SIZES[level],
        trades=found.trades,
        win_rate=found.win_rate,
        drawdown=found.drawdown,
        losses=found.losses,
        time_ms=now_ms,
    )


def learn(state: State, event: OfGuard) -> State:
    """Learn one event of the guard."""
    return replace(state, guard=_learn(state.guard, event))


def _learn(now: Guard, event: OfGuard) -> Guard:
    match event:
        case EntryAwaited(trade):
            return replace(now, awaited=(*now.awaited, trade)[-AWAITED_MAX:])
        case TradeCounted(trade=trade):
            return replace(
                now,
                nets=(*now.nets, event.net)[-event.trades :],
                trades=event.number,
                since=event.since,
                awaited=tuple([one for one in now.awaited if one != trade]),
            )
        case GuardChanged(level=level, number=number, cause=cause):
            kept = now.nets if cause not in {guard.RECOVERED, SETTINGS} else ()
            if cause == guard.RECOVERED:
                kept = now.nets[-event.trades :]
            return replace(
                now, level=level, nets=kept, since=0, changes=number, changed_ms=event.time_ms
            )
        case _:
            assert_never(event)

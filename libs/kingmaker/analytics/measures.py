"""What each model version did in a window: counted anew from the events, in no order."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kingmaker.analytics.domain import (
    Decision,
    OpportunityDecided,
    OpportunityResolved,
    Outcome,
    WindowMeasured,
)
from kingmaker.analytics.lineups import Lineups, Player, lineups
from kingmaker.analytics.windows import Windows
from kingmaker.contracts.desks import component_of

MEDIAN, HIGH = 0.50, 0.99


@dataclass(slots=True)
class _Tally:
    """One player's counts."""

    opportunities: int = 0
    nets: list[float] = field(default_factory=list)  # of trades taken
    votes: int = 0
    votes_against: int = 0
    departures: int = 0
    latencies_us: list[int] = field(default_factory=list)


type _Tallies = dict[Player, _Tally]


def measured(desk: str, windows: Windows, window_ms: int) -> list[WindowMeasured]:
    """Return a row a model version that did something in the window, sorted by slot."""
    assert window_ms <= windows.longest_ms, "events of so long ago are not kept"
    known = lineups(windows.activated, windows.warmed)
    tallies: _Tallies = {}
    begins_ms = windows.until_ms - window_ms
    for decided in windows.decided.values():
        if decided.time_ms > begins_ms:
            _count_decision(tallies, known, decided)
    for resolved in windows.resolved.values():
        if resolved.time_ms > begins_ms:
            _count_outcome(tallies, known, resolved)
    order = sorted(tallies, key=lambda player: (player.slot, player.role, player.model))
    return [_row(desk, player, tallies[player], window_ms, windows.until_ms) for player in order]


def _count_decision(tallies: _Tallies, known: Lineups, event: OpportunityDecided) -> None:
    """Count how everybody who played decided."""
    if not event.decisions:
        return
    champion, *others = event.decisions
    own = {decision.branch: decision for decision in others}
    for player in known.champions.get(event.lineup, ()):
        _count_player(tallies, player, champion, event.latencies_us)
    for branch, player in _playing(known, (*own, *event.same)):
        decision = own.get(branch, champion)
        tally = _count_player(tallies, player, decision, event.latencies_us, branch)
        tally.departures += decision.act != champion.act


def _count_player(
    tallies: _Tallies,
    player: Player,
    decision: Decision,
    latencies_us: Mapping[str, int],
    branch: str = "",
) -> _Tally:
    tally = tallies.setdefault(player, _Tally())
    tally.opportunities += 1
    component = component_of(player.slot)
    for vote in decision.votes:
        if vote.component == component and vote.confidence:
            tally.votes += 1
            tally.votes_against += not vote.agrees
    latency_us = latencies_us.get(f"{branch or decision.branch}/{component}")
    if latency_us is not None:
        tally.latencies_us.append(latency_us)
    return tally


def _count_outcome(tallies: _Tallies, known: Lineups, event: OpportunityResolved) -> None:
    """Count what came of it; a branch that equals the champion's has its outcome."""
    if not event.outcomes:
        return
    champion, *others = event.outcomes
    own = {outcome.branch: outcome for outcome in others}
    for player in known.champions.get(event.lineup, ()):
        _count_trade(tallies, player, champion)
    for branch, player in _playing(known, (*own, *event.same)):
        _count_trade(tallies, player, own.get(branch, champion))


def _count_trade(tallies: _Tallies, player: Player, outcome: Outcome) -> None:
    if outcome.taken:
        tallies.setdefault(player, _Tally()).nets.append(outcome.net)


def _playing(known: Lineups, branches: Sequence[str]) -> Iterator[tuple[str, Player]]:
    """Yield the branches that exchange a model; those of changed settings exchange none."""
    for branch in branches:
        if player := known.branches.get(branch):
            yield branch, player


def _row(desk: str, player: Player, tally: _Tally, window_ms: int, until_ms: int) -> WindowMeasured:
    trades, won = len(tally.nets), sum(net > 0 for net in tally.nets)
    return WindowMeasured(
        desk=desk,
        slot=player.slot,
        model=player.model,
        role=player.role,
        window_ms=window_ms,
        until_ms=until_ms,
        opportunities=tally.opportunities,
        trades=trades,
        won=won,
        win_rate=won / trades if trades else 0.0,
        net=math.fsum(tally.nets),  # exact, so that no order matters
        votes=tally.votes,
        votes_against=tally.votes_against,
        disagreement=tally.votes_against / tally.votes if tally.votes else 0.0,
        departures=tally.departures,
        answers=len(tally.latencies_us),
        latency_us_p50=_quantile(tally.latencies_us, MEDIAN),
        latency_us_p99=_quantile(tally.latencies_us, HIGH),
    )


def _quantile(latencies_us: Sequence[int], share: float) -> int:
    """Return the nearest rank; 0 of nothing."""
    if not latencies_us:
        return 0
    return sorted(latencies_us)[math.ceil(share * len(latencies_us)) - 1]

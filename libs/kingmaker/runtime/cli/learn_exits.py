"""`kingmaker learn exits`: what other exits would have made of a closed trade."""

from dataclasses import asdict
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.market.exits import Leg, Terms
from kingmaker.market.hindsight import Hindsight, look_back
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import one
from kingmaker.runtime.history import decided

BREAKEVENS_R = TRAILS_R = (0.0, 0.5, 1.0, 1.5)
TIME_SHARES = (4, 2, 1)  # parts of the time that it had


def exits(opportunity: str, /, *, tick: float | None = None, options: Options | None = None) -> int:
    """Look back on a closed trade: what it came to, and what it would have with other exits.

    :param opportunity: Its id, as `kingmaker events` shows it.
    :param tick: The smallest step of the symbol's price. Default: read from its bars.
    """
    options = options or Options()
    if tick is not None and not tick > 0.0:
        raise CommandError(f"--tick {tick:g}: give a number above zero", Exit.USAGE)
    with opened(options.home) as home:
        found, bars = _trade(home, opportunity)
    signal = found.decisions[0]
    leg = Leg(
        found.time_ms,
        found.interval_ms,
        signal.direction,
        signal.stop_distance,
        signal.target_distance,
        signal.breakeven_r,
        signal.trail_r,
        signal.time_bars,
    )
    terms = Terms(found.fee, found.impact, signal.price_tolerance, signal.max_age_ms)
    if not bars or (seen := look_back(leg, terms, bars, _points(leg), tick)) is None:
        raise CommandError(f"{opportunity} is not over yet: its bars do not show its end.", Exit.NO)
    one(_told(opportunity, seen), _lines(opportunity, seen), options.output)
    return Exit.DONE


def _trade(home: Opened, opportunity: str) -> tuple[Any, list[Any]]:
    """Return what was decided, and the symbol's bars from its entry on."""
    for desk in home.desks:
        for found in _said(home, "trader", desk.index, "OpportunityDecided"):
            if found.opportunity == opportunity:
                bars = _said(home, "feed", desk.index, "BarClosed")
                return found, [
                    bar
                    for bar in bars
                    if bar.symbol == found.symbol and bar.open_ms >= found.time_ms
                ]
    raise CommandError(
        f"no opportunity is called {opportunity!r}. See them with `kingmaker events tail trader"
        f" --kind OpportunityResolved --last 1000`.",
        Exit.USAGE,
    )


def _said(home: Opened, service: str, lane: int, name: str) -> list[Any]:
    """Return what a service said of one kind, in order."""
    kind = message_class(f"kingmaker.{service}.v1", name)
    records = decided(home.log, Lane(event_topic(service), lane))
    return [
        kind.FromString(record.value)
        for record in records
        if record.kind == kind.DESCRIPTOR.full_name
    ]


def _points(leg: Leg) -> list[tuple[float, float, int]]:
    times = sorted({max(1, leg.time_bars // part) for part in TIME_SHARES})
    return [(b, t, time) for b in BREAKEVENS_R for t in TRAILS_R for time in times]


def _told(opportunity: str, seen: Hindsight) -> dict[str, Any]:
    return {"opportunity": opportunity, **asdict(seen)}


def _lines(opportunity: str, seen: Hindsight) -> list[str]:
    result = seen.result
    lines = [
        f"{opportunity}: {result.reason} after {seen.bars} bars, net {100 * result.net:+.2f} %",
        f"entry {seen.entry:g}, stop {seen.stop:g}, target {seen.target:g}, exit {result.exit:g}",
        f"best {result.best_r:+.2f} R, {seen.best_ticks} ticks",
        f"worst {result.worst_r:+.2f} R, {seen.worst_ticks} ticks",
    ]
    return lines + [
        f"  {100 * other.result.net:+.2f} %  {other.sentence}" if other.result else other.sentence
        for other in seen.others
    ]

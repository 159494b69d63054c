"""What the guard counts, and what it says: the account's trades, and when paused the simulated."""

from collections.abc import Sequence

from kingmaker.risk.domain import (
    ApplyPolicy,
    EntryAwaited,
    EntryBarred,
    Event,
    GuardChanged,
    OpportunityResolved,
    Outcome,
    PositionClosed,
    TradeCounted,
)
from tests.services.risk.desk import DESK, START_MS, Story, begun, kinds

ON = ApplyPolicy("on", {"guard.enabled": "1"})
OFF = ApplyPolicy("off", {})
WIN, LOSS = 0.001, -0.001


def guarded() -> Story:
    story = begun()
    story.hear(ON)
    return story


def closed(number: int, net: float, reason: str = "TP_HIT") -> PositionClosed:
    return PositionClosed(f"ASH-{number}", reason, net, START_MS + number)


def barred(number: int, reason: str = "guard") -> EntryBarred:
    return EntryBarred(f"ASH-{number}", reason, START_MS + number)


def resolved(number: int, net: float) -> OpportunityResolved:
    return OpportunityResolved(f"ASH-{number}", (Outcome(net), Outcome(9.0)), START_MS + number)


def simulated(number: int, net: float) -> Sequence[EntryBarred | OpportunityResolved]:
    return barred(number), resolved(number, net)


def changes(said: Sequence[Event]) -> list[GuardChanged]:
    return [event for event in said if isinstance(event, GuardChanged)]


def test_without_the_setting_no_trade_is_counted() -> None:
    story = begun()
    assert story.hear(*(closed(n, LOSS) for n in range(60)), *simulated(60, LOSS)) == []


def test_a_closed_trade_is_counted_with_what_the_latest_came_to() -> None:
    story = guarded()
    story.hear(closed(1, 0.25))
    assert story.hear(closed(2, -0.125)) == [
        TradeCounted(
            desk=DESK,
            trade="ASH-2",
            number=2,
            net=-0.125,
            simulated=False,
            trades=2,
            win_rate=0.5,
            drawdown=0.125,
            losses=1,
            since=2,
            time_ms=START_MS + 2,
        )
    ]


def test_a_series_walks_down_and_back_at_exact_trades() -> None:
    story = guarded()
    walk = [WIN] * 40 + [LOSS] * 10
    said = story.hear(*(closed(n, net) for n, net in enumerate(walk, start=1)))
    down = changes(said)
    assert [(one.level, one.before, one.cause, one.size) for one in down] == [
        ("reduced", "normal", "losses", 0.5),
        ("paused", "reduced", "losses", 0.0),
    ]
    assert [one.time_ms - START_MS for one in down] == [46, 50]
    assert [one.number for one in down] == [1, 2]
    # The account stays out: nothing of it comes any more, the simulated side goes on.
    back = [simulated(n, WIN if n % 2 else LOSS) for n in range(51, 71)]
    said = story.hear(*(word for words in back for word in words))
    [reduced] = changes(said)
    assert (reduced.level, reduced.cause, reduced.time_ms) == (
        "reduced",
        "recovered",
        START_MS + 70,
    )
    assert all(one.simulated for one in said if isinstance(one, TradeCounted))
    said = story.hear(*(closed(n, WIN if n % 2 else LOSS) for n in range(71, 91)))
    [normal] = changes(said)
    assert (normal.level, normal.size, normal.time_ms) == ("normal", 1.0, START_MS + 90)


def test_a_simulated_trade_counts_only_where_the_guard_kept_the_account_out() -> None:
    story = guarded()
    assert story.hear(resolved(1, LOSS)) == [], "the account traded it itself, or nobody did"
    assert story.hear(barred(2, "killed"), resolved(2, LOSS)) == []
    assert story.hear(barred(3)) == [EntryAwaited("ASH-3", START_MS + 3)]
    [counted] = story.hear(resolved(3, LOSS))
    assert isinstance(counted, TradeCounted)
    assert (counted.net, counted.simulated) == (LOSS, True)
    assert story.hear(resolved(3, LOSS)) == [], "it counts once"


def test_what_a_person_closed_and_what_was_void_says_nothing_of_the_champion() -> None:
    assert guarded().hear(closed(1, -0.2, "FLATTENED"), closed(2, 0.0, "EXPIRED")) == []


def test_turned_off_it_holds_nothing_back_and_forgets() -> None:
    story = guarded()
    story.hear(*(closed(n, LOSS) for n in range(1, 21)))
    assert story.state.guard.level == "paused"
    said = story.hear(OFF)
    assert kinds(said) == ["PolicyApplied", "GuardChanged"]
    [change] = changes(said)
    assert (change.level, change.cause, change.size) == ("normal", "settings", 1.0)
    story.hear(ON)
    assert changes(story.hear(closed(21, LOSS))) == []


def test_turned_off_while_normal_it_says_nothing() -> None:
    assert kinds(guarded().hear(OFF)) == ["PolicyApplied"]


def test_other_limits_are_those_of_the_settings() -> None:
    story = begun()
    story.hear(ApplyPolicy("h", {"guard.enabled": "1", "guard.reduced_losses": "2"}))
    said = story.hear(*(closed(n, WIN) for n in range(1, 31)), closed(31, LOSS), closed(32, LOSS))
    assert [(one.level, one.cause) for one in changes(said)] == [("reduced", "losses")]

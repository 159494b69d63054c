"""Recorded days of a desk, made up: two lineups, a trial, a canary, opportunities an hour apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kingmaker.analytics.windows import Windows
from kingmaker.contracts.codec import message_class

HOUR_MS = 3_600_000
BEGIN_MS = 1_490_346_000_000
TRIAL, CANARY = "t-0001@one", "canary-online_learning-r2"
SLOT, OTHER = "online_learning@one", "neural_ucb@one"
PACKAGE = "kingmaker.trader.v1"


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the trader's lane."""

    seq: int
    kind: str
    value: bytes
    time_ms: int


def event(seq: int, name: str, time_ms: int, /, **fields: object) -> Event:
    message = message_class(PACKAGE, name)(**fields)
    return Event(seq, f"{PACKAGE}.{name}", message.SerializeToString(), time_ms)


def activated(seq: int, slot: str, model: str, lineup: str, canary: str = "") -> Event:
    said = {"slot": slot, "model": model, "lineup": lineup, "canary": canary}
    return event(seq, "ChampionActivated", BEGIN_MS, **said)


def decided(  # noqa: PLR0913 - the fields that matter, by name
    seq: int,
    hour: int,
    lineup: str,
    *,
    against: Sequence[str] = (),
    branches: Sequence[str] = (),
    same: Sequence[str] = (),
    latencies_us: dict[str, int] | None = None,
) -> Event:
    """Return a decision; `against` are components that vote against the signal."""
    votes = [
        {"component": slot.partition("@")[0], "agrees": slot not in against, "confidence": 0.5}
        for slot in (SLOT, OTHER)
    ]
    names = ("champion", *branches)
    acts = {name: {"taken": name == "champion", "size": 2, "direction": 1} for name in names}
    decisions = [{"branch": name, **acts[name], "votes": votes} for name in names]
    time_ms = BEGIN_MS + hour * HOUR_MS
    said = {"time_ms": time_ms, "lineup": lineup, "decisions": decisions, "same": same}
    return event(seq, "OpportunityDecided", time_ms, **said, latencies_us=latencies_us or {})


def resolved(
    seq: int, hour: int, lineup: str, same: Sequence[str] = (), **nets: float | None
) -> Event:
    """Return outcomes by branch; a branch is called t for the trial, None stays out."""
    names = {"t": TRIAL, "canary": CANARY}
    outcomes = [
        {"branch": names.get(name, name), "taken": net is not None, "net": net or 0.0}
        for name, net in nets.items()
    ]
    time_ms = BEGIN_MS + hour * HOUR_MS
    said = {"time_ms": time_ms, "lineup": lineup, "outcomes": outcomes, "same": same}
    return event(seq, "OpportunityResolved", time_ms, **said)


def lane() -> Iterator[Event]:
    """Yield a short history: a bootstrap of two slots, a trial, a crown with a canary."""
    yield activated(1, OTHER, "v1.0.0", "first")
    yield activated(2, SLOT, "v1.0.0", "first")
    yield event(3, "ChallengerWarmed", BEGIN_MS, trial=TRIAL, slot=SLOT, model="v1.1.0")
    yield decided(4, 1, "first", against=[OTHER], branches=[TRIAL])
    yield resolved(5, 3, "first", champion=0.01, t=-0.02)
    yield decided(6, 20, "first", same=[TRIAL])
    yield resolved(7, 22, "first", same=[TRIAL], champion=0.03)
    yield activated(8, SLOT, "v1.1.0", "second", canary=CANARY)
    times = {"champion/online_learning": 300, "champion/neural_ucb": 200}
    times |= {f"{CANARY}/online_learning": 900, f"{CANARY}/neural_ucb": 1}
    yield decided(9, 30, "second", against=[SLOT], branches=[CANARY], latencies_us=times)
    yield resolved(10, 33, "second", champion=None, canary=-0.04)


def fold(events: Sequence[Event], longest_ms: int) -> Windows:
    windows = Windows(longest_ms)
    for one in events:
        windows.take(one.seq, one.kind, one.value, one.time_ms)
    return windows

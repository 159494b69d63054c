"""C6: after a kill only orders that reduce; nobody is crowned; a flat desk is flat a bar later.

It reads what trader and promotion consumed of risk's lane, and not what they say that they follow.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Consumed, Run
from tests.simulation.command_invariants import CommandWatch, Named

FEED, RISK = "km.feed.v1", "km.risk.v1"
TRADER, PROMOTION = "km.trader.v1", "km.promotion.v1"
KILLED = "killed"


@dataclass
class DeskModes:
    """One desk, as its lanes tell it."""

    changes: dict[int, Any] = field(default_factory=dict)  # risk's, by number of the record
    last: Any = None  # the last of them
    symbols: dict[int, str] = field(default_factory=dict)  # of the feed's bars, likewise
    known: dict[str, Any] = field(default_factory=dict)  # the change last consumed, by topic
    open: dict[str, str] = field(default_factory=dict)  # the account's positions, and their symbols
    commands: CommandWatch = field(default_factory=CommandWatch)


class KillWatch:
    """All desks, one step after the other."""

    def __init__(self) -> None:
        """Know nothing."""
        self.desks: dict[int, DeskModes] = defaultdict(DeskModes)
        self.barred = 0  # signals that a killed desk left alone

    def see(self, lane: Lane, step: tuple[Record, ...], consumed: Sequence[Consumed]) -> None:
        """Check a step of the lanes that a kill is about."""
        desk = self.desks[lane.index]
        events = list(_events(step))
        match lane.topic:
            case topic if topic == FEED:
                for seq, name, event in events:
                    if name == "BarClosed":
                        desk.symbols[seq] = event.symbol
            case topic if topic == RISK:
                desk.commands.see(consumed, [(name, event) for _, name, event in events])
                for seq, name, event in events:
                    if name == "ModeChanged":
                        _note(desk, seq, event)
            case topic if topic in (TRADER, PROMOTION):
                flat = _hear(desk, topic, consumed, [(name, event) for _, name, event in events])
                _check(desk, topic, [(name, event) for _, name, event in events], flat)
                self.barred += sum(name == "EntryBarred" for _, name, _ in events)

    def copy(self) -> "KillWatch":
        """Return one that goes on from here by itself."""
        return copy.deepcopy(self)


def _events(step: Iterable[Record]) -> Iterable[tuple[int, str, Any]]:
    """Yield number, name and message of what a service decided."""
    for record in step:
        package, _, name = record.kind.rpartition(".")
        if package.startswith("kingmaker."):
            yield record.seq, name, message_class(package, name).FromString(record.value)


def _note(desk: DeskModes, seq: int, changed: Any) -> None:  # noqa: ANN401 - a message
    """Learn a change of mode, which must be one."""
    before = desk.last
    assert changed.number == (before.number if before else 0) + 1, "C6 a change was skipped"
    was_killed = before is not None and before.mode == KILLED
    if was_killed and changed.mode == KILLED:
        widened = changed.flatten and not before.flatten
        assert widened, f"C6 change {changed.number}: killed twice"
    assert was_killed or changed.mode == KILLED, f"C6 change {changed.number}: resumed from nothing"
    desk.changes[seq] = desk.last = changed


def _hear(
    desk: DeskModes, topic: str, consumed: Sequence[Consumed], events: Sequence[Named]
) -> set[str]:
    """Note which changes were consumed, each answered; return symbols whose positions must end."""
    flat: set[str] = set()
    followed = {event.number for name, event in events if name == "ModeFollowed"}
    for run in (item for item in consumed if isinstance(item, Run)):
        for seq in range(run.first, run.last + 1):
            if run.lane.topic == RISK and seq in desk.changes:
                changed = desk.known[topic] = desk.changes[seq]
                assert changed.number in followed, f"C6 change {changed.number} is not followed"
            elif run.lane.topic == FEED and _is_flat(desk, topic) and seq in desk.symbols:
                flat.add(desk.symbols[seq])
    return flat


def _is_flat(desk: DeskModes, topic: str) -> bool:
    change = desk.known.get(topic)
    return change is not None and change.mode == KILLED and change.flatten


def _check(desk: DeskModes, topic: str, events: Sequence[Named], flat: set[str]) -> None:
    change = desk.known.get(topic)
    is_killed = change is not None and change.mode == KILLED
    for name, event in events:
        if name == "ChampionCrowned" and event.how != "bootstrap":
            assert not is_killed, f"C6 {event.promotion}: crowned while killed"
        elif name == "PositionOpened":
            assert not is_killed, f"C6 {event.position}: opened while killed"
            desk.open[event.position] = event.symbol
        elif name == "PositionClosed":
            del desk.open[event.position]
    late = [position for position, symbol in desk.open.items() if symbol in flat]
    assert not late, f"C6 {late} stayed open on a desk that is to be flat"

"""Coronation, exhaustively: the production promotion against every trader that may lag or fail.

Two slots with a challenger each, whose evidence convinces at any time; a trader that follows the
lane one record after the other, whenever it likes; people who roll back, freeze and thaw, whenever
they like. Whatever the order: one champion a slot, reigns one by one, nobody crowned while frozen
or while the trader lags, no evidence of another lineup, and the trader ends where promotion is.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from kingmaker.kernel import snapshot
from kingmaker.promotion import gates
from kingmaker.promotion.decider import Decide, Window, build
from kingmaker.promotion.domain import Event, Message, State
from kingmaker.promotion.evolution import evolve
from kingmaker.promotion.gates import Case, Gate, Reading
from kingmaker.promotion.heard import ActivationFailed, ChampionActivated
from kingmaker.promotion.said import ChampionCrowned, ChampionRolledBack
from tests.services.promotion.story import (
    BOOTSTRAP,
    OTHER,
    SLOT,
    START_MS,
    activated,
    begun,
    freeze,
    measured,
    registered,
    rollback,
    thaw,
    warmed,
)

SLOTS = (SLOT, OTHER)
# Crowns and rollbacks in a world; 4 makes 36,500 worlds, in about a minute.
REIGNS_MAX = int(os.environ.get("KINGMAKER_MODEL_REIGNS", "3"))
WORLDS_MIN = 1_000  # else the model explores nothing

type Change = ChampionCrowned | ChampionRolledBack
type Answer = ChampionActivated | ActivationFailed


@dataclass(frozen=True, slots=True)
class World:
    """What promotion believes and has said, what the trader has read and answered."""

    state: State
    changes: tuple[Change, ...] = ()
    answers: tuple[Answer, ...] = ()
    read_by_trader: int = 0
    read_by_promotion: int = 0
    freezes: int = 0

    @property
    def key(self) -> bytes:
        """Return the same bytes for the same world."""
        return snapshot.encode(self)

    @property
    def lineup(self) -> dict[str, str]:
        """Who the trader lets decide now."""
        failed = {(a.slot, a.reign) for a in self.answers if isinstance(a, ActivationFailed)}
        now = dict.fromkeys(SLOTS, BOOTSTRAP)
        for change in self.changes[: self.read_by_trader]:
            if (change.slot, change.reign) not in failed:
                now[change.slot] = _model_of(change)
        return now


def first_world() -> World:
    """Return a desk with a warmed challenger in each of two slots."""
    story = begun()
    story.hear(registered(slot=SLOT), registered(slot=OTHER))
    story.hear(warmed("t-0001@d", SLOT), warmed("t-0002@d", OTHER))
    story.hear(activated(SLOT, 1, str(dict.fromkeys(SLOTS, BOOTSTRAP)), BOOTSTRAP))
    return World(replace(story.state, lineup=str(dict.fromkeys(SLOTS, BOOTSTRAP))))


def moves(world: World, decide: Decide) -> Iterator[World]:
    """Yield every world that may come next."""
    for message in _heard_next(world):
        said = decide(world.state, Window(START_MS), message, {})
        yield _after(world, message, said)
    yield from _trader_moves(world)


def _heard_next(world: World) -> Iterator[Message]:
    if world.read_by_promotion < len(world.answers):
        yield world.answers[world.read_by_promotion]
    for trial in world.state.trials:
        lineups = {str(world.lineup), world.state.lineup, str(first_lineup())}
        for lineup in sorted(lineups):  # evidence may be of any lineup there was
            yield measured(trial=trial, lineup=lineup)
    if len(world.changes) < REIGNS_MAX:
        for slot in SLOTS:
            yield rollback(f"r{len(world.changes)}", slot=slot)
    for scope in sorted(world.state.frozen):
        yield thaw(f"t{len(world.changes)} {world.freezes} {scope}", scope)
    if world.freezes == 0:
        yield freeze("f")


def first_lineup() -> dict[str, str]:
    """Return who decided at the beginning."""
    return dict.fromkeys(SLOTS, BOOTSTRAP)


def _after(world: World, message: Message, said: Sequence[Event]) -> World:
    state, changes = world.state, world.changes
    for event in said:
        check_crown(state, event)
        state = evolve(state, event)
        if isinstance(event, ChampionCrowned | ChampionRolledBack):
            changes = (*changes, event)
    is_answer = isinstance(message, ChampionActivated | ActivationFailed)
    return replace(
        world,
        state=state,
        changes=changes,
        read_by_promotion=world.read_by_promotion + is_answer,
        freezes=world.freezes + (message == freeze("f")),
    )


def _trader_moves(world: World) -> Iterator[World]:
    """Let the trader follow the next record, or fail to."""
    if world.read_by_trader == len(world.changes):
        return
    change = world.changes[world.read_by_trader]
    read = replace(world, read_by_trader=world.read_by_trader + 1)
    lineup = str(read.lineup)
    answer = ChampionActivated(change.slot, change.reign, _model_of(change), lineup, START_MS)
    yield replace(read, answers=(*world.answers, answer))
    if isinstance(change, ChampionCrowned):
        failed = ActivationFailed(change.slot, change.reign, "broken")
        yield replace(read, answers=(*world.answers, failed))


def _model_of(change: Change) -> str:
    return change.model if isinstance(change, ChampionCrowned) else change.to_model


def check_crown(state: State, event: Event) -> None:
    """Hold a coronation or a rollback to what may be at that moment."""
    if isinstance(event, ChampionCrowned):
        slot = state.slots[event.slot]
        now = {name: state.slots[name].champion.model for name in SLOTS}
        assert (event.expected, event.reign) == (slot.champion.model, slot.reign + 1), "not next"
        assert not state.frozen & {"desk", event.slot}, "crowned while frozen"
        assert all(one.settled for one in state.slots.values()), "the trader lags"
        assert event.lineup == str(now), "evidence of another lineup"
    if isinstance(event, ChampionRolledBack):
        slot = state.slots[event.slot]
        assert (event.from_model, event.reign) == (slot.champion.model, slot.reign + 1), "not next"
        assert event.to_model in {one.model for one in slot.history}, "never reigned"


def check(world: World) -> None:
    """Hold a world to the promises that span both sides."""
    for slot in SLOTS:
        reigns = [answer.reign for answer in world.answers if answer.slot == slot]
        assert reigns == list(range(2, 2 + len(reigns))), "reigns are not followed one by one"
    everything_read = world.read_by_trader == len(world.changes)
    if everything_read and world.read_by_promotion == len(world.answers):
        champions = {slot: world.state.slots[slot].champion.model for slot in SLOTS}
        assert world.lineup == champions, "the trader follows another"
        assert all(world.state.slots[slot].settled for slot in SLOTS), "a reign is never settled"


def explore(decide: Decide, worlds_max: int | None = None) -> int:
    """Visit every world, nearest first; return how many there are."""
    first = first_world()
    seen, queue = {first.key}, deque([first])
    while queue and (worlds_max is None or len(seen) < worlds_max):
        world = queue.popleft()
        check(world)
        for successor in moves(world, decide):
            if len(successor.changes) <= REIGNS_MAX and successor.key not in seen:
                seen.add(successor.key)
                queue.append(successor)
    return len(seen)


@pytest.mark.slow
def test_in_every_world_the_promises_of_coronation_hold() -> None:
    assert explore(build(gates.discover())) > WORLDS_MIN


def always(name: str) -> Callable[[Gate], Gate]:
    """Return a mutation: the gate of this name lets everybody pass."""

    def mutate(gate: Gate) -> Gate:
        return replace(gate, judge=_pass) if gate.name == name else gate

    return mutate


def _pass(_case: Case) -> Reading:
    return Reading(0.0, 0.0, 0, passed=True)


@pytest.mark.parametrize(
    ("gate", "caught"),
    [("not_frozen", "crowned while frozen"), ("reign_settled", "the trader lags")],
)
def test_a_court_without_one_of_its_gates_is_caught(gate: str, caught: str) -> None:
    weaker = [always(gate)(one) for one in gates.discover()]
    with pytest.raises(AssertionError, match=caught):
        explore(build(weaker), 20_000)

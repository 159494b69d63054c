"""A toy of promotion: it counts pairs and crowns; it rolls back and freezes by command."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from kingmaker.kernel.service import Answers, Service, Tick, no_window
from tests.kernel.counting import Json
from tests.simulation.toy_trader import PROMOTION, TRADER, Activated, Crowned, Paired, Warmed

PAIRS_MIN = 4


@dataclass(frozen=True, slots=True)
class RollBack:
    """A command."""

    actor: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """A command; the second one thaws."""

    actor: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """One more pair."""

    challenger: str
    pairs: int
    edge: float


@dataclass(frozen=True, slots=True)
class Froze:
    """Nobody is crowned, or again somebody may be."""

    frozen: bool


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Said every ten seconds of market time: a service that hears ticks."""

    time_ms: int


type Said = Weighed | Crowned | Froze | Heartbeat
type Heard = Warmed | Paired | Activated | RollBack | Freeze | Tick


@dataclass(frozen=True, slots=True)
class State:
    """One slot."""

    champion: str = "fade"
    predecessor: str = ""
    reign: int = 0
    acknowledged: int = 0
    pairs: int = 0
    edge: float = 0.0
    frozen: bool = False


def promotion() -> Service[State, None, Heard, Said]:
    """Return the judge."""
    return Service(
        name=PROMOTION.topic.split(".")[1],
        reads=(TRADER,),
        initial=State(),
        decide=decide,
        evolve=evolve,
        messages=Json[Heard](Warmed, Paired, Activated, RollBack, Freeze),
        events=Json[Said](Weighed, Crowned, Froze, Heartbeat),
        window=no_window,
        clocked=True,
    )


def decide(state: State, _window: None, heard: Heard, _answers: Answers) -> Sequence[Said]:
    """Weigh, crown, take back."""
    match heard:
        case Paired():
            return _weigh(state, heard)
        case RollBack() if state.predecessor:
            return [Crowned(state.predecessor, state.champion, state.reign + 1)]
        case Freeze():
            return [Froze(not state.frozen)]
        case Tick(time_ms) if time_ms % 10_000 == 0:
            return [Heartbeat(time_ms)]
        case Warmed() | Activated() | RollBack() | Tick():
            return []
        case _:
            assert_never(heard)


def _weigh(state: State, pair: Paired) -> Sequence[Said]:
    if pair.reign != state.reign or pair.challenger == state.champion:
        return []
    edge = state.edge + pair.challenger_net - pair.champion_net
    weighed = Weighed(pair.challenger, state.pairs + 1, edge)
    if weighed.pairs >= PAIRS_MIN and edge > 0 and not state.frozen:
        return [weighed, Crowned(pair.challenger, state.champion, state.reign + 1)]
    return [weighed]


def evolve(state: State, said: Said) -> State:
    """Learn one event."""
    match said:
        case Weighed(_, pairs, edge):
            return replace(state, pairs=pairs, edge=edge)
        case Crowned(model, expected, reign):
            crowned = replace(state, champion=model, predecessor=expected, reign=reign)
            return replace(crowned, pairs=0, edge=0.0)
        case Froze(frozen):
            return replace(state, frozen=frozen)
        case Heartbeat():
            return state
        case _:
            assert_never(said)

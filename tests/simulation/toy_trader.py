"""A toy of feed and trader: bars, a window of prices, a model loaded as an effect, a lineup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import (
    Answer,
    Answers,
    Effect,
    Fault,
    Question,
    Service,
    Tick,
    no_window,
)
from tests.kernel.counting import Json

FEED, TRADER, PROMOTION = (Lane(f"km.toy-{n}.v1") for n in ("feed", "trader", "promotion"))
WINDOW_BARS = 4
LOADING_MS = 3_000


@dataclass(frozen=True, slots=True)
class BarRead:
    """A fact from the source."""

    time_ms: int
    price: float


@dataclass(frozen=True, slots=True)
class BarClosed:
    """A bar that counts: every third one is a gap that nobody trades."""

    time_ms: int
    price: float


@dataclass(frozen=True, slots=True)
class ModelOffered:
    """A new model exists."""

    model: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """The fact that answers `LoadingRequested`."""

    model: str


@dataclass(frozen=True, slots=True)
class Crowned:
    """Promotion's word: `model` reigns."""

    model: str
    expected: str
    reign: int


@dataclass(frozen=True, slots=True)
class LoadingRequested:
    """An effect."""

    model: str
    due_ms: int


@dataclass(frozen=True, slots=True)
class Warmed:
    """`model` decides in shadow from here on."""

    model: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Both sides (-1, 0, 1) of one opportunity, with the lineup at entry."""

    time_ms: int
    price: float
    reign: int
    champion_side: int
    challenger_side: int


@dataclass(frozen=True, slots=True)
class Paired:
    """What both sides returned."""

    challenger: str
    reign: int
    champion_net: float
    challenger_net: float


@dataclass(frozen=True, slots=True)
class Activated:
    """From this record on `model` decides."""

    model: str
    reign: int


type Said = LoadingRequested | Warmed | Entered | Paired | Activated
type Heard = BarClosed | ModelOffered | ModelLoaded | Crowned | Tick
type Prices = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class State:
    """One desk."""

    champion: str = "fade"
    challenger: str = ""
    reign: int = 0
    loading: LoadingRequested | None = None
    open: Entered | None = None


def feed() -> Service[int, None, BarRead, BarClosed]:
    """Return a feed that closes two of three bars."""

    def decide(_count: int, _w: None, bar: BarRead, _a: Answers) -> Sequence[BarClosed]:
        return [] if bar.time_ms // 1_000 % 3 == 0 else [BarClosed(bar.time_ms, bar.price)]

    return Service(
        name="toy-feed",
        reads=(),
        initial=0,
        decide=decide,
        evolve=lambda count, _bar: count + 1,
        messages=Json(BarRead),
        events=Json(BarClosed),
        window=no_window,
    )


def trader() -> Service[State, Prices, Heard, Said]:
    """Return a trader that asks two models about the last prices."""
    return Service(
        name="toy-trader",
        reads=(PROMOTION, FEED),
        initial=State(),
        decide=decide,
        evolve=evolve,
        messages=Json[Heard](BarClosed, ModelOffered, ModelLoaded, Crowned),
        events=Json[Said](LoadingRequested, Warmed, Entered, Paired, Activated),
        window=tuple,
        window_inputs=512,  # beside bars it holds starts and silence of many crashes
        window_topics=(FEED.topic,),
        observe=observe,
        ask=ask,
        effects=effects,
    )


def observe(window: Prices, heard: Heard) -> Prices:
    """Keep the last prices."""
    return (*window, heard.price)[-WINDOW_BARS:] if isinstance(heard, BarClosed) else window


def ask(state: State, window: Prices, heard: Heard, answers: Answers) -> Sequence[Question]:
    """Ask both models about the move over the window."""
    if not isinstance(heard, BarClosed) or len(window) < WINDOW_BARS or answers:
        return ()
    row = {"features": (window[-1] / window[0] - 1.0, window[-1] / window[-2] - 1.0)}
    models = (state.champion, state.challenger)
    return [Question(model, model, row) for model in models if model]


def decide(state: State, _window: Prices, heard: Heard, answers: Answers) -> Sequence[Said]:
    """Trade, load, and follow promotion without asking why."""
    match heard:
        case BarClosed():
            return [*_resolve(state, heard), *_enter(state, heard, answers)]
        case ModelOffered(model, time_ms):
            return [] if state.loading else [LoadingRequested(model, time_ms + LOADING_MS)]
        case ModelLoaded(model):
            wanted = state.loading is not None and state.loading.model == model
            return [Warmed(model)] if wanted else []
        case Crowned(model, _, reign):
            return [Activated(model, reign)]
        case Tick():
            return []
        case _:
            assert_never(heard)


def _resolve(state: State, bar: BarClosed) -> Sequence[Said]:
    if (entry := state.open) is None or not state.challenger:
        return []
    move = bar.price / entry.price - 1.0
    nets = (entry.champion_side * move, entry.challenger_side * move)
    return [Paired(state.challenger, entry.reign, *nets)]


def _enter(state: State, bar: BarClosed, answers: Answers) -> Sequence[Said]:
    if not state.challenger or not answers:
        return []
    champion, challenger = _side(answers[state.champion]), _side(answers[state.challenger])
    return [Entered(bar.time_ms, bar.price, state.reign, champion, challenger)]


def _side(answer: Answer | Fault) -> int:
    if isinstance(answer, Fault):
        return 0
    (score,) = answer.outputs["score"]
    return (score > 0) - (score < 0)


def evolve(state: State, said: Said) -> State:
    """Learn one event."""
    match said:
        case LoadingRequested():
            return replace(state, loading=said)
        case Warmed(model):
            return replace(state, loading=None, challenger=model)
        case Entered():
            return replace(state, open=said)
        case Paired():
            return replace(state, open=None)
        case Activated(model, reign):
            return replace(state, champion=model, challenger=state.champion, reign=reign)
        case _:
            assert_never(said)


def effects(state: State) -> Sequence[Effect]:
    """Return the loading that is still waited for."""
    if state.loading is None:
        return ()
    return [Effect(f"load-{state.loading.model}", "toy.load", state.loading.due_ms, state.loading)]

"""What a service is: pure functions around a state, and the words they are called with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from kingmaker.kernel.frozen import quick
from kingmaker.kernel.lane import Draft, Lane, Record

TICK = "km.Tick"
CLOCK = Lane("clock")


class UndecodableError(Exception):
    """Bytes are not what their kind says, or are of a format that this release does not know."""


class Codec[T](Protocol):
    """Turns events into bytes and back; `kingmaker.contracts.codec` is the product's."""

    def encode(self, message: T) -> Draft:
        """Return kind and bytes; the same message gives the same bytes."""
        ...

    def decode(self, kind: str, value: bytes) -> T | None:
        """Return the message; None for a kind that is not known. Raise UndecodableError."""
        ...


@quick
@dataclass(frozen=True, slots=True)
class Tick:
    """Market time moved on (UTC milliseconds). Every service may hear it; few need to."""

    time_ms: int


@quick
@dataclass(frozen=True, slots=True)
class Input:
    """One thing to consume.

    With a hash: an accepted event of a lane, which has one writer and no gaps.
    Without: a tick, a command or a fact; many may write there, so the bytes are copied.
    """

    lane: Lane
    number: int
    kind: str
    value: bytes
    hash: str = ""
    time_ms: int = 0

    @classmethod
    def of_event(cls, lane: Lane, record: Record) -> "Input":
        """Return an accepted record of another lane as an input."""
        return cls(lane, record.seq, record.kind, record.value, record.hash, record.time_ms)

    @classmethod
    def of_tick(cls, time_ms: int) -> "Input":
        """Return the tick of a market time."""
        return cls(CLOCK, time_ms, TICK, b"", time_ms=time_ms)


@quick
@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive events of one lane, with a hash that bears witness to all of them."""

    lane: Lane
    first: int
    last: int
    hash: str


type Consumed = Run | Input  # pointed to, or copied


@quick
@dataclass(frozen=True, slots=True)
class Skip:
    """One record that the writer of `reader` may pass over though it cannot decode it.

    A person signed for it; what was signed is kept.
    """

    reader: Lane
    lane: Lane
    seq: int
    hash: str
    actor: str
    reason: str
    command_id: str
    key_id: str
    payload: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Step[E]:
    """What one input decided, and all that was consumed since the step before.

    `events` is empty where the host speaks for itself: `Started`, `Advanced`, `SnapshotTaken`.
    """

    consumed: tuple[Consumed, ...]
    events: tuple[E, ...]
    records: tuple[Record, ...]


type Tensor = tuple[float, ...] | tuple[tuple[float, ...], ...]  # a row, or rows


@quick
@dataclass(frozen=True, slots=True)
class Question:
    """A model to run on one row: inputs by graph name, without the batch axis.

    `memory` rows (oldest first) are fed through a step graph before the answer is read: the graph's
    `<name>_next` output becomes its `<name>` input. `branch` is "" for the champion's own pipeline:
    it is asked alone and first; challengers' questions may be batched, elsewhere. `revision` stands
    in for the numbers of the same name that the graph was exported with; empty: it stays with them.
    """

    key: str
    model: str  # digest of the bytes
    inputs: Mapping[str, Tensor]
    branch: str = ""
    memory: tuple[Mapping[str, Tensor], ...] = ()
    revision: tuple[float, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Answer:
    """Finite outputs by graph name, flattened; integers come as floats.

    `latency_us`: how long the model ran for it on a live host, at least 1; 0 where nothing is
    measured: under a scheduler, always.
    """

    outputs: Mapping[str, tuple[float, ...]]
    latency_us: int = 0


@quick
@dataclass(frozen=True, slots=True)
class Fault:
    """A model raised, was late, or answered something that is not a finite number."""

    reason: str


type Answers = Mapping[str, Answer | Fault]  # by key of the question


@quick
@dataclass(frozen=True, slots=True)
class Effect:
    """Work outside the log: an event asked for it, a fact answers it.

    Under a scheduler the fact is delivered at `due_ms` of market time, however long the work takes.
    """

    id: str
    kind: str
    due_ms: int
    payload: Any  # the event that asked


class Reading(NamedTuple):
    """A number that a state shows to whoever watches. Nobody decides by it."""

    name: str  # of a metric: `runtime/telemetry/catalogue.py` says which labels it has
    value: float
    labels: tuple[str, ...] = ()


def _ask_nothing(
    _state: object, _window: object, _message: object, _answers: Answers
) -> Sequence[Question]:
    return ()


def _observe_nothing[W](window: W, _message: object) -> W:
    return window


def _open_no_effects(_state: object) -> Sequence[Effect]:
    return ()


def _serve_nothing(_state: object) -> Sequence[str]:
    return ()


def _skip_nothing(_state: object) -> Sequence[Skip]:
    return ()


def _show_nothing(_state: object) -> Iterable[Reading]:
    return ()


def _carry_anything(_topic: str, _kind: str) -> bool:
    return True


def no_window() -> None:
    """Return the window of a service that needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service[S, W, M, E]:
    """A deterministic state machine that writes one lane.

    observe  the window after an input: bounded memory, rebuilt at start, never recorded
    ask      which models to run for it; asked again with the answers so far, at most nine rounds
    decide   the events that follow from it; none is an answer too
    evolve   the state after an event; it sees nothing but the event
    effects  the effects that a state still waits for
    models   digests of the models that a state needs to be loaded, reloaded after a restart
    skips    records that a state lets other services pass over
    readings what a state shows to whoever watches: gauges, read once a second
    may_carry  whether a topic that many may write can hold a message of this kind
    timed    by kind of event: how long answers took, by key of the question, as it recorded them;
             read off the event or off its message in `proto/`, whose fields have the same names

    `observe` may change the window in place: it belongs to the host. Its bits must depend on the
    last `window_inputs` inputs of `window_topics` only. Of ticks that follow one another and decide
    nothing, the last is recorded: a window keeps no more of them than the time.
    """

    name: str
    index: int = 0
    reads: tuple[Lane, ...]  # urgent lanes first
    initial: S
    decide: Callable[[S, W, M, Answers], Sequence[E]]
    evolve: Callable[[S, E], S]
    messages: Codec[M]
    events: Codec[E]
    window: Callable[[], W]
    window_inputs: int = 0
    window_topics: tuple[str, ...] = ()
    observe: Callable[[W, M], W] = _observe_nothing
    ask: Callable[[S, W, M, Answers], Sequence[Question]] = _ask_nothing
    effects: Callable[[S], Sequence[Effect]] = _open_no_effects
    models: Callable[[S], Sequence[str]] = _serve_nothing
    skips: Callable[[S], Sequence[Skip]] = _skip_nothing
    readings: Callable[[S], Iterable[Reading]] = _show_nothing
    may_carry: Callable[[str, str], bool] = _carry_anything
    timed: Mapping[str, Callable[[Any], Mapping[str, int]]] = MappingProxyType({})
    clocked: bool = False  # whether it hears ticks

    @property
    def lane(self) -> Lane:
        """The lane that this service alone writes."""
        return Lane(f"km.{self.name}.v1", self.index)

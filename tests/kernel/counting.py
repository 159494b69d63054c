"""A service as small as one can be: it counts the numbers that it can divide."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from kingmaker.kernel.host import Host
from kingmaker.kernel.lane import Draft, Lane, Pen, Record, frame
from kingmaker.kernel.service import Answers, Input, Service, Tick, UndecodableError

SOURCE = Lane("km.source.v1")
OTHER = Lane("km.other.v1")
COMMANDS = Lane("km.counter.commands.v1")
INCARNATION = "kernel-test"
WINDOW_INPUTS = 3


@dataclass(frozen=True, slots=True)
class Added:
    """A number to add up."""

    number: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The total after one that counts."""

    total: int


@dataclass(frozen=True, slots=True)
class Rung:
    """A tick that was worth a word."""

    time_ms: int


type Message = Added | Tick
type Event = Counted | Rung


class Json[T]:
    """The smallest codec. Kinds end in a version; a version above 1 is of a newer release."""

    def __init__(self, *classes: type[T]) -> None:
        self._classes = {cls.__name__: cls for cls in classes}

    def encode(self, message: T) -> Draft:
        return Draft(f"{type(message).__name__}.v1", json.dumps(asdict(message)).encode())  # type: ignore[call-overload] # a dataclass

    def decode(self, kind: str, value: bytes) -> T | None:
        name, _, version = kind.partition(".")
        cls = self._classes.get(name)
        if cls is None:
            return None
        if version != "v1":
            raise UndecodableError(f"{kind} needs a newer release")
        try:
            return cls(**json.loads(value))
        except (TypeError, ValueError) as error:
            raise UndecodableError(f"{kind}: {error}") from error


MESSAGES = Json[Message](Added)
EVENTS = Json[Event](Counted, Rung)

type Window = tuple[int, ...]
type CounterHost = Host[int, Window, Message, Event]
type CounterService = Service[int, Window, Message, Event]


def counter(divisor: int = 2) -> CounterService:
    """Count what `divisor` divides; ring at every tick that ends in 00; remember three inputs."""

    def decide(total: int, _window: Window, message: Message, _a: Answers) -> Sequence[Event]:
        if isinstance(message, Tick):
            return [] if message.time_ms % 100 else [Rung(message.time_ms)]
        return [] if message.number % divisor else [Counted(total + message.number)]

    return Service(
        name="counter",
        reads=(SOURCE, OTHER),
        initial=0,
        decide=decide,
        evolve=lambda total, event: event.total if isinstance(event, Counted) else total,
        messages=MESSAGES,
        events=EVENTS,
        window=tuple,
        window_inputs=WINDOW_INPUTS,
        window_topics=(SOURCE.topic, COMMANDS.topic),
        observe=_observe,
        clocked=True,
    )


def _observe(window: Window, message: Message) -> Window:
    if isinstance(message, Tick):
        return window
    return (*window, message.number)[-WINDOW_INPUTS:]


def added(*numbers: int, lane: Lane = SOURCE) -> list[Input]:
    """Return an upstream lane of one `Added` a record."""
    drafts = [MESSAGES.encode(Added(number)) for number in numbers]
    step = frame(lane.genesis("upstream"), Pen(1, "source"), drafts)
    return [Input.of_event(lane, record) for record in step]


def command(number: int, value: bytes, kind: str = "Added.v1") -> Input:
    """Return a command with these bytes."""
    return Input(COMMANDS, number, kind, value, time_ms=7)


def started(
    log: list[Record], divisor: int = 2, snapshots: dict[str, bytes] | None = None
) -> CounterHost:
    """Replay `log` and take over."""
    host: CounterHost = Host(counter(divisor), f"w{len(log)}", INCARNATION)
    found = not snapshots
    for record in log:
        found |= host.replay(record, None if found else snapshots)
    host.take_over("test")
    append(host, log)
    return host


def append(host: CounterHost, log: list[Record]) -> list[str]:
    """Accept what is ready; return its kinds."""
    records = host.ready()
    log.extend(records)
    host.advance()
    return [record.kind for record in records]


def offer(host: CounterHost, *items: Input) -> None:
    """Consume and decide."""
    for item in items:
        if host.consume(item):
            host.decide({})

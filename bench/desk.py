"""A production trader at one desk, without a host: it lives through bars and is timed at each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.stage import Stage
from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.kernel.service import Answer, Fault, Question, Service
from kingmaker.runtime.engine import Ask
from kingmaker.runtime.history import decided
from kingmaker.trader import opportunities, service
from kingmaker.trader.domain import Message
from kingmaker.trader.heard import ApplyPolicy, BarClosed, ChampionCrowned, ModelLoaded, TrialOpened
from kingmaker.trader.state import State
from kingmaker.trader.window import Window

BOOTSTRAP = "v1.0.0-bootstrap"


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message cost, and what was asked of models."""

    seconds: float
    scene_seconds: float  # of these, until the opportunity's features stood
    questions: Sequence[Question]


@dataclass
class Rig:
    """A trader with its window, and who answers for its models."""

    stage: Stage
    answer: Ask
    clock: Callable[[], float]  # seconds
    trader: Service[State, Window, Message, Any] = field(init=False)
    state: State = field(init=False)
    window: Window = field(default_factory=Window)

    def __post_init__(self) -> None:
        """Begin before the first event."""
        self.trader = service.build(self.stage.desks, 0)
        self.state = self.trader.initial

    def hear(self, message: Message) -> Heard:
        """Live through a message; the time is that of asking, answering and deciding."""
        trader, state = self.trader, self.state
        window = self.window = trader.observe(self.window, message)
        asked: list[Question] = []
        answers: dict[str, Answer | Fault] = {}
        began = self.clock()
        if isinstance(message, BarClosed):
            opportunities.find(state, window, message)  # kept: asking finds it again
        found = self.clock()
        while questions := trader.ask(state, window, message, answers):
            asked += questions
            answers.update(self.answer(questions))
        events = trader.decide(state, window, message, answers)
        ended = self.clock()
        for event in events:
            self.state = trader.evolve(self.state, event)
        return Heard(ended - began, found - began, asked)

    def crown(self, digests: dict[str, str]) -> None:
        """Let the nine of these digests reign."""
        desk = self.stage.desks[0].name
        self.hear(ApplyPolicy("policy", dict(self.stage.policy("trader"))))
        for component in COMPONENTS:
            digest = digests[component]
            slot = slot_of(component, desk)
            self.hear(ChampionCrowned(slot, BOOTSTRAP, digest, 1, "bootstrap", 0))
        for digest in dict.fromkeys(digests.values()):
            self.hear(ModelLoaded(digest))

    def challenge(self, component: str, digests: Sequence[str]) -> None:
        """Let these decide beside the champion from here on."""
        desk = self.stage.desks[0].name
        slot = slot_of(component, desk)
        for number, digest in enumerate(digests, 1):
            trial, model = f"t-{number:04d}@{desk}", f"v1.{number}.0-trained"
            now_ms = self.window.now_ms
            self.hear(TrialOpened(trial, slot, BOOTSTRAP, model, digest, "rule", {}, now_ms))
            self.hear(ModelLoaded(digest))
        assert len(self.state.branches) == len(digests), "every challenger decides"


def bars_of(stage: Stage) -> Iterator[BarClosed]:
    """Yield the bars that the feed of a played home accepted."""
    messages = service.build(stage.desks, 0).messages
    with stage.log() as log:
        for record in decided(log, service.build(stage.desks, 0).reads[-1]):
            message = messages.decode(record.kind, record.value)
            if isinstance(message, BarClosed):
                yield message

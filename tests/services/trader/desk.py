"""A desk to test the trader with: made-up bars, models that answer by rule, and what was said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.contracts.models import SETUP
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.trader.domain import Event, Message
from kingmaker.trader.heard import ApplyPolicy, BarClosed, ChampionCrowned, ModelLoaded, TrialOpened
from kingmaker.trader.service import build
from kingmaker.trader.state import State
from kingmaker.trader.window import Window

HOUR = 3_600_000
DESK = "oak"
BOOTSTRAP = "v1.0.0-bootstrap"
FREE = {"costs.fee_bp": "0", "costs.half_spread_bp": "0", "costs.slippage_bp": "0"}

type Ask = Callable[[Question], Answer | Fault]

ANSWERS: dict[str, dict[str, tuple[float, ...]]] = {
    "regime_detector": {"probs": (0.25, 0.5, 0.25)},
    "s15_rl_policy": {"action": (0.0,), "probs": (0.98, 0.01, 0.01), "value": (0.0,)},
    "pattern_recognition": {"score": (0.0,)},
    "online_learning": {"score": (0.5,)},
    "slippage_latency": {"score": (5.0, 8.0)},
    "pm_optimizer": {"exit_params": (1.0, 0.0, 12.0)},
    "model_ensemble": {"score": (0.0,)},
}


def component_in(question: Question) -> str:
    """Return which of the nine is asked."""
    return question.key.partition("/")[2]


def bootstrap(question: Question) -> Answer:
    """Answer as the bundles of the bootstrap do: they know nothing, and take every signal."""
    component = component_in(question)
    if component == "neural_ucb":
        contexts = question.inputs["contexts"]
        first = next(i for i, row in enumerate(contexts) if isinstance(row, tuple) and row[-1])
        alike = {"mu": (0.0,) * len(contexts), "ucb": (0.1,) * len(contexts)}
        return Answer({**alike, "action": (float(first),)})
    if component == "cvar_ppo":
        return sized(2 if row_of(question)[SETUP] >= 0.5 else 0)
    return Answer(dict(ANSWERS[component]))


def row_of(question: Question) -> tuple[float, ...]:
    """Return the row of a question that has one."""
    row = question.inputs["features"]
    assert not isinstance(row[0], tuple)
    return row


def sized(contracts: int) -> Answer:
    """Return what a sizing model answers that wants so many contracts."""
    probs = tuple([0.97 if size == contracts else 0.01 for size in range(4)])
    return Answer({"action": (float(contracts),), "probs": probs})


def digest_of(component: str) -> str:
    """Return the digest of a bootstrap model."""
    return f"digest-{component}"


def walk(bars: int, seed: int = 1, symbol: str = "ASH", begin: int = 0) -> Iterator[BarClosed]:
    """Yield a random walk of hourly bars with moods, so that every rule fires now and then."""
    price, drift = 100.0, 0.0
    state = seed
    for number in range(bars):
        steps = []
        for _ in range(4):
            state = (1103515245 * state + 12345) % 2**31
            steps.append(state / 2**31 - 0.5)
        if number % 20 == 0:
            drift = steps[3] * 0.6
        close = price + drift + steps[0]
        high = max(price, close) + 0.4 * (steps[1] + 0.5)
        low = min(price, close) - 0.4 * (steps[2] + 0.5)
        volume = 10.0 + 8.0 * steps[3]
        yield BarClosed(symbol, HOUR, (begin + number) * HOUR, price, high, low, close, volume)
        price = close


@dataclass
class Rig:
    """One trader, without a host: every message is observed, asked about, decided, evolved."""

    answer: Ask = bootstrap
    state: State = field(init=False)
    window: Window = field(default_factory=Window)
    said: list[Event] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    rounds: int = 0

    def __post_init__(self) -> None:
        """Begin before the first event."""
        self.service = build([Desk(DESK, 0)], 0)
        self.state = self.service.initial

    def hear(self, message: Message) -> Sequence[Event]:
        """Let it live through one message; return what it says."""
        self.window = self.service.observe(self.window, message)
        answers: dict[str, Answer | Fault] = {}
        self.rounds = 0
        while questions := self.service.ask(self.state, self.window, message, answers):
            self.rounds += 1
            self.asked.extend(questions)
            answers |= {question.key: self.answer(question) for question in questions}
        events = self.service.decide(self.state, self.window, message, answers)
        for event in events:
            self.state = self.service.evolve(self.state, event)
        self.said.extend(events)
        return events

    def hear_all(self, messages: Sequence[Message]) -> list[Event]:
        """Return all that it says to these messages."""
        return [event for message in messages for event in self.hear(message)]

    def of[E](self, kind: type[E]) -> list[E]:
        """Return what it said of one kind."""
        return [event for event in self.said if isinstance(event, kind)]


def reigning(answer: Ask = bootstrap, values: dict[str, str] | None = None) -> Rig:
    """Return a trader whose nine bootstrap champions reign."""
    rig = Rig(answer)
    rig.hear(ApplyPolicy("policy", FREE if values is None else values))
    for component in COMPONENTS:
        slot = slot_of(component, DESK)
        rig.hear(ChampionCrowned(slot, BOOTSTRAP, digest_of(component), 1, "bootstrap", 0))
    for component in COMPONENTS:
        rig.hear(ModelLoaded(digest_of(component)))
    return rig


def trial(component: str = "online_learning", number: int = 1, time_ms: int = 0) -> TrialOpened:
    """Return a trial of a challenger whose digest is `digest-x<number>`."""
    slot = slot_of(component, DESK)
    name = f"t-{number:04d}@{DESK}"
    digest = f"digest-x{number}"
    return TrialOpened(
        name, slot, BOOTSTRAP, "v1.1.0-trained", digest, "rule-1", {"h": 5.0}, time_ms
    )


def tried(rig: Rig, component: str = "online_learning", number: int = 1) -> str:
    """Let a challenger decide in shadow; return its trial."""
    opened = trial(component, number, rig.window.now_ms)
    rig.hear(opened)
    rig.hear(ModelLoaded(opened.challenger_digest))
    return opened.trial


def taking(latency_us: int, challenger_us: int = 0) -> Ask:
    """Answer like `picky`, as if it had taken that long; challengers perhaps longer."""

    def answer(question: Question) -> Answer:
        own = challenger_us and question.model.startswith("digest-x")
        return replace(picky(question), latency_us=challenger_us if own else latency_us)

    return answer


def picky(question: Question) -> Answer:
    """Answer like the bootstrap, but challengers of the win probability leave longs alone."""
    if component_in(question) == "online_learning" and question.model.startswith("digest-x"):
        row = row_of(question)
        long = row[1] * row[25] > 0.0  # the one-bar return, and the same in the signal's direction
        return Answer({"score": (0.3,) if long else (0.7,)})
    return bootstrap(question)

"""A desk in session: promotion, shadow and trader as in production, on made-up pairs of returns.

What one says the others hear by way of the wire, at once; what the trader asks for is loaded. Only
bars are missing: a pair of returns is put into the trader's mouth, as of its present lineup.

session = Session()
session.offers("v1")                      # a candidate; its trial is session.trial("v1")
session.hours(300, {session.trial("v1"): (plain, better(0.25))})
session.order(freeze("f1"))               # Ada signs
print(session.text)
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.kernel.service import Tick
from kingmaker.promotion.heard import Command
from kingmaker.shadow import service as shadow
from kingmaker.trader import service as trading
from kingmaker.trader.heard import ModelLoaded
from kingmaker.trader.said import PairResolved, Side
from tests.scenarios.courtroom import Seat
from tests.scenarios.telling import Teller
from tests.services.promotion.story import (
    BOOTSTRAP,
    DESK,
    SLOT,
    START_MS,
    home_keys,
    promotion,
    registered,
    settings,
    sign,
)

HOUR_MS = 3_600_000
SIZE = 0.01  # standard deviation of a pair's return

type Model = Callable[[float, float], float]  # of the market and its own luck, in units of SIZE
type Sides = tuple[Model, Model]  # who reigns, and who decides beside it


def plain(market: float, _own: float) -> float:
    """Trade with the market."""
    return 0.05 + market


def better(edge: float, fall: float = 0.0) -> Model:
    """Return a model that follows the market in part, and has an edge over it."""
    return lambda market, own: 0.05 - fall + edge + 0.6 * market + 0.8 * own


def falling(fall: float) -> Model:
    """Return the market's own way down."""
    return lambda market, _own: 0.05 - fall + market


@dataclass(slots=True)
class Luck:
    """Standard normals with the same bits everywhere: twelve uniform numbers, less six."""

    seed: int

    def draw(self) -> float:
        """Return the next."""
        total = 0.0
        for _ in range(12):
            self.seed = (1_103_515_245 * self.seed + 12_345) % 2**31
            total += self.seed / 2**31
        return total - 6.0


@dataclass(slots=True)
class Session:
    """One desk; `said` is everything that promotion said."""

    luck: Luck = field(default_factory=lambda: Luck(12_345))
    policy: Mapping[str, str] = field(default_factory=dict)
    now_ms: int = START_MS
    said: list[Any] = field(default_factory=list)
    teller: Teller = field(default_factory=lambda: Teller(START_MS))
    promotion: Seat = field(default_factory=lambda: Seat(promotion()))
    shadow: Seat = field(default_factory=lambda: Seat(shadow.build([Desk(DESK, 0)], 0)))
    trader: Seat = field(default_factory=lambda: Seat(trading.build([Desk(DESK, 0)], 0)))
    _begun: int = 0
    _under_way: deque[tuple[Seat, Any]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Let nine champions reign."""
        self.hear(Tick(START_MS))
        self.hear(home_keys())
        self.apply(**self.policy)
        for component in COMPONENTS:
            self.hear(registered(slot_of(component, DESK), BOOTSTRAP, "bootstrap"))
        self.teller.lines.clear()  # how a desk begins is another story
        self._begun = len(self.said)

    @property
    def text(self) -> str:
        """The transcript."""
        return "\n".join(self.teller.lines) + "\n"

    def remark(self, text: str) -> None:
        """Say what the reader should look at."""
        self.teller.lines.append(f"# {text}")

    # What happens

    def apply(self, **policy: str) -> None:
        """Change settings, as story.settings names them."""
        self.hear(settings(**policy))

    def offers(self, model: str, slot: str = SLOT, origin: str = "trained") -> None:
        """Register a candidate."""
        candidate = registered(slot, model, origin, time_ms=self.now_ms)
        self.teller.outside(self.now_ms, f"registry registers {candidate.model} for {slot}")
        self.hear(candidate)

    def order(self, command: Command) -> None:
        """Let Ada sign a command now, good for an hour."""
        self.teller.outside(self.now_ms, f"ada signs {type(command).__name__}")
        last_ms = self.now_ms + HOUR_MS
        self.hear(sign(replace(command, issued_at_ms=self.now_ms, not_after_ms=last_ms)))

    def hours(self, count: int, pairs: Mapping[str, Sides], until: type | None = None) -> None:
        """Let hours pass: in each one pair of every branch; no longer than until that is said."""
        for _ in range(count):
            before = len(self.said)
            self.now_ms += HOUR_MS
            self.hear(Tick(self.now_ms))
            market = self.luck.draw()
            for branch, sides in pairs.items():
                self._pair(branch, sides, market, self.luck.draw())
            self._settle()
            if until and any(isinstance(event, until) for event in self.said[before:]):
                return

    def _pair(self, branch: str, sides: Sides, market: float, own: float) -> None:
        known = self.trader.state.branches.get(branch)
        if known is None:
            return
        champion, challenger = [_side(SIZE * model(market, own)) for model in sides]
        bucket = self.now_ms // HOUR_MS
        lineup, number = self.trader.state.lineup_digest, known.pairs + 1
        pair = PairResolved(
            *(branch, known.slot, bucket, number, lineup, champion, challenger),
            counted=True,
            time_ms=self.now_ms,
        )
        self.trader.state = self.trader.service.evolve(self.trader.state, pair)
        self._under_way.append((self.trader, pair))

    # How it is heard

    def hear(self, message: object) -> None:
        """Let promotion hear a message, and everybody what comes of it."""
        self._say(self.promotion, self.promotion.hear(message))
        self._settle()

    def _settle(self) -> None:
        """Deliver until nothing moves."""
        while self._under_way or self.trader.state.loads:
            if self._under_way:
                writer, event = self._under_way.popleft()
                for reader in self._readers(writer):
                    self._say(reader, reader.read(writer, [event]))
            else:
                request = next(iter(self.trader.state.loads.values()))
                loaded = ModelLoaded(request.digest, request.attempt)
                self._say(self.trader, self.trader.hear(loaded))
        self._check_segments()

    def _check_segments(self) -> None:
        """Hold shadow and promotion to one count: they hear the same records of the trader."""
        measured = self.shadow.state.trials
        for name, trial in self.promotion.state.trials.items():
            assert name not in measured or measured[name].segment == trial.segment, name

    def _readers(self, writer: Seat) -> tuple[Seat, ...]:
        if writer is self.promotion:
            return (self.trader,)
        return (self.shadow, self.promotion) if writer is self.trader else (self.promotion,)

    def _say(self, writer: Seat, events: list[Any]) -> None:
        for event in events:
            self.teller.tell(writer.service.name, self.now_ms, event)
            self._under_way.append((writer, event))
        if writer is self.promotion:
            self.said += events

    # What is known

    def trial(self, model: str, slot: str = SLOT) -> str:
        """Return the open trial of a model."""
        trials = self.promotion.state.trials_of(slot)
        [found] = [one.id for one in trials if one.challenger.model == model]
        return str(found)

    def champion(self, slot: str = SLOT) -> str:
        """Return who reigns."""
        return str(self.promotion.state.slots[slot].champion.model)

    def canary(self, slot: str = SLOT) -> str:
        """Return the branch that the present reign is held against."""
        return str(self.promotion.state.slots[slot].watch.canary)

    def of(self, *kinds: type) -> list[Any]:
        """Return what promotion said of these kinds, after the first nine reigns."""
        return [one for one in self.said[self._begun :] if isinstance(one, kinds)]


def _side(net: float) -> Side:
    """Return one trade a pair."""
    return Side(net, 1, int(net > 0.0))

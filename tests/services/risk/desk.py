"""A desk to test risk with: what it hears, signed by the people of the tests, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import SigningKey
from kingmaker.governance.keys import Key, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.service import Tick
from kingmaker.risk import service
from kingmaker.risk.domain import Command, Event, Kill, Message, Resume, State
from kingmaker.risk.window import Window
from tests import people

DESK, START_MS = "d", 1_000_000
CODEC = Codec[Command](service.COMMANDS)


@dataclass
class Story:
    """One risk without a host: every message is observed, decided, learned."""

    state: State = field(init=False)
    window: Window = field(default_factory=Window)

    def __post_init__(self) -> None:
        """Begin before the first event."""
        self.service = service.build([Desk(DESK, 0)], 0)
        self.state = self.service.initial

    def hear(self, *messages: Message) -> list[Event]:
        """Return what is said to `messages`; Ada signs what is a command."""
        return self.hear_bare(
            *(sign(one) if isinstance(one, Kill | Resume) else one for one in messages)
        )

    def hear_bare(self, *messages: Message) -> list[Event]:
        """Return what is said to `messages` as they are."""
        said: list[Event] = []
        for message in messages:
            self.window = self.service.observe(self.window, message)
            answer: Sequence[Event] = self.service.decide(self.state, self.window, message, {})
            for event in answer:
                self.state = self.service.evolve(self.state, event)
            said += answer
        return said


def begun() -> Story:
    """Return a desk that knows the people of the tests, and the time."""
    story = Story()
    story.hear(Tick(START_MS), *(trusted(name, role) for name, role in people.TRUSTED))
    return story


def trusted(name: str, role: str) -> KeyTrusted:
    """Return promotion's word that somebody may sign."""
    own = people.key_of(name)
    key = Key(own.key_id, own.public_key, name, role, 0, 0)
    return KeyTrusted(key, "", "", "the home trusts it", "", START_MS)


def kill(command_id: str = "k1", *, desk: str = DESK, flatten: bool = False) -> Kill:
    """Return the command that stops a desk."""
    return Kill(command_id, desk, flatten, "ada", "a storm", START_MS, START_MS + 60_000)


def resume(command_id: str = "r1", *, desk: str = DESK) -> Resume:
    """Return the command that starts it again."""
    return Resume(command_id, desk, "ada", "it is over", START_MS, START_MS + 60_000)


def sign(command: Command, key: SigningKey = people.ADA) -> Signed:
    """Return a command in its envelope."""
    draft = CODEC.encode(command)
    return Signed(key.key_id, draft.kind, draft.value, key.sign(draft.kind, draft.value))


def kinds(said: Sequence[Event]) -> list[str]:
    """Return what was said, by name."""
    return [type(event).__name__ for event in said]

"""How the tests of promotion tell its story: a desk, nine champions, a trial, its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.contracts.signing import SigningKey
from kingmaker.kernel.service import Answers, Service, Tick
from kingmaker.promotion import service
from kingmaker.promotion.decider import Decide, Window
from kingmaker.promotion.domain import Event, Message, Slot, State
from kingmaker.promotion.heard import (
    ApplyKeys,
    ApplyPolicy,
    Approve,
    ChallengerWarmed,
    ChampionActivated,
    Command,
    DirectPromotion,
    EvidenceMeasured,
    Freeze,
    ModelRegistered,
    ReplaceTrial,
    RevokeKey,
    Rollback,
    Signed,
    SkipInput,
    Thaw,
    TrustKey,
    Veto,
)
from kingmaker.promotion.said import CommandRefused, Key, Tally
from tests import people

DESK = "d"
SLOT, OTHER = slot_of("online_learning", DESK), slot_of("neural_ucb", DESK)
BOOTSTRAP, TRAINED = "v1.0.0-bootstrap", "v1.1.0-trained"
TRIAL = f"t-0001@{DESK}"
NINE = "nine"  # the trader's digest of the lineup
START_MS = 1_700_000_000_000
MINUTE_MS, DAY_MS = 60_000, 86_400_000
COMMANDS = (
    *(Rollback, Freeze, Thaw, DirectPromotion, Approve, Veto, ReplaceTrial),
    *(TrustKey, RevokeKey, SkipInput),
)
CODEC: Codec[Command] = Codec(service.COMMANDS)


def promotion() -> Service[State, Window, Message, Event]:
    """Return the service as production builds it."""
    return service.build([Desk(DESK, 0)], 0)


@dataclass(slots=True)
class Story:
    """A promotion that hears one message after another, as its host would have it."""

    service: Service[State, Window, Message, Event] = field(default_factory=promotion)
    state: State = field(default_factory=lambda: State(DESK))
    window: Window = field(default_factory=Window)
    said: list[Event] = field(default_factory=list)

    def hear(self, *messages: Message) -> list[Event]:
        """Return what is said to `messages`, having learned it; Ada signs what is a command."""
        return self.hear_bare(
            *(sign(one) if isinstance(one, COMMANDS) else one for one in messages)
        )

    def hear_bare(self, *messages: Message) -> list[Event]:
        """Return what is said to `messages` as they are."""
        news: list[Event] = []
        for message in messages:
            self.window = self.service.observe(self.window, message)
            answer = self.service.decide(self.state, self.window, message, {})
            for event in answer:
                self.state = self.service.evolve(self.state, event)
            news += answer
        self.said += news
        return news

    @property
    def slot(self) -> Slot:
        """The throne that most stories are about."""
        return self.state.slots[SLOT]


def begun(**policy: str) -> Story:
    """Return a desk whose nine bootstrap reigns the trader follows; settings by field, `_` for ."""
    story = Story()
    story.hear(Tick(START_MS), home_keys())
    if policy:
        story.hear(settings(**policy))
    story.hear(*(registered(slot_of(name, DESK), BOOTSTRAP, "bootstrap") for name in COMPONENTS))
    story.hear(*(activated(slot_of(name, DESK), 1) for name in COMPONENTS))
    return story


def tried(**policy: str) -> Story:
    """Return a desk with one warmed challenger in a trial."""
    story = begun(**policy)
    story.hear(registered(), warmed())
    return story


def home_keys() -> ApplyKeys:
    """Return the keys of the people of the tests."""
    return ApplyKeys(tuple(key_named(name, role) for name, role in people.TRUSTED))


def key_named(name: str, role: str, not_before_ms: int = 0, not_after_ms: int = 0) -> Key:
    """Return somebody's public key."""
    own = people.key_of(name)
    return Key(own.key_id, own.public_key, name, role, not_before_ms, not_after_ms)


def sign(command: Command, key: SigningKey = people.ADA) -> Signed:
    """Return a command in its envelope."""
    draft = CODEC.encode(command)
    return Signed(key.key_id, draft.kind, draft.value, key.sign(draft.kind, draft.value))


@cache
def ada_signs(command: Command) -> Signed:
    """Return a command in its envelope, signed by Ada once and for all."""
    return sign(command)


def obeying_ada(decide: Decide) -> Decide:
    """Let a court hear bare commands as if Ada had signed them."""

    def hear(state: State, window: Window, message: Message, answers: Answers) -> Sequence[Event]:
        signed = ada_signs(message) if isinstance(message, COMMANDS) else message
        return decide(state, window, signed, answers)

    return hear


def settings(**policy: str) -> ApplyPolicy:
    """Return settings; `promotion__auto="0"` stands for promotion.auto."""
    values = {key.replace("__", "."): value for key, value in policy.items()}
    return ApplyPolicy("hash of " + repr(sorted(values.items())), values)


def registered(  # noqa: PLR0913 - what a registration says
    slot: str = SLOT,
    model: str = TRAINED,
    origin: str = "trained",
    gain: float = 0.0,
    digest: str = "",
    *,
    time_ms: int = START_MS,
) -> ModelRegistered:
    """Return a new model version."""
    metrics = {"holdout_gain": gain}
    return ModelRegistered(slot, model, digest or f"{slot} {model}", origin, metrics, time_ms)


def activated(
    slot: str = SLOT, reign: int = 2, lineup: str = NINE, model: str = TRAINED
) -> ChampionActivated:
    """Return the trader's answer to a reign."""
    return ChampionActivated(slot, reign, model, lineup, START_MS)


def warmed(trial: str = TRIAL, slot: str = SLOT, model: str = TRAINED) -> ChallengerWarmed:
    """Return the trader's word that a challenger decides."""
    return ChallengerWarmed(trial, slot, f"{slot} {model}", NINE, START_MS)


CHAMPION = Tally(pairs=400, sum=0.4, squares=0.04, taken=380, won=190, drawdown_max=0.10)
BETTER = Tally(pairs=400, sum=0.8, squares=0.04, taken=300, won=180, drawdown_max=0.08)


def measured(pairs: int = 400, trial: str = TRIAL, **changes: object) -> EvidenceMeasured:
    """Return evidence that passes every gate, but for `changes`."""
    convincing = EvidenceMeasured(
        trial=trial,
        lineup=NINE,
        pairs=pairs,
        pairs_hash=f"hash of {pairs}",
        log_evidence=6.0,
        log_evidence_max=6.5,
        log_evidence_of_segment=6.0,
        segment=1,
        champion=CHAMPION,
        challenger=BETTER,
        time_ms=START_MS,
        difference_squares=0.08,
    )
    return replace(convincing, **changes)  # type: ignore[arg-type] # the caller names fields


def significant(pairs: int = 400, **changes: object) -> EvidenceMeasured:
    """Return evidence that a paired t-test finds significant: t = 2.3."""
    return replace(measured(pairs), difference_squares=0.03, **changes)  # type: ignore[arg-type] # see above


def rollback(command_id: str = "c1", **changes: object) -> Rollback:
    """Return a person's rollback of the first slot."""
    plain = Rollback(command_id, SLOT, "", "", "ada", "losses", START_MS, START_MS + DAY_MS)
    return replace(plain, **changes)  # type: ignore[arg-type] # the caller names fields


def freeze(command_id: str = "f1", scope: str = "desk") -> Freeze:
    """Return a person's freeze."""
    return Freeze(command_id, scope, "ada", "storm", START_MS, START_MS + DAY_MS)


def thaw(command_id: str = "th1", scope: str = "desk") -> Thaw:
    """Return a person's thaw."""
    return Thaw(command_id, scope, "ada", "calm", START_MS, START_MS + DAY_MS)


def direct(command_id: str = "d1", **changes: object) -> DirectPromotion:
    """Return a person's promotion without evidence."""
    plain = DirectPromotion(
        command_id, SLOT, TRAINED, "", "ada", "a test", START_MS, START_MS + DAY_MS
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # the caller names fields


def approve(command_id: str = "a1", trial: str = TRIAL) -> Approve:
    """Return a person's approval."""
    return Approve(command_id, trial, "ada", "looks good", START_MS, START_MS + DAY_MS)


def veto(command_id: str = "v1", trial: str = TRIAL, until_ms: int = 0) -> Veto:
    """Return a person's veto."""
    return Veto(command_id, trial, until_ms, "ada", "too soon", START_MS, START_MS + DAY_MS)


def replace_trial(command_id: str = "r1", trial: str = TRIAL) -> ReplaceTrial:
    """Return a person's wish that another be tried."""
    return ReplaceTrial(command_id, trial, "ada", "a better one", START_MS, START_MS + DAY_MS)


def trust_key(command_id: str, key: Key) -> TrustKey:
    """Return a person's trust in a key."""
    return TrustKey(command_id, key, "ada", "a colleague", START_MS, START_MS + DAY_MS)


def revoke_key(command_id: str, key_id: str, from_ms: int = 0) -> RevokeKey:
    """Return the end of a person's trust in a key."""
    return RevokeKey(command_id, key_id, from_ms, "ada", "it leaked", START_MS, START_MS + DAY_MS)


def skip_input(command_id: str = "s1", **changes: object) -> SkipInput:
    """Return a person's exception for the trader of the desk."""
    plain = SkipInput(
        *(command_id, "trader", 0, "km.feed.v1", 0, 17, "ab" * 32, "ada", "a bad record"),
        *(START_MS, START_MS + DAY_MS),
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # the caller names fields


def refusal_of(events: Sequence[Event]) -> str:
    """Return why the one command that was heard may not act."""
    [refused] = events
    assert isinstance(refused, CommandRefused)
    return refused.reason


def kinds(events: Sequence[Event]) -> list[str]:
    """Return the names of events."""
    return [type(event).__name__ for event in events]

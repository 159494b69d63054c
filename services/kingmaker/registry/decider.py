"""How the registry decides which model versions exist. Pure: the bytes are checked elsewhere."""

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from kingmaker.contracts.desks import component_of
from kingmaker.contracts.models import schema_of
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Answers, Effect
from kingmaker.registry.domain import (
    BOOTSTRAP,
    BOOTSTRAP_VERSION,
    ApplyPolicy,
    Event,
    Message,
    ModelRefused,
    ModelRegistered,
    ModelSound,
    ModelUnsound,
    Offer,
    OfferBootstrap,
    OfferModel,
    PolicyApplied,
    Slot,
    State,
    TrainingCompleted,
    VerificationRequested,
)
from kingmaker.registry.offers import fault_of, request_of

VERIFY = "registry.verify"
VERIFICATION_MS = 60_000  # of market time until the answer is there, an attempt
ATTEMPTS_MAX = 3
SOURCES_REMEMBERED = 256
NOT_CHECKED = "unavailable"  # says nothing of the bytes: worth another attempt
KNOWN = "known"  # says nothing of the bytes either: the offer was in vain

type Decide = Callable[[State, None, Message, Answers], Sequence[Event]]


def build(slots: Iterable[str]) -> Decide:
    """Return how the registry decides when these slots exist."""
    known = frozenset(slots)

    def decide(state: State, _window: None, message: Message, _answers: Answers) -> Sequence[Event]:
        match message:
            case OfferBootstrap(slot):
                filled = BOOTSTRAP_VERSION in _slot(state, slot).versions.values()
                checking = any(
                    (request.slot, request.origin) == (slot, BOOTSTRAP)
                    for request in state.open.values()
                )
                return [] if filled or checking else _consider(state, message, known)
            case OfferModel(command_id):
                return [] if command_id in state.sources else _consider(state, message, known)
            case TrainingCompleted():
                return _consider(state, message, known) if message.candidate else []
            case ModelSound(digest, slot, schema):
                request = state.open.get(_key(slot, digest))
                return [_register(request, schema)] if request else []
            case ModelUnsound(digest, slot):
                request = state.open.get(_key(slot, digest))
                return [_refuse_or_retry(request, message)] if request else []
            case ApplyPolicy(digest, values, actor):
                news = digest != state.policy_hash
                return [PolicyApplied(digest, values, actor)] if news else []
            case _:
                assert_never(message)

    return decide


def _consider(state: State, offer: Offer, known: frozenset[str]) -> Sequence[Event]:
    """Have the bytes checked, unless they are known or the offer cannot be meant."""
    key = _key(offer.slot, offer.digest)
    again = isinstance(offer, OfferModel) and offer.again
    known_bytes = offer.digest in _slot(state, offer.slot).versions and not again
    present = known_bytes or key in state.open
    if present and not isinstance(offer, OfferModel):
        return []
    minor = _slot(state, offer.slot).minor + 1
    request = request_of(offer, minor, offer.time_ms + VERIFICATION_MS)
    fault = (KNOWN, "the slot has this model already") if present else fault_of(offer, known)
    return [_refuse(request, *fault, offer.time_ms)] if fault else [request]


def _register(request: VerificationRequested, schema: str) -> Event:
    """Let the version exist from the moment that its check was due."""
    expected = schema_of(component_of(request.slot))
    if schema != expected:
        detail = f"it was checked by schema {schema[:12]}, the slot has {expected[:12]}"
        return _refuse(request, "signature_mismatch", detail, request.due_ms)
    return ModelRegistered(
        slot=request.slot,
        model=request.version,
        digest=request.digest,
        size_bytes=request.size_bytes,
        origin=request.origin,
        source=request.source,
        parent=request.parent,
        metrics=request.metrics,
        data_from_ms=request.data_from_ms,
        data_until_ms=request.data_until_ms,
        trades=request.trades,
        seed=request.seed,
        dataset_digest=request.dataset_digest,
        time_ms=request.due_ms,
        tags=request.tags,
        found=request.found,
    )


def _refuse_or_retry(request: VerificationRequested, unsound: ModelUnsound) -> Event:
    """Refuse for good what broke a rule; try again what could not be checked."""
    if unsound.reason == NOT_CHECKED and request.attempt < ATTEMPTS_MAX:
        due_ms = request.due_ms + VERIFICATION_MS
        return replace(request, attempt=request.attempt + 1, due_ms=due_ms)
    return _refuse(request, unsound.reason, unsound.detail, request.due_ms)


def _refuse(request: VerificationRequested, reason: str, detail: str, time_ms: int) -> ModelRefused:
    return ModelRefused(
        request.slot, request.digest, request.origin, request.source, reason, detail, time_ms
    )


def evolve(state: State, event: Event) -> State:
    """Learn one event."""
    match event:
        case VerificationRequested(slot, digest):
            opened = {**state.open, _key(slot, digest): event}
            minor = max(_slot(state, slot).minor, _minor_of(event.version))
            slots = {**state.slots, slot: replace(_slot(state, slot), minor=minor)}
            return replace(_remember(state, event), open=opened, slots=slots)
        case ModelRegistered(slot, model, digest):
            versions = {**_slot(state, slot).versions, digest: model}
            slots = {**state.slots, slot: replace(_slot(state, slot), versions=versions)}
            return replace(_close(state, slot, digest), slots=slots)
        case ModelRefused(slot, digest, reason=reason):
            told = _remember(state, event)
            return told if reason == KNOWN else _close(told, slot, digest)
        case PolicyApplied(digest):
            return replace(state, policy_hash=digest)
        case _:
            assert_never(event)


def effects(state: State) -> Sequence[Effect]:
    """Return the checks that are still waited for."""
    return [
        Effect(f"verify/{key}/{request.attempt}", VERIFY, request.due_ms, request)
        for key, request in state.open.items()
    ]


def _key(slot: str, digest: str) -> str:
    return f"{slot}/{digest}"


def _slot(state: State, slot: str) -> Slot:
    return state.slots.get(slot) or Slot()


def _close(state: State, slot: str, digest: str) -> State:
    closed = {key: request for key, request in state.open.items() if key != _key(slot, digest)}
    return replace(state, open=closed)


def _remember(state: State, event: VerificationRequested | ModelRefused) -> State:
    """Remember a command, so that it acts once; what ships is offered at every start."""
    if event.origin == BOOTSTRAP or event.source in state.sources:
        return state
    return replace(state, sources=(*state.sources, event.source)[-SOURCES_REMEMBERED:])


def _minor_of(version: str) -> int:
    """Return 3 for v1.3.0-trained."""
    return int(version.split(".")[1])

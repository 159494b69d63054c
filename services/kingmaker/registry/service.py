"""The registry as a host sees it: one lane for all desks."""

from collections.abc import Sequence

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.contracts.topics import event_topic, may_carry
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service, no_window
from kingmaker.registry import decider
from kingmaker.registry.domain import (
    ApplyPolicy,
    Event,
    Message,
    ModelRefused,
    ModelRegistered,
    ModelSound,
    ModelUnsound,
    OfferBootstrap,
    OfferModel,
    PolicyApplied,
    State,
    TrainingCompleted,
    VerificationRequested,
)

MESSAGES = {
    "kingmaker.registry.v1": (OfferBootstrap, OfferModel, ModelSound, ModelUnsound),
    "kingmaker.learners.v1": (TrainingCompleted,),
    "kingmaker.policy.v1": (ApplyPolicy,),
}
EVENTS = {
    "kingmaker.registry.v1": (VerificationRequested, ModelRegistered, ModelRefused),
    "kingmaker.policy.v1": (PolicyApplied,),
}


def build(desks: Sequence[Desk], index: int) -> Service[State, None, Message, Event]:
    """Return the registry of these desks; bundles are checked by a reactor."""
    return Service(
        may_carry=may_carry,
        name="registry",
        index=index,
        reads=(Lane(event_topic("learners")),),
        initial=State(),
        window=no_window,
        decide=decider.build(slot_of(name, desk.name) for desk in desks for name in COMPONENTS),
        evolve=decider.evolve,
        effects=decider.effects,
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
    )

"""What a host hears first at every start: its settings, the models it lost, what ships with it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import TOPICS, fact_topic, keys_topic, settings_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.models.errors import UNAVAILABLE, ModelRefusedError

MODEL_LOST = "kingmaker.trader.v1.ModelLoadFailed"
APPLY_POLICY = "kingmaker.policy.v1.ApplyPolicy"
SHIPPED = Lane("km.registry.shipped.v1")

type PolicyOf = Callable[[str, Desk | None], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """The settings, and whose they are."""

    desks: Sequence[Desk]
    policy_of: PolicyOf
    actor: str = ""


def policy(engine: Engine, said: Said, time_ms: int) -> Input:
    """Return the settings of a service, of its desk where it has one lane a desk."""
    name, index = engine.service.name, engine.service.index
    per_desk = next(topic.per_desk for topic in TOPICS if topic.service == name)
    values = said.policy_of(name, said.desks[index] if per_desk else None)
    text = "\n".join(f"{key}={values[key]}" for key in sorted(values))
    digest = hashlib.sha256(text.encode()).hexdigest()
    apply = message_class("kingmaker.policy.v1", "ApplyPolicy")
    message = apply(hash=digest, values=dict(values), actor=said.actor)
    value = message.SerializeToString(deterministic=True)
    return next_input(
        engine, Lane(settings_topic(name), index), Draft(APPLY_POLICY, value), time_ms
    )


def keys(engine: Engine, draft: Draft, time_ms: int) -> Input:
    """Return whom a service may trust."""
    lane = Lane(keys_topic(engine.service.name), engine.service.index)
    return next_input(engine, lane, draft, time_ms)


def losses(engine: Engine, load: Callable[[str], None], time_ms: int) -> Iterator[Input]:
    """Load what the state serves with; yield a fact for each model that is lost.

    Raise ModelRefusedError where the store does not answer: that says nothing of the model, and a
    champion that is lost on record loses its crown. Whoever starts this process tries again.
    """
    lost = message_class("kingmaker.trader.v1", "ModelLoadFailed")
    for digest in engine.service.models(engine.host.state):
        try:
            load(digest)
        except ModelRefusedError as refused:
            if refused.reason == UNAVAILABLE:
                raise
            fact = lost(digest=digest, reason=refused.reason)
            draft = Draft(MODEL_LOST, fact.SerializeToString())
            yield next_input(engine, facts_of(engine), draft, time_ms)


def bootstrap(engine: Engine, offers: Sequence[Draft], time_ms: int) -> Iterator[Input]:
    """Yield the offers of what ships with this release, numbered on."""
    number = engine.host.consumption.position(SHIPPED).seq
    for offset, draft in enumerate(offers, 1):
        yield Input(SHIPPED, number + offset, draft.kind, draft.value, time_ms=time_ms)


def next_input(engine: Engine, lane: Lane, draft: Draft, time_ms: int) -> Input:
    """Return what a host hears next from a lane that its own process feeds."""
    number = engine.host.consumption.position(lane).seq + 1
    return Input(lane, number, draft.kind, draft.value, time_ms=time_ms)


def facts_of(engine: Engine) -> Lane:
    """Return the lane of the facts that a service's own reactors tell it."""
    return Lane(fact_topic(engine.service.name), engine.service.index)

"""Alerting as a host sees it."""

from collections.abc import Iterator, Sequence

from kingmaker.alerting import decider, domain, heard, rules
from kingmaker.alerting.domain import Event, Message, State
from kingmaker.contracts.codec import Codec, Packages
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_topic, may_carry
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service, no_window

NAME = "alerting"

HEARD: Packages = {
    "kingmaker.promotion.v1": (
        domain.TrialOpened,
        domain.TrialClosed,
        domain.ChallengerReady,
        domain.ChampionCrowned,
        domain.ChampionRolledBack,
        domain.CanaryWarned,
        domain.RollbackImpossible,
        domain.Frozen,
        domain.ActivationOverdue,
    ),
    "kingmaker.risk.v1": (heard.ModeChanged, heard.GuardChanged, heard.DriftDetected),
    "kingmaker.trader.v1": (
        domain.ChampionActivated,
        domain.ActivationFailed,
        domain.ChampionLost,
    ),
    "kingmaker.registry.v1": (domain.ModelRefused,),
    "kingmaker.learners.v1": (domain.JobAbandoned,),
    "kingmaker.policy.v1": (domain.ApplyPolicy, domain.ParametersRolledBack),
    "kingmaker.alerting.v1": (domain.AlertDelivered, domain.AlertNotDelivered),
}
SAID: Packages = {
    "kingmaker.policy.v1": (domain.PolicyApplied,),
    "kingmaker.alerting.v1": (
        domain.AlertFired,
        domain.AlertSent,
        domain.AlertDelayed,
        domain.AlertUndelivered,
    ),
}


def build(desks: Sequence[Desk], index: int = 0) -> Service[State, None, Message, Event]:
    """Return the service for all desks; it has one lane."""
    assert index == 0, "alerting writes one lane for all desks"
    return Service(
        may_carry=may_carry,
        name=NAME,
        reads=tuple(_reads(desks)),
        initial=State(),
        window=no_window,
        decide=decider.build(rules.discover()),
        evolve=decider.evolve,
        effects=decider.effects,
        messages=Codec[Message](HEARD),
        events=Codec[Event](SAID),
    )


def _reads(desks: Sequence[Desk]) -> Iterator[Lane]:
    """Yield urgent lanes first: kills, then coronations, before everything that trades write."""
    for name in ("risk", "promotion"):
        for desk in desks:
            yield Lane(event_topic(name), desk.index)
    yield Lane(event_topic("registry"))
    yield Lane(event_topic("learners"))
    for desk in desks:
        yield Lane(event_topic("trader"), desk.index)

"""The learners as a host sees them."""

from collections.abc import Sequence

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_topic, may_carry
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service, no_window
from kingmaker.learners import decider, domain, heads, learners, readings
from kingmaker.learners.domain import Event, Message, State

NAME = "learners"


def build(desks: Sequence[Desk], index: int = 0) -> Service[State, None, Message, Event]:
    """Return the service for all desks; it has one lane."""
    assert index == 0, "the learners write one lane for all desks"
    return Service(
        may_carry=may_carry,
        name=NAME,
        reads=tuple(Lane(event_topic("trader"), desk.index) for desk in desks),
        initial=State(),
        window=no_window,
        decide=decider.build(desks, learners.names()),
        evolve=decider.evolve,
        effects=decider.effects,
        clocked=True,
        readings=readings.readings,
        messages=Codec[Message](
            {
                "kingmaker.trader.v1": (domain.OpportunityResolved, domain.ChampionActivated),
                "kingmaker.policy.v1": (domain.ApplyPolicy,),
                "kingmaker.learners.v1": (domain.TrainingSucceeded, domain.TrainingBroke),
            }
        ),
        events=Codec[Event](
            {
                "kingmaker.policy.v1": (domain.PolicyApplied,),
                "kingmaker.learners.v1": (
                    domain.OutcomeCounted,
                    domain.ChampionNoted,
                    domain.NightFell,
                    domain.TrainingStarted,
                    domain.TrainingCompleted,
                    domain.TrainingFailed,
                    domain.JobAbandoned,
                    heads.OutcomeJudged,
                    heads.WeightsLearned,
                ),
            }
        ),
    )

"""The learners as a host sees them."""

from collections.abc import Sequence

from kingmaker.contracts import signing
from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import CLOCK_TOPIC, event_topic, may_carry
from kingmaker.governance import orders
from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service
from kingmaker.learners import (
    decider,
    domain,
    heads,
    history,
    learners,
    looking_back,
    people,
    readings,
)
from kingmaker.learners.asked import Seal
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import Event, Message, State
from kingmaker.learners.people import Command

NAME = "learners"
KEYS = (KeyTrusted, KeyRevoked)  # heard from promotion, and said again
COMMANDS = (
    *(people.StartTraining, people.CancelTraining, people.RetryTraining),
    *(people.RunLearningJob, people.RestoreHeadWeights),
)
# Commands stand here bare as well: one that nobody signed is refused on record.
MESSAGES = {
    "kingmaker.trader.v1": (
        domain.OpportunityResolved,
        domain.ChampionActivated,
        domain.ParametersRestored,
    ),
    "kingmaker.risk.v1": (domain.GuardChanged, domain.DriftDetected),
    "kingmaker.policy.v1": (domain.ApplyPolicy,),
    "kingmaker.governance.v1": (Signed, *KEYS),
    "kingmaker.learners.v1": (
        *(domain.TrainingSucceeded, domain.TrainingBroke),
        *(history.HistoryLearned, history.HistoryBroke),
        *COMMANDS,
    ),
}
EVENTS = {
    "kingmaker.policy.v1": (domain.PolicyApplied,),
    "kingmaker.governance.v1": KEYS,
    "kingmaker.learners.v1": (
        *(domain.OutcomeCounted, domain.ChampionNoted, domain.CauseNoted, domain.NightFell),
        *(domain.TrainingStarted, domain.TrainingCompleted, domain.TrainingFailed),
        *(domain.JobAbandoned, people.TrainingCancelled),
        *(CommandTaken, CommandRefused),
        *(heads.OutcomeJudged, heads.WeightsLearned, looking_back.TriggerFired),
        *(looking_back.LearningJobCompleted, looking_back.LearningJobSkipped),
        *(history.HistoricalRunStarted, history.HistoricalRunCompleted),
        *(history.HistoricalRunFailed, history.HistoricalRunCancelled),
    ),
}


def build(desks: Sequence[Desk], index: int = 0) -> Service[State, Window, Message, Event]:
    """Return the service for all desks; it has one lane."""
    assert index == 0, "the learners write one lane for all desks"
    return Service(
        may_carry=may_carry,
        name=NAME,
        reads=tuple(
            Lane(event_topic(name), desk.index)
            for name in ("promotion", "risk", "trader")  # whom to believe comes first
            for desk in desks
        ),
        initial=State(),
        window=Window,
        window_inputs=1,
        window_topics=(CLOCK_TOPIC,),
        observe=decider.observe,
        decide=decider.build(desks, learners.names(), seal()),
        evolve=decider.evolve,
        effects=decider.effects,
        clocked=True,
        readings=readings.readings,
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
    )


def seal() -> Seal:
    """Return how signatures are verified and payloads read."""
    return orders.Seal(
        signing.verify,
        Codec[Command]({"kingmaker.learners.v1": COMMANDS}).decode,
        signing.key_id_of,
    )

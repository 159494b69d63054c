"""Shadow as a host sees it: one lane a desk, reading its trader only."""

from collections.abc import Sequence

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_topic, may_carry
from kingmaker.evidence import canary_rules, rules
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service, no_window
from kingmaker.shadow import decider, readings
from kingmaker.shadow.domain import (
    CanaryClosed,
    CanaryMeasured,
    CanaryOpened,
    CanaryUnmeasurable,
    ChallengerDropped,
    ChallengerWarmed,
    ChampionActivated,
    Event,
    EvidenceMeasured,
    Message,
    PairRefused,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    SegmentStarted,
    State,
    TrialForgotten,
    TrialMeasured,
    TrialUnmeasurable,
)

MESSAGES = {
    "kingmaker.trader.v1": (
        ChallengerWarmed,
        PairResolved,
        ChampionActivated,
        ChallengerDropped,
        ParameterChanged,
        ParametersRestored,
    )
}
EVENTS = {
    "kingmaker.shadow.v1": (
        TrialMeasured,
        TrialUnmeasurable,
        EvidenceMeasured,
        PairRefused,
        SegmentStarted,
        TrialForgotten,
        CanaryOpened,
        CanaryUnmeasurable,
        CanaryMeasured,
        CanaryClosed,
    )
}


def build(
    desks: Sequence[Desk],  # noqa: ARG001 - trials come with the trader's events, by id
    index: int,
) -> Service[State, None, Message, Event]:
    """Return the shadow of desk `index`, with every rule that there is."""
    known, watching = rules.discover(), canary_rules.discover()
    return Service(
        may_carry=may_carry,
        name="shadow",
        index=index,
        reads=(Lane(event_topic("trader"), index),),
        initial=State({}),
        window=no_window,
        decide=decider.build_decide(known, watching),
        evolve=decider.build_evolve(known),
        readings=readings.readings,
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
    )

"""Risk as a host sees it: one lane a desk."""

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
from kingmaker.risk import decider, readings, window
from kingmaker.risk.commands import Seal
from kingmaker.risk.domain import (
    ApplyPolicy,
    BarClosed,
    Command,
    DriftDetected,
    EntryAwaited,
    EntryBarred,
    Event,
    FeaturesMeasured,
    GuardChanged,
    Kill,
    KillFileFound,
    KillFileGone,
    KillFileNoted,
    Message,
    ModeChanged,
    OpportunityResolved,
    PolicyApplied,
    PositionClosed,
    ReferenceTaken,
    Resume,
    State,
    TradeCounted,
    TrainingCompleted,
)
from kingmaker.risk.window import Window

FEED = event_topic("feed")
KEYS = (KeyTrusted, KeyRevoked)  # heard from promotion, and said again
COMMANDS = {"kingmaker.risk.v1": (Kill, Resume)}
# Commands stand here bare as well: one that nobody signed is refused on record.
MESSAGES = {
    "kingmaker.governance.v1": (Signed, *KEYS),
    "kingmaker.policy.v1": (ApplyPolicy,),
    "kingmaker.risk.v1": (*COMMANDS["kingmaker.risk.v1"], KillFileFound, KillFileGone),
    "kingmaker.feed.v1": (BarClosed,),
    "kingmaker.learners.v1": (TrainingCompleted,),
    "kingmaker.trader.v1": (PositionClosed, EntryBarred, OpportunityResolved),
}
EVENTS = {
    "kingmaker.policy.v1": (PolicyApplied,),
    "kingmaker.governance.v1": KEYS,
    "kingmaker.risk.v1": (
        *(ModeChanged, CommandTaken, CommandRefused, KillFileNoted),
        *(EntryAwaited, TradeCounted, GuardChanged),
        *(FeaturesMeasured, ReferenceTaken, DriftDetected),
    ),
}


def build(desks: Sequence[Desk], index: int) -> Service[State, Window, Message, Event]:
    """Return the risk of desk `index`: whom to believe comes before what was traded."""
    return Service(
        may_carry=may_carry,
        name="risk",
        index=index,
        reads=(
            *(Lane(event_topic(name), index) for name in ("promotion", "trader")),
            Lane(event_topic("learners")),
            Lane(FEED, index),
        ),
        initial=State(desks[index].name),
        window=Window,
        window_inputs=window.INPUTS,
        window_topics=(FEED, CLOCK_TOPIC),
        observe=window.observe,
        decide=decider.build(seal()),
        evolve=decider.evolve,
        readings=readings.readings,
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
        clocked=True,
    )


def seal() -> Seal:
    """Return how signatures are verified and payloads read."""
    return orders.Seal(signing.verify, Codec[Command](COMMANDS).decode, signing.key_id_of)

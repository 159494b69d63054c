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
from kingmaker.risk import decider, readings
from kingmaker.risk.commands import Seal
from kingmaker.risk.decider import Window
from kingmaker.risk.domain import (
    ApplyPolicy,
    Command,
    EntryAwaited,
    EntryBarred,
    Event,
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
    Resume,
    State,
    TradeCounted,
)

KEYS = (KeyTrusted, KeyRevoked)  # heard from promotion, and said again
COMMANDS = {"kingmaker.risk.v1": (Kill, Resume)}
# Commands stand here bare as well: one that nobody signed is refused on record.
MESSAGES = {
    "kingmaker.governance.v1": (Signed, *KEYS),
    "kingmaker.policy.v1": (ApplyPolicy,),
    "kingmaker.risk.v1": (*COMMANDS["kingmaker.risk.v1"], KillFileFound, KillFileGone),
    "kingmaker.trader.v1": (PositionClosed, EntryBarred, OpportunityResolved),
}
EVENTS = {
    "kingmaker.policy.v1": (PolicyApplied,),
    "kingmaker.governance.v1": KEYS,
    "kingmaker.risk.v1": (
        *(ModeChanged, CommandTaken, CommandRefused, KillFileNoted),
        *(EntryAwaited, TradeCounted, GuardChanged),
    ),
}


def build(desks: Sequence[Desk], index: int) -> Service[State, Window, Message, Event]:
    """Return the risk of desk `index`: whom to believe comes before what was traded."""
    return Service(
        may_carry=may_carry,
        name="risk",
        index=index,
        reads=tuple(Lane(event_topic(name), index) for name in ("promotion", "trader")),
        initial=State(desks[index].name),
        window=Window,
        window_inputs=1,
        window_topics=(CLOCK_TOPIC,),
        observe=decider.observe,
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

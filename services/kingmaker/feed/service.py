"""The feed as a host sees it: one lane a desk."""

from collections.abc import Sequence

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import may_carry
from kingmaker.feed import decider, readings
from kingmaker.feed.domain import (
    ApplyPolicy,
    BarClosed,
    BarRead,
    BarRefused,
    CalendarChanged,
    Event,
    GapRecorded,
    Message,
    PolicyApplied,
    State,
    SymbolAdded,
)
from kingmaker.kernel.service import Service, no_window

MESSAGES = {"kingmaker.feed.v1": (BarRead,), "kingmaker.policy.v1": (ApplyPolicy,)}
EVENTS = {
    "kingmaker.feed.v1": (BarClosed, GapRecorded, BarRefused, SymbolAdded, CalendarChanged),
    "kingmaker.policy.v1": (PolicyApplied,),
}


def build(
    desks: Sequence[Desk],
    index: int,
) -> Service[State, None, Message, Event]:
    """Return the feed of desk `index`; its rows come as facts, from a source."""
    return Service(
        may_carry=may_carry,
        name="feed",
        index=index,
        reads=(),
        initial=State(),
        window=no_window,
        decide=decider.decide,
        evolve=decider.evolve,
        readings=readings.build(desks, index),
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
    )

"""The trader as a host sees it: one lane a desk."""

from collections.abc import Sequence

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_topic, may_carry
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service
from kingmaker.trader import decider, heard, readings, said, serving, window
from kingmaker.trader.domain import Event, Message
from kingmaker.trader.state import State
from kingmaker.trader.window import Window

NAME = "trader"
FEED = event_topic("feed")
MESSAGES = {
    "kingmaker.feed.v1": (heard.BarClosed,),
    "kingmaker.learners.v1": (heard.WeightsLearned,),
    "kingmaker.policy.v1": (heard.ApplyPolicy, heard.ParametersRolledBack),
    "kingmaker.promotion.v1": (
        heard.TrialOpened,
        heard.TrialClosed,
        heard.ChampionCrowned,
        heard.ChampionRolledBack,
    ),
    "kingmaker.risk.v1": (heard.ModeChanged, heard.GuardChanged),
    "kingmaker.trader.v1": (heard.ModelLoaded, heard.ModelLoadFailed),
}
EVENTS = {
    "kingmaker.policy.v1": (said.PolicyApplied,),
    "kingmaker.risk.v1": (said.ModeFollowed, said.GuardFollowed),
    "kingmaker.trader.v1": (
        said.ParameterChanged,
        said.ParametersRestored,
        said.ModelLoadRequested,
        said.ModelReady,
        said.ChallengerWarmed,
        said.ChallengerFaulted,
        said.ChallengerDropped,
        said.ChampionActivated,
        said.ChampionFaulted,
        said.ActivationFailed,
        said.ChampionLost,
        said.UpdateRuleLoaded,
        said.ModelRevised,
        said.RevisionRefused,
        said.OpportunityDecided,
        said.OpportunityMissed,
        said.PositionOpened,
        said.PositionClosed,
        said.EntryBarred,
        said.OpportunityResolved,
        said.PairResolved,
        said.WeightsFollowed,
    ),
}


def build(desks: Sequence[Desk], index: int) -> Service[State, Window, Message, Event]:
    """Return the trader of desk `index`: risk before promotion, learners and bars after."""
    desk = next(desk for desk in desks if desk.index == index)
    return Service(
        may_carry=may_carry,
        name=NAME,
        index=index,
        reads=(
            *(Lane(event_topic(name), index) for name in ("risk", "promotion")),
            Lane(event_topic("learners"), 0),
            Lane(FEED, index),
        ),
        initial=State(desk.name),
        window=Window,
        window_inputs=window.INPUTS,
        window_topics=(FEED,),
        observe=window.observe,
        ask=decider.ask,
        decide=decider.decide,
        evolve=decider.evolve,
        effects=serving.effects,
        models=serving.models,
        readings=readings.readings,
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
        timed={f"kingmaker.trader.v1.{said.OpportunityDecided.__name__}": serving.latencies},
    )

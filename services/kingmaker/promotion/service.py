"""Promotion as a host sees it: one lane a desk."""

from collections.abc import Sequence

from kingmaker.contracts import signing
from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import CLOCK_TOPIC, event_topic, may_carry
from kingmaker.governance import orders
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Service
from kingmaker.promotion import decider, exceptions, gates, heard, readings, said
from kingmaker.promotion.authority import Seal
from kingmaker.promotion.decider import Window
from kingmaker.promotion.domain import Event, Message, State
from kingmaker.promotion.evolution import evolve
from kingmaker.promotion.heard import Command

FROM_OTHERS = {
    "kingmaker.registry.v1": (heard.ModelRegistered,),
    "kingmaker.trader.v1": (
        heard.ChallengerWarmed,
        heard.ChallengerFaulted,
        heard.ChallengerDropped,
        heard.ChampionActivated,
        heard.ChampionFaulted,
        heard.ActivationFailed,
        heard.ChampionLost,
        heard.ParameterChanged,
        heard.PositionOpened,
        heard.PositionClosed,
    ),
    "kingmaker.shadow.v1": (
        heard.EvidenceMeasured,
        heard.TrialUnmeasurable,
        heard.CanaryMeasured,
        heard.CanaryUnmeasurable,
    ),
    "kingmaker.risk.v1": (heard.ModeChanged,),
    "kingmaker.policy.v1": (heard.ApplyPolicy,),
}
COMMANDS = {
    "kingmaker.promotion.v1": (
        heard.Rollback,
        heard.Freeze,
        heard.Thaw,
        heard.DirectPromotion,
        heard.Approve,
        heard.Veto,
        heard.ReplaceTrial,
    ),
    "kingmaker.governance.v1": (heard.TrustKey, heard.RevokeKey, heard.SkipInput),
}
# Commands stand here bare as well: one that nobody signed is refused on record.
MESSAGES = {
    **FROM_OTHERS,
    **COMMANDS,
    "kingmaker.governance.v1": (
        heard.Signed,
        heard.ApplyKeys,
        *COMMANDS["kingmaker.governance.v1"],
    ),
}
EVENTS = {
    "kingmaker.promotion.v1": (
        said.CandidateQueued,
        said.CandidateRefused,
        said.CandidateWaits,
        said.TrialOpened,
        said.TrialStarted,
        said.FaultNoted,
        said.TrialClosed,
        said.ChallengerHeld,
        said.ChallengerReady,
        said.Approved,
        said.Vetoed,
        said.ChampionCrowned,
        said.ReignAcknowledged,
        said.ActivationOverdue,
        said.ChampionRolledBack,
        said.CanaryWarned,
        said.CanaryEnded,
        said.RollbackImpossible,
        said.CommandTaken,
        said.CommandRefused,
        said.Frozen,
        said.Thawed,
        said.ExposureChanged,
    ),
    "kingmaker.risk.v1": (said.ModeFollowed,),
    "kingmaker.policy.v1": (
        said.PolicyApplied,
        said.ParametersWatched,
        said.ParametersRolledBack,
    ),
    "kingmaker.governance.v1": (
        said.KeyTrusted,
        said.KeyRevoked,
        said.CommandPending,
        said.SkipAllowed,
    ),
}


def build(desks: Sequence[Desk], index: int) -> Service[State, Window, Message, Event]:
    """Return the promotion of desk `index`, with every gate found beside it."""
    return Service(
        may_carry=may_carry,
        name="promotion",
        index=index,
        reads=(
            Lane(event_topic("risk"), index),
            Lane(event_topic("registry")),
            Lane(event_topic("trader"), index),
            Lane(event_topic("shadow"), index),
        ),
        initial=State(desks[index].name),
        decide=decider.build(gates.discover(), seal()),
        evolve=evolve,
        readings=readings.readings,
        messages=Codec[Message](MESSAGES),
        events=Codec[Event](EVENTS),
        window=Window,
        window_inputs=1,
        window_topics=(CLOCK_TOPIC,),
        observe=decider.observe,
        skips=exceptions.allowed_by,
        clocked=True,
    )


def seal() -> Seal:
    """Return how signatures are verified and payloads read."""
    return orders.Seal(signing.verify, Codec[Command](COMMANDS).decode, signing.key_id_of)

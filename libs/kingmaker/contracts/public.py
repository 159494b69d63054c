"""What is republished for everyone who subscribes: which events of whom, in which topic.

An event of a service that writes public topics is named here: published, or kept on purpose. A new
one that is not fails `tests/architecture/test_public_topics.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import STATISTICS_TOPIC, TOPICS

_DESK = re.compile(r"@([a-z0-9][a-z0-9-]{0,31})")  # slots, trials and promotions have one


@dataclass(frozen=True, slots=True)
class PublicTopic:
    """Accepted events of one service, same id, at least once, a partition a desk."""

    name: str
    service: str
    about: str
    events: tuple[str, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """The full names of its events."""
        return frozenset(f"kingmaker.{self.service}.v1.{event}" for event in self.events)

    @property
    def per_desk(self) -> bool:
        """Whether its events come from a lane a desk; else one lane speaks of all desks."""
        return next((one.per_desk for one in TOPICS if one.service == self.service), True)


PUBLIC = (
    PublicTopic(
        "km.trades.v1",
        "trader",
        "What was traded, and what every branch would have made of the same opportunity.",
        ("PositionOpened", "PositionClosed", "EntryBarred", "OpportunityResolved", "PairResolved"),
    ),
    PublicTopic(
        "km.decisions.v1",
        "trader",
        "What was decided on every opportunity, and which models decided.",
        (
            "OpportunityDecided",
            "OpportunityMissed",
            "ChallengerWarmed",
            "ChallengerFaulted",
            "ChallengerDropped",
            "ChampionActivated",
            "ChampionFaulted",
            "ChampionLost",
            "ActivationFailed",
            "ParameterChanged",
            "ParametersRestored",
        ),
    ),
    PublicTopic(
        "km.promotions.v1",
        "promotion",
        "Trials, verdicts, coronations, rollbacks and freezes.",
        (
            "TrialOpened",
            "TrialStarted",
            "TrialClosed",
            "CandidateWaits",
            "CandidateRefused",
            "ChallengerHeld",
            "ChallengerReady",
            "Approved",
            "Vetoed",
            "ChampionCrowned",
            "ReignAcknowledged",
            "ActivationOverdue",
            "CanaryWarned",
            "CanaryEnded",
            "ChampionRolledBack",
            "RollbackImpossible",
            "Frozen",
            "Thawed",
        ),
    ),
    PublicTopic(
        "km.alerts.v1",
        "alerting",
        "What people are told, and whether it reached them.",
        ("AlertFired", "AlertSent", "AlertDelayed", "AlertUndelivered"),
    ),
)

# Not republished but derived, by the worker of windows: no event of a lane.
STATISTICS = PublicTopic(
    STATISTICS_TOPIC,
    "analytics",
    "What each model version did in each window; a later value of a key replaces the one before.",
    ("WindowMeasured",),
)

# Kept on purpose: what a service notes for itself, and what commands said (an audit shows them).
KEPT = {
    "trader": (
        "ModelLoadRequested",
        "ModelReady",
        "UpdateRuleLoaded",
        "ModelRevised",
        "RevisionRefused",
        "WeightsFollowed",
    ),
    "promotion": (
        "CandidateQueued",
        "CommandRefused",
        "CommandTaken",
        "ExposureChanged",
        "FaultNoted",
    ),
    "alerting": (),
}


def public_topics_of(service: str) -> tuple[PublicTopic, ...]:
    """Return the public topics that a service's process writes."""
    return tuple(topic for topic in PUBLIC if topic.service == service)


def desk_named(text: str, desks: Sequence[Desk]) -> Desk | None:
    """Return the first desk that a slot, a trial or the key of an alert names; None if none."""
    by_name = {desk.name: desk for desk in desks}
    return next((by_name[name] for name in _DESK.findall(text) if name in by_name), None)

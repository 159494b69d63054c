"""The topic catalogue: which service writes which topic, and who may read it."""

from dataclasses import dataclass

from kingmaker.kernel.lane import Lane

CLOCK_TOPIC = "clock"
POLICY, GOVERNANCE = "kingmaker.policy.v1", "kingmaker.governance.v1"
BARE_COMMANDS = frozenset({"kingmaker.registry.v1.OfferModel"})  # what acts although nobody signs
# They themselves refuse, on record, what is unsigned.
REFUSERS = frozenset({"promotion", "risk", "learners"})
# Facts about the home of a service that hears orders of its own package beside them.
FACTS = frozenset({"kingmaker.risk.v1.KillFileFound", "kingmaker.risk.v1.KillFileGone"})
# What its own reactors tell a service that hears orders of its own package: never by command.
ANSWERS = frozenset(
    {
        "kingmaker.learners.v1.TrainingSucceeded",
        "kingmaker.learners.v1.TrainingBroke",
        "kingmaker.learners.v1.HistoryLearned",
        "kingmaker.learners.v1.HistoryBroke",
    }
)
ORDERS = frozenset({"Signed", "TrustKey", "RevokeKey", "SkipInput"})  # of governance, by people


@dataclass(frozen=True, slots=True)
class Topic:
    """One service's topic and the services that read it. `per_desk`: a lane a desk, else lane 0.

    What the reactors of a service read of it besides, no decider consumes.
    """

    service: str
    readers: tuple[str, ...]
    per_desk: bool
    reactors_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the topic on the wire."""
        return event_topic(self.service)


TOPICS = (
    Topic("feed", ("trader", "risk"), per_desk=True, reactors_of=("learners",)),  # trainings
    Topic("trader", ("shadow", "promotion", "risk", "learners", "alerting"), per_desk=True),
    Topic("registry", ("promotion", "alerting"), per_desk=False),
    Topic("learners", ("registry", "trader", "risk", "alerting"), per_desk=False),
    Topic("shadow", ("promotion",), per_desk=True),
    Topic("promotion", ("risk", "trader", "learners", "alerting"), per_desk=True),
    Topic("risk", ("trader", "promotion", "learners", "alerting"), per_desk=True),
    Topic("alerting", (), per_desk=False),
)

STATISTICS_TOPIC = "km.statistics.v1"  # the last value of each key counts

# For everyone who subscribes, by the process of one principal; no decider reads them.
PUBLIC_TOPICS = {
    "km.trades.v1": "trader",
    "km.decisions.v1": "trader",
    "km.promotions.v1": "promotion",
    "km.alerts.v1": "alerting",
    STATISTICS_TOPIC: "windows",
}


def event_topic(service: str) -> str:
    """Return the topic of a service's own events."""
    return f"km.{service}.v1"


def event_lanes(desks: int) -> list[Lane]:
    """Return the lane of every service, of every desk where it has one a desk."""
    return [
        Lane(topic.name, index)
        for topic in TOPICS
        for index in range(desks if topic.per_desk else 1)
    ]


def command_topic(service: str) -> str:
    """Return the topic where people and the API ask a service for something."""
    return f"km.{service}.commands.v1"


def fact_topic(service: str) -> str:
    """Return the topic where reactors tell a service what came of its effects."""
    return f"km.{service}.facts.v1"


def may_carry(topic: str, kind: str) -> bool:
    """Tell whether a topic that many may write can hold a message of this kind.

    A record in the name of another service's events, or of the runtime's, changes nothing there;
    nor does a fact among commands, or that a key is trusted: such words are not for everybody.
    """
    package, _, name = kind.rpartition(".")
    about = topic.split(".")  # km.promotion.commands.v1
    if package == POLICY:
        return about[2] == "settings" and name == "ApplyPolicy"
    if package == GOVERNANCE:
        return (
            name in ORDERS if about[2] == "commands" else (about[2], name) == ("keys", "ApplyKeys")
        )
    if kind in FACTS:
        return about[1:3] == ["risk", "facts"]
    if about[2] == "commands" and (about[1] not in REFUSERS or kind in ANSWERS):
        return kind in BARE_COMMANDS
    return package.split(".")[:2] == ["kingmaker", about[1]]


def keys_topic(service: str) -> str:
    """Return the topic where the runtime hands a service the keys that its home trusts."""
    return f"km.{service}.keys.v1"


def settings_topic(service: str) -> str:
    """Return the topic where the runtime hands a service its settings at start."""
    return f"km.{service}.settings.v1"

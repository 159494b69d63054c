"""The words of the registry: what it hears, what it says, what it believes."""

from dataclasses import dataclass, field

from kingmaker.kernel.frozen import quick

BOOTSTRAP = "bootstrap"
BOOTSTRAP_VERSION = "v1.0.0-bootstrap"
TRAINED = "trained"  # also where a training names no origin
SHIPPED = "shipped"  # the source of a bundle that came with the release
AUTOGEN = "autogen"  # found by a search
TEACHER = "teacher"  # a tag: digest of the bundle that taught it
ORIGINS = (TRAINED, "cloud", "tuned", AUTOGEN, "distilled", "converted")

# Heard from the runtime and from people


@dataclass(frozen=True, slots=True)
class OfferBootstrap:
    """The bundle shipped with this release, offered to a slot at every start."""

    slot: str
    digest: str
    size_bytes: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class OfferModel:
    """A person offers a bundle that lies in the artifact store.

    `again`: also if the slot has these bytes already. They become a new version, which is how a
    model that was rolled back returns: to a new trial, at the price of one.
    """

    command_id: str
    slot: str
    digest: str
    size_bytes: int
    origin: str
    actor: str
    reason: str
    time_ms: int
    again: bool


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings, handed out at start."""

    hash: str
    values: dict[str, str]
    actor: str = ""


# Heard from learners


@dataclass(frozen=True, slots=True)
class TrainingCompleted:
    """A bundle was made; `candidate` says whether it is worth a trial."""

    training: str
    slot: str
    digest: str
    size_bytes: int
    dataset_digest: str
    data_from_ms: int
    data_until_ms: int
    trades: int
    seed: int
    metrics: dict[str, float]
    candidate: bool
    parent: str
    time_ms: int
    origin: str = ""  # empty: trained
    found: dict[str, float] = field(default_factory=dict)  # parameters, by a search
    teacher: str = ""  # digest of the bundle that taught it


# Heard from the reactor that checks bundles


@dataclass(frozen=True, slots=True)
class ModelSound:
    """The bytes passed every rule; `schema` is the feature-schema hash they were checked by."""

    digest: str
    slot: str
    schema: str


@dataclass(frozen=True, slots=True)
class ModelUnsound:
    """The bytes broke a rule, or could not be checked (`unavailable`)."""

    digest: str
    slot: str
    reason: str
    detail: str


# Said


@dataclass(frozen=True, slots=True)
class VerificationRequested:
    """An effect: check these bytes. It holds all that registering them will say."""

    slot: str
    digest: str
    origin: str
    source: str
    due_ms: int
    attempt: int
    version: str
    size_bytes: int
    parent: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    data_from_ms: int = 0
    data_until_ms: int = 0
    trades: int = 0
    seed: int = 0
    dataset_digest: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    found: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelRegistered:
    """A model version exists from here on."""

    slot: str
    model: str
    digest: str
    size_bytes: int
    origin: str
    source: str
    parent: str
    metrics: dict[str, float]
    data_from_ms: int
    data_until_ms: int
    trades: int
    seed: int
    dataset_digest: str
    time_ms: int
    tags: dict[str, str] = field(default_factory=dict)  # autogen=true, teacher=DIGEST
    found: dict[str, float] = field(default_factory=dict)  # parameters, by a search


@dataclass(frozen=True, slots=True)
class ModelRefused:
    """A bundle broke a rule and does not exist for anyone."""

    slot: str
    digest: str
    origin: str
    source: str
    reason: str
    detail: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


type Offer = OfferBootstrap | OfferModel | TrainingCompleted
type Message = Offer | ModelSound | ModelUnsound | ApplyPolicy
type Event = VerificationRequested | ModelRegistered | ModelRefused | PolicyApplied

# Believed


@dataclass(frozen=True, slots=True)
class Slot:
    """The versions of one slot. A number once reserved is never given again."""

    minor: int = 0  # the highest reserved
    versions: dict[str, str] = field(default_factory=dict)  # by digest


@quick
@dataclass(frozen=True, slots=True)
class State:
    """All slots of all desks."""

    slots: dict[str, Slot] = field(default_factory=dict)
    open: dict[str, VerificationRequested] = field(default_factory=dict)  # by slot/digest
    sources: tuple[str, ...] = ()  # of the last offers: a command acts once
    policy_hash: str = ""

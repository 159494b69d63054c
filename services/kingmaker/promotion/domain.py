"""What promotion believes of its desk, and the unions of what it hears and says."""

from dataclasses import dataclass, field

from kingmaker.evidence.tally import NO_PAIRS, Tally
from kingmaker.governance.keys import Trusted
from kingmaker.kernel.frozen import quick
from kingmaker.kernel.service import Tick
from kingmaker.promotion.heard import (
    ApplyKeys,
    ApplyPolicy,
    CanaryMeasured,
    CanaryUnmeasurable,
    Command,
    EvidenceMeasured,
    FromTrader,
    ModeChanged,
    ModelRegistered,
    Signed,
    TrialUnmeasurable,
)
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import (
    ActivationOverdue,
    Approved,
    CanaryEnded,
    CanaryWarned,
    CandidateQueued,
    CandidateRefused,
    CandidateWaits,
    ChallengerHeld,
    ChallengerReady,
    ChampionCrowned,
    ChampionRolledBack,
    CommandPending,
    CommandRefused,
    CommandTaken,
    Evidence,
    ExposureChanged,
    FaultNoted,
    Frozen,
    KeyRevoked,
    KeyTrusted,
    ModeFollowed,
    ParametersRolledBack,
    ParametersWatched,
    PolicyApplied,
    ReignAcknowledged,
    RollbackImpossible,
    SkipAllowed,
    Thawed,
    TrialClosed,
    TrialOpened,
    TrialStarted,
    Vetoed,
)

DESK = "desk"  # the scope of a freeze that holds in every slot
KILL = "kill"  # that of the freeze that a kill of the desk is; only Resume ends it
BOOTSTRAP = "bootstrap"  # an origin, and a way to be crowned
PROMOTED, DIRECT = "promoted", "direct"  # the other ways
PERSON = "person"  # the trigger of a rollback; the others come by themselves

type Message = (
    ModelRegistered
    | FromTrader
    | EvidenceMeasured
    | TrialUnmeasurable
    | CanaryMeasured
    | CanaryUnmeasurable
    | ModeChanged
    | Signed
    | Command
    | ApplyPolicy
    | ApplyKeys
    | Tick
)
type TrialEvent = (
    TrialStarted | FaultNoted | ChallengerHeld | ChallengerReady | Approved | Vetoed
)  # about one open trial
type CrownEvent = (
    ChampionCrowned
    | ReignAcknowledged
    | ActivationOverdue
    | ChampionRolledBack
    | RollbackImpossible
)
type WatchEvent = CanaryWarned | CanaryEnded | ParametersWatched | ParametersRolledBack
type DeskEvent = (
    CandidateQueued
    | CandidateWaits
    | TrialOpened
    | TrialClosed
    | CommandTaken
    | Frozen
    | Thawed
    | ModeFollowed
    | ExposureChanged
    | PolicyApplied
)
type TrustEvent = KeyTrusted | KeyRevoked | CommandPending | SkipAllowed
type Notice = CandidateRefused | CommandRefused  # said, and nothing changes
type Event = TrialEvent | CrownEvent | WatchEvent | DeskEvent | TrustEvent | Notice


@quick
@dataclass(frozen=True, slots=True)
class Version:
    """A model that wore the crown of a slot."""

    model: str
    digest: str


@quick
@dataclass(frozen=True, slots=True)
class Watch:
    """A reign under watch, and the limits of the 15 % rule that it breaches."""

    canary: str = ""  # the branch that is its reference, once the trader follows
    breached: tuple[str, ...] = ()
    record: Tally = NO_PAIRS  # the figures that crowned the champion, if any did


@quick
@dataclass(frozen=True, slots=True)
class Change:
    """The last change of settings, while it may go back."""

    id: str
    number: int
    old: dict[str, str]  # the keys that changed
    since_ms: int
    watch: Watch | None


@quick
@dataclass(frozen=True, slots=True)
class Slot:
    """One throne: who reigns, who reigned before, and whether the trader follows."""

    champion: Version
    reign: int
    acknowledged: int
    predecessor: Version | None
    history: tuple[Version, ...]  # every version crowned here, once, in order of its last crown
    failed: frozenset[str]  # versions that did not load since they last reigned
    changed_ms: int  # when the present reign began
    overdue: bool  # and that its activation was said to be late
    rolled_back_ms: int | None  # the last rollback that came by itself
    last_promotion: str  # id of the last coronation
    watch: Watch | None = None  # of the present reign, if it began by a coronation
    stuck: bool = False  # the champion must go, and nobody is left to follow it
    removed: frozenset[str] = frozenset()  # versions that a person took the crown from

    @property
    def settled(self) -> bool:
        """Whether the trader follows the present reign."""
        return self.acknowledged == self.reign


@quick
@dataclass(frozen=True, slots=True)
class Wait:
    """Why a candidate has no trial yet: `count` against `target`, and what would admit it."""

    reason: str
    count: int
    target: int
    until: str


@quick
@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that waits: for a trial, or with eight others for the first coronation."""

    slot: str
    model: str
    digest: str
    origin: str
    holdout: float
    wait: Wait | None = None  # as last said


@quick
@dataclass(frozen=True, slots=True)
class Trial:
    """One challenger against one champion, and the last verdict recorded of it."""

    id: str
    slot: str
    challenger: Version
    origin: str
    k: int
    alpha: float
    log_threshold: float
    p_max: float
    max_pairs: int
    window_start_ms: int
    mode: str  # of the budget when it opened
    warmed: bool = False
    faults: int = 0
    evidence: Evidence | None = None
    held_by: tuple[str, ...] = ()
    standing_since_ms: int | None = None  # since when only gates of the desk hold it, if they do
    ready: bool = False
    approved_until_ms: int | None = None  # None: nobody approved; 0: for as long as it runs
    vetoed_until_ms: int = 0
    segment: int = 1  # how many lineups it has decided in, the present one with them

    @property
    def age(self) -> tuple[int, str]:
        """Put the lower id first; beyond 9,999 an id has a digit more."""
        return len(self.id), self.id


@quick
@dataclass(frozen=True, slots=True)
class Budget:
    """The error budget of a desk: one window of market time, and what was spent in it."""

    first_ms: int | None = None  # when the desk's first trial opened
    window_start_ms: int = 0
    k: int = 0  # trials opened in the window
    crowned: int = 0  # R: of these, how many were crowned within the budget
    tests: int = 0  # N of the window, and its alpha: those of its first trial; 0 before it
    alpha: float = 0.0


@quick
@dataclass(frozen=True, slots=True)
class State:
    """One desk."""

    desk: str
    policy: Policy = field(default_factory=Policy)
    policy_hash: str = ""
    slots: dict[str, Slot] = field(default_factory=dict)
    waiting: tuple[Candidate, ...] = ()
    trials: dict[str, Trial] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    lineup: str = ""  # the trader's digest of the nine champions, as last acknowledged
    change: Change | None = None
    frozen: frozenset[str] = frozenset()  # scopes: slots, DESK or KILL
    commands: dict[str, int] = field(default_factory=dict)  # ids acted upon, and their last moment
    keys: dict[str, Trusted] = field(default_factory=dict)
    pending: dict[str, CommandPending] = field(default_factory=dict)  # wait for a second signature
    skips: tuple[SkipAllowed, ...] = ()
    open_positions: int = 0
    trades_closed: int = 0
    trials_opened: int = 0
    promotions: int = 0  # coronations and rollbacks
    last_promotion: str = ""  # id of the desk's last coronation

    def trials_of(self, slot: str) -> tuple[Trial, ...]:
        """Return the open trials of a slot, the oldest first."""
        return tuple(trial for trial in self.open_trials if trial.slot == slot)

    @property
    def open_trials(self) -> tuple[Trial, ...]:
        """All of them, the oldest first: a snapshot keeps no order of insertion."""
        return tuple(sorted(self.trials.values(), key=lambda trial: trial.age))

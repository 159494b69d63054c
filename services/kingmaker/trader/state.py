"""What the trader believes of one desk. It changes by events only."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.frozen import quick
from kingmaker.revisions import Declaration, Numbers
from kingmaker.trader.policy import Policy, Steps
from kingmaker.trader.said import ModelLoadRequested, OpportunityDecided, Side
from kingmaker.trader.stages import Past

NOTHING = Side()
EVEN_WEIGHT = 1.0 / len(COMPONENTS)


@quick
@dataclass(frozen=True, slots=True)
class Reign:
    """The model of one slot, and the number of its reign."""

    model: str
    digest: str
    number: int


@quick
@dataclass(frozen=True, slots=True)
class Branch:
    """The champion's pipeline with one component replaced: a challenger, or the dethroned.

    Or with none replaced and the settings before the present ones: then it has `steps`.
    """

    trial: str
    slot: str
    component: str
    model: str
    digest: str
    first_bucket: int  # its first whole decision bucket
    is_canary: bool = False  # the dethroned champion, until the next change of its slot
    faults: int = 0  # in a row
    pairs: int = 0  # counted or not
    last_bucket: int = -1  # of its last pair
    steps: Steps | None = None
    weights: dict[str, float] | None = None  # of heads, where it has its own
    latencies: dict[int, int] = field(default_factory=dict)  # of a challenger's answers so far
    learner: str = ""  # who remembers for its model; "": it decides as it was exported
    frozen: bool = False  # the champion as it was exported: the control of what it learns


@quick
@dataclass(frozen=True, slots=True)
class Learner:
    """What a model has learned since its export, whoever it decides for; see `revisions`."""

    component: str
    digest: str
    revision: int
    memory: Numbers
    fingerprint: str  # of this revision
    hour_ms: int = 0  # the last that it was rebalanced at


class Account(StrEnum):
    """Where the account stands in an open opportunity."""

    OUT = "out"
    IN = "in"
    LEFT = "left"
    BARRED = "barred"  # it did not follow the champion, and will not later


@quick
@dataclass(frozen=True, slots=True)
class Open:
    """An opportunity that some branch has not left; its exits are numbers, whoever reigns now."""

    decided: OpportunityDecided
    account: Account = Account.OUT
    pupils: tuple[tuple[str, str], ...] = ()  # learners to teach, and what the decision calls each
    cut: float = 0.0  # share of the account's position that the guard left out


@quick
@dataclass(frozen=True, slots=True)
class Sums:
    """A pair in progress."""

    lineup: str  # at the last entry
    champion: Side = NOTHING
    challenger: Side = NOTHING


@quick
@dataclass(frozen=True, slots=True)
class State:
    """One desk. `loads` by trial or slot, `ready` and `lineup` by component, `branches` by trial.

    `sums` are the pairs in progress, by bucket, then by trial. `declared` is by digest, `learners`
    by name, `learning` names the champions' own by component.
    """

    desk: str
    policy: Policy = field(default_factory=Policy)
    policy_hash: str = ""
    loads: dict[str, ModelLoadRequested] = field(default_factory=dict)
    ready: dict[str, Reign] = field(default_factory=dict)
    lineup: dict[str, Reign] = field(default_factory=dict)
    lineup_digest: str = ""
    lineup_bucket: int = 0  # first whole decision bucket of this lineup
    branches: dict[str, Branch] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)  # of champions by component, in a row
    lost: frozenset[str] = frozenset()  # components whose champion no longer works
    weights: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(COMPONENTS, EVEN_WEIGHT)
    )
    weights_version: int = 0
    past: Past = field(default_factory=lambda: Past({}, {}))  # empty while no stage looks back
    interval_ms: int = 0  # of the desk's bars; 0 before its first opportunity
    bucket_ms: int = 0  # fixed by its first opportunity
    open: tuple[Open, ...] = ()  # in order of decision
    sums: dict[int, dict[str, Sums]] = field(default_factory=dict)
    declared: dict[str, Declaration] = field(default_factory=dict)
    learners: dict[str, Learner] = field(default_factory=dict)
    learning: dict[str, str] = field(default_factory=dict)
    opportunities: int = 0
    changes: int = 0  # of parameters, so far
    equity: float = 0.0
    killed: bool = False  # the account opens nothing
    flatten: bool = False  # and leaves what is open
    size: float = 1.0  # share of a position that the guard lets the account take; 0: none

    @property
    def may_enter(self) -> bool:
        """Whether all nine reign and work."""
        return len(self.lineup) == len(COMPONENTS) and not self.lost


def digest_of(lineup: Mapping[str, Reign]) -> str:
    """Return what tells this lineup from others: SHA-256 over its models' digests."""
    text = "".join(f"{name}={lineup[name].digest}\n" for name in COMPONENTS if name in lineup)
    return hashlib.sha256(text.encode()).hexdigest()

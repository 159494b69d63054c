"""What the statistics read of the trader's events, and what they say."""

from dataclasses import dataclass, field
from typing import Literal

from kingmaker.contracts.codec import Codec

type Role = Literal["champion", "challenger", "dethroned", "twin"]
type Read = ChampionActivated | ChallengerWarmed | OpportunityDecided | OpportunityResolved


@dataclass(frozen=True, slots=True)
class ChampionActivated:
    """A model reigns from here on; `canary` is the branch of the one before it."""

    slot: str
    model: str
    lineup: str
    canary: str


@dataclass(frozen=True, slots=True)
class ChallengerWarmed:
    """A challenger decides from here on, in the branch that is called as its trial."""

    trial: str
    slot: str
    model: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One head's opinion of the candidate signal; confidence 0 abstains."""

    component: str
    agrees: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What one branch decided."""

    branch: str
    taken: bool
    strategy: str
    direction: int
    size: int
    votes: tuple[Vote, ...]

    @property
    def act(self) -> tuple[str, int, int] | None:
        """What it does; None: it stays out."""
        return (self.strategy, self.direction, self.size) if self.taken else None


@dataclass(frozen=True, slots=True)
class OpportunityDecided:
    """The champion's decision first; branches that equal it are only named."""

    time_ms: int
    lineup: str
    decisions: tuple[Decision, ...]
    same: tuple[str, ...]
    latencies_us: dict[str, int] = field(default_factory=dict)  # by branch/component


@dataclass(frozen=True, slots=True)
class Outcome:
    """One branch's simulated outcome."""

    branch: str
    taken: bool
    net: float


@dataclass(frozen=True, slots=True)
class OpportunityResolved:
    """The champion's outcome first; branches that equal it are only named."""

    time_ms: int
    lineup: str
    outcomes: tuple[Outcome, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowMeasured:
    """What one model version of a slot did in one window; see `proto/`."""

    desk: str
    slot: str
    model: str
    role: Role
    window_ms: int
    until_ms: int
    opportunities: int
    trades: int
    won: int
    win_rate: float
    net: float
    votes: int
    votes_against: int
    disagreement: float
    departures: int
    answers: int
    latency_us_p50: int
    latency_us_p99: int


EVENTS: Codec[Read] = Codec(
    {
        "kingmaker.trader.v1": (
            ChampionActivated,
            ChallengerWarmed,
            OpportunityDecided,
            OpportunityResolved,
        )
    }
)
MEASURED: Codec[WindowMeasured] = Codec({"kingmaker.analytics.v1": (WindowMeasured,)})

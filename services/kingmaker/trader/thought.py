"""What one side makes of an opportunity, as far as its models have answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingmaker.contracts.models import REGIMES
from kingmaker.kernel.frozen import quick
from kingmaker.kernel.service import Answer, Answers, Fault, Question, Tensor
from kingmaker.market.features import Row
from kingmaker.revisions import Numbers

UNKNOWN = (1.0 / REGIMES,) * REGIMES  # no regime is likelier than another

type Inputs = Mapping[str, Tensor]
type Rows = dict[str, Inputs]
type Models = Mapping[str, str]  # digest by component


@quick
@dataclass(frozen=True, slots=True)
class Side:
    """Who decides: the champion (no component), or a branch with one component of its own."""

    branch: str
    models: Models
    component: str = ""
    revisions: Mapping[str, Numbers] = field(default_factory=dict)  # what was learned, by component


@dataclass(slots=True)
class Thought:
    """Grows level by level; it can be taken up again as long as its answers are the same."""

    side: Side
    level: int = 0  # how many levels are through
    used: dict[str, Answer | Fault] = field(default_factory=dict)  # answers by key of the question
    pending: Rows = field(default_factory=dict)  # of the level that waits for answers
    rows: Rows = field(default_factory=dict)
    answers: dict[str, Answer | Fault] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    is_complete: bool = False
    faulted: str = ""  # the first component that failed
    fault: str = ""
    is_own_fault: bool = False  # not one that the champion's own question met
    regime: tuple[float, ...] = UNKNOWN
    learned: tuple[int, float, float] = (0, 0.0, 0.0)  # S15: direction, its probability, value
    pattern: float = 0.0  # expected forward return
    directions: tuple[int, ...] = ()  # of all arms, S15 with them
    arm: int = -1
    mu: float = 0.0
    margin: float = 0.0  # of the pick over the other arms that fired
    setup: Row = ()
    p_win: float = 0.5
    cost_bp: float = 0.0  # median, a side
    exits: tuple[float, ...] = ()
    scores: Row = ()  # what the ensemble blended: cloud, then local
    score: float = 0.0
    judged: Row = ()  # what sizing saw beside the setup
    size: int = 0
    p_size: float = 0.0  # probability of any size

    def goes_on(self, side: Side, answers: Answers) -> bool:
        """Tell whether it is the beginning of what this side makes of these answers."""
        used = self.used
        return side == self.side and all(answers.get(key) is used[key] for key in used)

    @property
    def direction(self) -> int:
        """The direction of the pick."""
        return self.directions[self.arm]

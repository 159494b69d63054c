"""What a person asks for: at which level to judge, where the lineup changed, who reigns when."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingmaker.evidence import defaults, rules
from kingmaker.evidence.rules import Parameters
from kingmaker.kernel.arithmetic import ln
from kingmaker.promotion import budget, classic
from kingmaker.promotion.domain import Budget
from kingmaker.promotion.policy import Policy

ALPHA_MIN = 1e-9


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one verdict. Rows are those of the input, the first is 1.

    alpha      the chance that a challenger no better may ever be promoted; None: that of the
               first test of a budget window, 1/220 under the default policy
    segments   rows from which on another lineup traded: evidence goes on, descriptions begin anew
    canary     the row from which on the challenger reigns and is watched; the trial ends before it
    """

    alpha: float | None = None
    segments: tuple[int, ...] = ()
    canary: int | None = None
    policy: Policy = field(default_factory=Policy)
    parameters: Parameters = field(default_factory=lambda: dict(defaults.PARAMETERS))

    def __post_init__(self) -> None:
        """Refuse what makes no sense: ValueError with the remedy."""
        p_max = self.policy.p_max
        if self.alpha is not None and not ALPHA_MIN <= self.alpha <= p_max:
            raise ValueError(
                f"alpha is {self.alpha:g}; it must be between {ALPHA_MIN:g} and {p_max:g}: no"
                f" setting loosens the upper bound"
            )
        if list(self.segments) != sorted(set(self.segments)) or min(self.segments, default=2) < 2:  # noqa: PLR2004 - before row 2 nothing could change
            raise ValueError(
                f"segments are {', '.join(map(str, self.segments))}; they must be row numbers from"
                f" 2 on, each larger than the one before"
            )
        if self.canary is not None and self.canary < 1:
            raise ValueError(f"canary is {self.canary}; it must be a row number, the first is 1")
        if wrong := rules.discover()[defaults.RULE].fault(self.parameters):
            raise ValueError(wrong)

    @property
    def level(self) -> "Level":
        """At which level is judged."""
        policy = self.policy
        if self.alpha is not None:
            return Level(self.alpha, -ln(self.alpha), policy.p_max, "the level that was set")
        share = budget.next_share(Budget(), policy, 0)
        why = f"test {share.k} of a budget window ({policy.budget_mode})"
        return Level(share.alpha, share.log_threshold, share.p_max, why)

    @property
    def notice(self) -> str:
        """What a verdict under these terms does not promise."""
        return classic.notice(self.policy, self.policy.budget_mode if self.alpha is None else "")


@dataclass(frozen=True, slots=True)
class Level:
    """The error that is allowed: in the whole trial, and on the present lineup alone."""

    alpha: float
    log_threshold: float
    p_max: float
    why: str


def bound(parameters: Mapping[str, float]) -> float:
    """Return B: a block of pairs counts at most so many units, either way."""
    return parameters["bound"]

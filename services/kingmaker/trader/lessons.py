"""What a closed trade teaches a component's model: a row and a label, as its rule takes them.

Every resolved signal teaches, taken or not: a filter that learned only from what it lets pass could
not change its mind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kingmaker.contracts.models import CLOUD_SCORES, LOCAL_SCORES, REGIMES
from kingmaker.market.exits import Result
from kingmaker.revisions import Numbers
from kingmaker.trader import pipeline
from kingmaker.trader.said import Decision, OpportunityDecided
from kingmaker.trader.window import ARMS

REWARD_MAX = 5.0  # of net result over risk at entry
SCORES = CLOUD_SCORES + LOCAL_SCORES
PATTERNS = "pattern_recognition"

type Lesson = tuple[Numbers, float]  # row and label


@dataclass(frozen=True, slots=True)
class Trade:
    """One side's trade of an opportunity, simulated to its end; `branch` is what it was called."""

    decided: OpportunityDecided
    decision: Decision
    result: Result
    time_ms: int
    branch: str = pipeline.CHAMPION


def is_one(component: str, decided: OpportunityDecided, branch: str) -> bool:
    """Tell whether the end of this opportunity will teach a branch's model anything."""
    if component == PATTERNS:
        return branch in decided.patterns  # else its window is no pattern of the library
    return component != "model_ensemble" or len(decided.scores) == SCORES


def of(component: str, trade: Trade) -> Lesson:
    """Return what a trade teaches."""
    return LESSONS[component](trade)


def _win(trade: Trade) -> Lesson:
    """Return the setup, and whether the signal made money after its costs."""
    return trade.decided.setup, 1.0 if trade.result.net > 0.0 else 0.0


def _reward(trade: Trade) -> Lesson:
    """Return the context of the arm that was picked, and its reward."""
    decided, decision = trade.decided, trade.decision
    regime = decided.setup[-REGIMES:]
    contexts = pipeline.contexts_of(decided.features, decided.directions, regime)
    arm = next(place for place, one in enumerate(ARMS) if one.name == decision.strategy)
    return contexts[arm], _in_risks(trade, trade.result.net)


def _scores(trade: Trade) -> Lesson:
    """Return what each score said of the signal, and its reward.

    Whatever ensemble decided, the scores before it were those of the champion's pipeline.
    """
    return trade.decided.scores, _in_risks(trade, trade.result.net)


def _return(trade: Trade) -> Lesson:
    """Return which pattern the window was, and what prices did: up is above 0, costs taken out."""
    decided = trade.decided
    gross = trade.result.net + 2.0 * (decided.fee + decided.impact)
    place = float(decided.patterns[trade.branch])
    return (place,), _in_risks(trade, trade.decision.direction * gross)


def _in_risks(trade: Trade, net: float) -> float:
    """Return a result in units of the risk at entry, clipped."""
    return min(max(net / trade.decision.stop_distance, -REWARD_MAX), REWARD_MAX)


LESSONS: Mapping[str, Callable[[Trade], Lesson]] = {
    "online_learning": _win,
    "neural_ucb": _reward,
    "model_ensemble": _scores,
    PATTERNS: _return,
}

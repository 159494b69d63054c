"""From what the models said to what a side decides."""

import hashlib
import struct

from kingmaker.market.features import Row
from kingmaker.trader import quality, votes
from kingmaker.trader.policy import Steps
from kingmaker.trader.said import Decision
from kingmaker.trader.scene import Scene
from kingmaker.trader.state import Branch, State
from kingmaker.trader.thought import Thought
from kingmaker.trader.window import ARMS

SIZE_MAX = 3
FULL_SIZE = 2  # contracts: weight 1
EXITS = (1.0, 0.0, 0.0)  # where no model answered: breakeven at 1 R, no trailing, time to the end

FAULT, SIZE, CONSENSUS = "fault", "size", "consensus"


def judge(
    state: State, scene: Scene, thought: Thought, branch: str, own: Branch | None = None
) -> Decision:
    """Return what the side decides, by settings and weights of its own if it has any.

    A side whose models failed stays out.
    """
    steps = (own.steps if own else None) or state.policy.steps
    weights = (own.weights if own else None) or state.weights
    arm = ARMS[thought.arm]
    scale = scene.gauges.atr / scene.bar.close
    stop, target = arm.stop_atr * scale, arm.target_atr * scale
    cast = () if thought.faulted else votes.cast(thought, arm, target)
    share = votes.consensus(cast, weights) if cast else 0.0
    refusal = _refusal(steps, thought, share)
    refusal = refusal or quality.refusal(state, scene, thought, steps.stages, arm.name)
    breakeven_r, trail_r, bars = _exits(state, steps, thought)
    return Decision(
        branch=branch,
        taken=not refusal,
        strategy=arm.name,
        direction=thought.direction,
        size=0 if thought.faulted else max(0, min(thought.size, SIZE_MAX)),
        stop_distance=stop,
        target_distance=target,
        breakeven_r=breakeven_r,
        trail_r=trail_r,
        time_bars=bars,
        p_win=thought.p_win,
        consensus=share,
        votes=cast,
        refusal=refusal,
        strategy_reason=arm.reason(scene.gauges),
        faulted=thought.faulted,
        fault=thought.fault,
        price_tolerance=steps.price_tolerance,
        max_age_ms=steps.max_age_ms,
    )


def feature_hash(row: Row) -> str:
    """Return what tells these features from others, bit by bit."""
    return hashlib.sha256(struct.pack(f">{len(row)}d", *row)).hexdigest()


def _refusal(steps: Steps, thought: Thought, share: float) -> str:
    if thought.faulted:
        return FAULT
    if thought.size < 1:
        return SIZE
    return CONSENSUS if share < steps.confluence_min else ""


def _exits(state: State, steps: Steps, thought: Thought) -> tuple[float, float, int]:
    """Bound what the exit model says: no trade may outlast the longest holding time."""
    breakeven_r, trail_r, bars = thought.exits or EXITS
    longest = holding_bars(state, steps)
    wanted = round(bars) if bars >= 1.0 else longest
    return max(0.0, breakeven_r), max(0.0, trail_r), min(wanted, longest)


def holding_bars(state: State, steps: Steps) -> int:
    """Return the longest holding time; a decision bucket, once fixed, is never outlasted."""
    if not state.bucket_ms:
        return steps.max_holding
    return min(steps.max_holding, state.bucket_ms // state.interval_ms)

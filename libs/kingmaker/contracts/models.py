"""What a model of each component takes and gives: the signatures that every bundle must have.

Inputs are float32 with a first axis B; outputs float32, or int64 where marked. Graphs: opset 18,
ai.onnx.ml 3, IR 9; no Scan, Loop, If, random or foreign operators; normalisation inside.
"""

import hashlib
from dataclasses import dataclass

FEATURES = 24  # market features at a bar's close
FEATURE_VOLATILITY_RATIO = 0  # index of short over long volatility; 1 is usual, never negative
STRATEGIES = ("S2", "S3", "S6", "S11", "S15")  # mean reversion, breakout, momentum, exhaustion, RL
REGIMES = 3  # calm, normal, crisis
SETUP = FEATURES + FEATURES + len(STRATEGIES) + REGIMES  # 56: + times direction, one-hot, regime
CONTEXT = FEATURES + len(STRATEGIES) + REGIMES + 2  # 34: + direction, fired
PATTERN_WINDOW = 32  # closes
PATTERN_NEIGHBOURS = 16
SIZES = 4  # 0..3 contracts; 2 is full size
SIZING = SETUP + 6  # + p_win, ensemble score, cost p50 (bp), ucb mu, pattern score, reward/risk
CLOUD_SCORES = 2
LOCAL_SCORES = 3  # pattern score, online logit, s15 value in the signal's direction
SCORES = ("cloud_1", "cloud_2", "pattern", "online", "s15")  # that an ensemble blends, in order
COST_QUANTILES = 2  # p50, p90 of the cost a side, basis points
REGIME_MEMORY_MAX = 128

OPSET = 18
ML_OPSET = 3
IR_VERSION = 9

BATCH = "B"
INT64, FLOAT32 = "int64", "float32"


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a graph; `shape` without or with the batch axis "B"."""

    name: str
    shape: tuple[str | int, ...]
    dtype: str = FLOAT32


@dataclass(frozen=True, slots=True)
class Signature:
    """What a component's graph takes and gives, in order."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


def _rows(name: str, *width: int, dtype: str = FLOAT32) -> Port:
    return Port(name, (BATCH, *width), dtype)


_ARMS = len(STRATEGIES)

SIGNATURES: dict[str, Signature] = {
    "regime_detector": Signature(
        (_rows("features", FEATURES), _rows("log_post", REGIMES)),
        (
            _rows("log_post_next", REGIMES),
            _rows("probs", REGIMES),
            _rows("state", dtype=INT64),
            _rows("loglik"),
        ),
    ),
    "s15_rl_policy": Signature(
        (_rows("features", FEATURES),),
        (
            _rows("logits", 3),  # stay out, long, short
            _rows("probs", 3),
            _rows("action", dtype=INT64),
            _rows("value", 1),
        ),
    ),
    "pattern_recognition": Signature(
        (_rows("features", PATTERN_WINDOW),),
        (
            _rows("score", 1),
            _rows("similarity", PATTERN_NEIGHBOURS),
            _rows("index", PATTERN_NEIGHBOURS, dtype=INT64),
        ),
    ),
    "neural_ucb": Signature(
        (_rows("contexts", _ARMS, CONTEXT),),
        (
            _rows("mu", _ARMS),
            _rows("sigma", _ARMS),
            _rows("ucb", _ARMS),
            _rows("action", dtype=INT64),
        ),
    ),
    "online_learning": Signature((_rows("features", SETUP),), (_rows("score", 1),)),
    "slippage_latency": Signature((_rows("features", SETUP),), (_rows("score", COST_QUANTILES),)),
    "model_ensemble": Signature(
        (
            _rows("cloud", CLOUD_SCORES),
            _rows("local", LOCAL_SCORES),
            Port("w_cloud", (CLOUD_SCORES,)),
            Port("w_local", (LOCAL_SCORES,)),
        ),
        (_rows("score", 1),),
    ),
    "cvar_ppo": Signature(
        (_rows("features", SIZING),),
        (
            _rows("logits", SIZES),
            _rows("probs", SIZES),
            _rows("action", dtype=INT64),
            _rows("value", 1),
        ),
    ),
    "pm_optimizer": Signature(
        (_rows("features", SETUP),),
        (_rows("exit_params", 3),),  # breakeven R, trailing R, bars
    ),
}


def schema_of(component: str) -> str:
    """Return the feature-schema hash of a component: its signature, as text, hashed."""
    return schema_of_signature(SIGNATURES[component])


def schema_of_signature(signature: Signature) -> str:
    """Return the hash of any signature: also of a graph that no component serves."""
    return hashlib.sha256(repr(signature).encode()).hexdigest()

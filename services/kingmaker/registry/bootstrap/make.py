"""Makes the nine bootstrap bundles: python -m kingmaker.registry.bootstrap.make [FOLDER].

A bundle is model.onnx, golden.npz (rows in and out, computed without onnxruntime) and
manifest.json. They are committed and ship in the wheel; a test makes them anew and compares.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import (
    BATCH,
    CONTEXT,
    FEATURE_VOLATILITY_RATIO,
    FLOAT32,
    IR_VERSION,
    ML_OPSET,
    OPSET,
    SETUP,
    SIGNATURES,
    Port,
    schema_of,
)
from kingmaker.registry.bootstrap import estimates, market, policies

BUNDLES = Path(__file__).with_name("bundles")
GOLDEN_ROWS = 256
STEPS = 16  # golden inputs are multiples of 1/16, so that they are exact and compress well

type Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How one component's model is made, and what it must answer."""

    graph: Callable[[], bytes]
    reference: Callable[[Arrays], Arrays]
    memory: int = 0


BOOTSTRAPS: dict[str, Bootstrap] = {
    "cvar_ppo": Bootstrap(policies.cvar_ppo, policies.cvar_ppo_reference),
    "neural_ucb": Bootstrap(policies.neural_ucb, policies.neural_ucb_reference),
    "regime_detector": Bootstrap(
        market.regime_detector, market.regime_detector_reference, market.REGIME_MEMORY
    ),
    "model_ensemble": Bootstrap(estimates.model_ensemble, estimates.model_ensemble_reference),
    "online_learning": Bootstrap(estimates.online_learning, estimates.online_learning_reference),
    "slippage_latency": Bootstrap(estimates.slippage_latency, estimates.slippage_latency_reference),
    "s15_rl_policy": Bootstrap(policies.s15_rl_policy, policies.s15_rl_policy_reference),
    "pattern_recognition": Bootstrap(
        market.pattern_recognition, market.pattern_recognition_reference
    ),
    "pm_optimizer": Bootstrap(estimates.pm_optimizer, estimates.pm_optimizer_reference),
}


def make(folder: Path = BUNDLES) -> None:
    """Write the nine bundles, each into a folder of its component's name."""
    for seed, component in enumerate(COMPONENTS):
        bootstrap = BOOTSTRAPS[component]
        place = folder / component
        place.mkdir(parents=True, exist_ok=True)
        model = bootstrap.graph()
        (place / "model.onnx").write_bytes(model)
        np.savez_compressed(place / "golden.npz", allow_pickle=False, **golden(component, seed))
        manifest = manifest_of(component, model, seed)
        text = json.dumps(manifest, indent=2, sort_keys=True)
        (place / "manifest.json").write_text(text + "\n", encoding="utf-8")


def golden(component: str, seed: int) -> dict[str, np.ndarray]:
    """Return golden rows: `in.<name>` and `out.<name>` for each port of the signature."""
    signature = SIGNATURES[component]
    random = np.random.default_rng(seed)
    rows = {port.name: _draw(port, random) for port in signature.inputs}
    _make_likely(component, rows, random)
    answers = BOOTSTRAPS[component].reference(rows)
    inputs = {f"in.{name}": array.astype(np.float32) for name, array in rows.items()}
    outputs = {
        f"out.{port.name}": answers[port.name].astype(port.dtype) for port in signature.outputs
    }
    return inputs | outputs


def manifest_of(component: str, model: bytes, seed: int) -> dict[str, object]:
    """Return what the bundle says of itself."""
    return {
        "format": 1,
        "component": component,
        "sha256": hashlib.sha256(model).hexdigest(),
        "schema": schema_of(component),
        "memory": BOOTSTRAPS[component].memory,
        "origin": "bootstrap",
        "seed": seed,
        "data_from_ms": 0,
        "data_until_ms": 0,
        "versions": {
            "ir": IR_VERSION,
            "opset": OPSET,
            "ai.onnx.ml": ML_OPSET,
            "onnx": onnx.__version__,
            "numpy": np.__version__,
        },
    }


def _draw(port: Port, random: np.random.Generator) -> np.ndarray:
    shape = [GOLDEN_ROWS if size == BATCH else int(size) for size in port.shape]
    assert port.dtype == FLOAT32, "every input is float32"
    return (random.integers(-3 * STEPS, 3 * STEPS + 1, shape) / STEPS).astype(np.float32)


def _make_likely(component: str, rows: dict[str, np.ndarray], random: np.random.Generator) -> None:
    """Put into range what has one: chances, ratios, flags, prices, log-probabilities."""
    match component:
        case "cvar_ppo":
            rows["features"][:, SETUP] = random.integers(0, STEPS + 1, GOLDEN_ROWS) / STEPS
        case "neural_ucb":
            rows["contexts"][:, :, CONTEXT - 1] = random.integers(0, 2, rows["contexts"].shape[:2])
        case "regime_detector":
            ratio = random.integers(0, 4 * STEPS, GOLDEN_ROWS) / STEPS
            rows["features"][:, FEATURE_VOLATILITY_RATIO] = ratio
            rows["log_post"] = -np.abs(rows["log_post"])
        case "pattern_recognition":
            rows["features"] = 100.0 + rows["features"].cumsum(axis=1)
        case _:
            pass


if __name__ == "__main__":
    make(*map(Path, sys.argv[1:2]))

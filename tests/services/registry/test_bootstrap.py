"""The bootstrap bundles: made anew they are the same, and they answer what a novice may say."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import SETUP, SIGNATURES, SIZING, STRATEGIES
from kingmaker.registry.bootstrap.make import BUNDLES, GOLDEN_ROWS, golden, make

type Arrays = dict[str, np.ndarray]


def ask(component: str, inputs: Arrays) -> Arrays:
    """Return what the committed model answers."""
    session = onnxruntime.InferenceSession(
        (BUNDLES / component / "model.onnx").read_bytes(), providers=["CPUExecutionProvider"]
    )
    names = [port.name for port in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_bundle_made_anew_is_the_committed_one(component: str, tmp_path: Path) -> None:
    make(tmp_path)
    made, kept = tmp_path / component, BUNDLES / component
    assert (made / "model.onnx").read_bytes() == (kept / "model.onnx").read_bytes()
    manifests = [json.loads((place / "manifest.json").read_text()) for place in (made, kept)]
    for manifest in manifests:
        del manifest["versions"]
    assert manifests[0] == manifests[1]
    with np.load(kept / "golden.npz", allow_pickle=False) as rows:
        anew = golden(component, manifests[0]["seed"])
        assert set(rows.files) == set(anew)
        assert all(np.array_equal(rows[name], anew[name]) for name in anew)


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_golden_rows_have_the_ports_of_the_signature(component: str) -> None:
    signature = SIGNATURES[component]
    ports = [(f"in.{port.name}", port) for port in signature.inputs]
    ports += [(f"out.{port.name}", port) for port in signature.outputs]
    with np.load(BUNDLES / component / "golden.npz", allow_pickle=False) as rows:
        assert set(rows.files) == {name for name, _ in ports}
        for name, port in ports:
            expected = tuple(GOLDEN_ROWS if size == "B" else size for size in port.shape)
            assert (rows[name].shape, rows[name].dtype) == (expected, port.dtype)


def test_the_nine_components_have_one_bundle_each() -> None:
    assert {path.name for path in BUNDLES.iterdir()} == set(COMPONENTS)


def test_the_chance_of_a_win_is_one_half_exactly_for_any_row() -> None:
    rows = np.random.default_rng(1).normal(0, 1e6, (64, SETUP)).astype(np.float32)
    assert (ask("online_learning", {"features": rows})["score"] == 0.5).all()


@pytest.mark.parametrize(("p_win", "size"), [(0.0, 0), (0.4999, 0), (0.5, 2), (1.0, 2)])
def test_the_size_is_full_where_a_win_is_as_likely_as_not(p_win: float, size: int) -> None:
    row = np.full((1, SIZING), 3.0, np.float32)
    row[0, SETUP] = p_win
    answer = ask("cvar_ppo", {"features": row})
    assert answer["action"][0] == answer["probs"][0].argmax() == size
    assert answer["probs"][0, size] > 0.99


def test_the_bandit_picks_the_first_arm_that_fired() -> None:
    contexts = np.ones((1, len(STRATEGIES), 34), np.float32)
    for first in range(len(STRATEGIES)):
        contexts[0, :first, -1] = 0.0
        answer = ask("neural_ucb", {"contexts": contexts})
        assert answer["action"][0] == first
        assert not answer["mu"].any()


def test_the_filter_believes_in_a_crisis_when_short_volatility_doubles() -> None:
    features = np.zeros((1, 24), np.float32)
    log_post = np.zeros((1, 3), np.float32)
    for ratio, state in ((0.5, 0), (1.05, 1), (2.4, 2)):
        features[0, 0] = ratio
        for _ in range(8):
            answer = ask("regime_detector", {"features": features, "log_post": log_post})
            log_post = answer["log_post_next"]
        assert answer["state"][0] == state
        assert answer["probs"].sum() == pytest.approx(1.0, abs=1e-6)


def test_the_filter_stays_finite_for_any_ratio() -> None:
    features = np.full((2, 24), [[1e30], [-1e30]], np.float32)
    answer = ask("regime_detector", {"features": features, "log_post": np.zeros((2, 3), "f4")})
    assert all(np.isfinite(array).all() for array in answer.values())


def test_an_empty_library_scores_nothing() -> None:
    flat = np.full((1, 32), 100.0, np.float32)
    rising = np.arange(100, 132, dtype=np.float32)[None]
    for window in (flat, rising):
        answer = ask("pattern_recognition", {"features": window})
        assert not answer["score"].any()
        assert not answer["similarity"].any()


def test_a_group_without_weights_cedes_all() -> None:
    inputs = {
        "cloud": np.ones((1, 2), np.float32),
        "local": np.full((1, 3), 7.0, np.float32),
        "w_cloud": np.array([0.5, 0.5], np.float32),
        "w_local": np.zeros(3, np.float32),
    }
    assert ask("model_ensemble", inputs)["score"].tolist() == [[1.0]]

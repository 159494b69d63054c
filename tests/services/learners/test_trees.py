"""Trees read from LightGBM: the same way for every row, also for one exactly on a threshold."""

from dataclasses import replace

import lightgbm
import numpy as np
import onnxruntime
import pytest

from kingmaker.contracts.models import SETUP
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.trees import LEAF, NOTHING, Forest, rounded_down


def boosted(seed: int = 1, rounds: int = 40) -> lightgbm.Booster:
    """Return a model of inputs that are not round in single precision."""
    random = np.random.default_rng(seed)
    rows = random.normal(0.0, 2.0, (3000, SETUP)).astype(np.float32).astype(np.float64)
    values = np.sin(rows[:, 0]) + rows[:, 1] * (rows[:, 2] > 0.3)
    settings = {"verbosity": -1, "num_threads": 1, "num_leaves": 12, "use_missing": False}
    return lightgbm.train(settings, lightgbm.Dataset(rows, values), rounds)


def forest(booster: lightgbm.Booster) -> Forest:
    return Forest.of((0.0,), [booster.dump_model()["tree_info"]])


def graph_answers(trees: Forest, rows: np.ndarray) -> np.ndarray:
    graph = GraphBuilder("slippage_latency")
    sums = trees.export(graph, "features")
    graph.add("Add", sums, graph.floats([[0.0, 0.0]]), output="score")  # of that signature's width
    session = onnxruntime.InferenceSession(graph.finish({}), providers=["CPUExecutionProvider"])
    [answers] = session.run(["score"], {"features": rows})
    return np.asarray(answers)[:, 0]


def on_thresholds(booster: lightgbm.Booster) -> np.ndarray:
    """Return rows that lie on every threshold, just above and just below it."""
    trees = booster.dump_model()["tree_info"]
    found: list[tuple[int, float]] = []

    def walk(node: dict[str, object]) -> None:
        if "split_feature" in node:
            found.append((node["split_feature"], node["threshold"]))  # type: ignore[arg-type] # of JSON
            walk(node["left_child"])  # type: ignore[arg-type] # of JSON
            walk(node["right_child"])  # type: ignore[arg-type] # of JSON

    for tree in trees:
        walk(tree["tree_structure"])
    rows = np.random.default_rng(2).normal(0.0, 2.0, (3 * len(found), SETUP)).astype(np.float32)
    for number, (feature, threshold) in enumerate(found):
        at = np.float32(threshold)
        near = (at, np.nextafter(at, np.float32(np.inf)), np.nextafter(at, np.float32(-np.inf)))
        rows[3 * number : 3 * number + 3, feature] = near
    return rows


def test_a_split_that_is_no_comparison_is_refused() -> None:
    node = {"decision_type": "==", "threshold": "1||2", "split_feature": 0}
    with pytest.raises(ValueError, match="'==' cannot be exported"):
        Forest.of((0.0,), [[{"tree_structure": node}]])


@pytest.mark.parametrize("threshold", [float("inf"), float("nan"), 1e300])
def test_a_threshold_beyond_single_precision_is_refused(threshold: float) -> None:
    with np.errstate(over="ignore"), pytest.raises(ValueError, match="is no threshold"):
        rounded_down(threshold)


@pytest.mark.parametrize("threshold", [0.1, -0.1, 1.0, 1.0 + 1e-12, 1e-35, -1e-45, 0.0])
def test_a_threshold_is_rounded_so_that_no_row_changes_its_way(threshold: float) -> None:
    single = rounded_down(threshold)
    assert float(single) <= threshold < float(np.nextafter(single, np.float32(np.inf)))


def test_rows_on_a_threshold_answer_as_lightgbm_itself_does() -> None:
    booster = boosted()
    rows = on_thresholds(booster)
    expected = np.asarray(booster.predict(rows.astype(np.float64)))
    scale = np.maximum(1.0, np.abs(expected))
    assert (np.abs(forest(booster).answer(rows)[:, 0] - expected) / scale).max() <= 1e-5
    assert (np.abs(graph_answers(forest(booster), rows) - expected) / scale).max() <= 1e-5


def test_the_nearest_single_would_send_some_rows_the_other_way() -> None:
    """So the test above can fail: it is what a plain conversion does."""
    booster = boosted()
    trees, rows = forest(booster), on_thresholds(booster)
    expected = np.asarray(booster.predict(rows.astype(np.float64)))
    moved = trees.threshold.copy()
    split = trees.feature != LEAF
    moved[split] = np.nextafter(moved[split], np.float32(np.inf))  # rounded up
    wrong = replace(trees, threshold=moved).answer(rows)[:, 0]
    assert np.abs(wrong - expected).max() > 0.01


def test_targets_are_summed_apart_and_one_without_trees_is_its_base() -> None:
    trees = boosted().dump_model()["tree_info"]
    both = Forest.of((1.5, 0.25), [trees, []])
    rows = np.random.default_rng(4).normal(0.0, 2.0, (50, SETUP)).astype(np.float32)
    alone = Forest.of((0.0,), [trees]).answer(rows)[:, 0]
    assert np.allclose(both.answer(rows)[:, 0], 1.5 + alone, atol=1e-9)
    assert (both.answer(rows)[:, 1] == 0.25).all()


def test_a_tree_of_one_leaf_adds_it() -> None:
    single = Forest.of((0.0,), [[{"tree_structure": {"leaf_value": 0.5}}, NOTHING]])
    rows = np.zeros((3, SETUP), np.float32)
    assert (single.answer(rows) == 0.5).all()
    assert (graph_answers(single, rows) == 0.5).all()

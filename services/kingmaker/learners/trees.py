"""Boosted trees as arrays: read from LightGBM, answered by numpy, written as one ONNX operator.

LightGBM compares in double precision, the operator in single. Rows are single precision on both
sides, so a threshold rounded down to the nearest single sends every such row the same way, also
one that lies exactly on it: x <= t is x <= floor(t) where x has no values between the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.export import GraphBuilder

LEAF = -1  # the feature of a node that splits nothing

type Dump = Mapping[str, Any]  # what LightGBM says of a tree or node, as JSON has it

NOTHING: Dump = {"tree_structure": {"leaf_value": 0.0}}


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees that add up to one or more targets. Nodes of all trees stand in the same arrays."""

    roots: NDArray[np.int64]  # [trees]: the node each tree begins with
    targets: NDArray[np.int64]  # [trees]: what each tree adds to
    base: NDArray[np.float32]  # [targets]: what the trees add to
    feature: NDArray[np.int64]  # [nodes]: what is compared; LEAF at a leaf
    threshold: NDArray[np.float32]  # [nodes]: up to it, rows go left
    left: NDArray[np.int64]  # [nodes]; a leaf leads to itself
    right: NDArray[np.int64]
    value: NDArray[np.float32]  # [nodes]: what a leaf adds

    @classmethod
    def of(cls, base: Sequence[float], dumps: Sequence[Sequence[Dump]]) -> Self:
        """Return a forest of `dumps[target]`, each the `tree_info` of a LightGBM model.

        A target without trees gets one that adds nothing: the operator wants trees.
        """
        nodes = _Nodes()
        trees = [
            (nodes.plant(tree["tree_structure"]), target)
            for target, trees in enumerate(dumps)
            for tree in trees or (NOTHING,)
        ]
        return cls(
            np.array([root for root, _ in trees], np.int64),
            np.array([target for _, target in trees], np.int64),
            np.array(base, np.float32),
            np.array([row[0] for row in nodes.rows], np.int64),
            np.array([row[1] for row in nodes.rows], np.float32),
            np.array([row[2] for row in nodes.rows], np.int64),
            np.array([row[3] for row in nodes.rows], np.int64),
            np.array([row[4] for row in nodes.rows], np.float32),
        )

    def answer(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the sums [B, targets] for rows [B, features], in double precision."""
        sums = np.tile(self.base.astype(np.float64), (len(rows), 1))
        each = np.arange(len(rows))[:, None]
        place = np.tile(self.roots, (len(rows), 1))
        while (feature := self.feature[place]).max(initial=LEAF) > LEAF:
            goes_left = rows[each, np.maximum(feature, 0)] <= self.threshold[place]
            place = np.where(goes_left, self.left[place], self.right[place])
        values = self.value[place].astype(np.float64)
        for target in range(len(self.base)):
            sums[:, target] += values[:, self.targets == target].sum(axis=1)
        return sums

    def export(self, graph: GraphBuilder, rows: str) -> str:
        """Add the forest to a graph and return the name of its sums."""
        return graph.trees(rows, self._attributes())

    def _attributes(self) -> Mapping[str, object]:
        """Return the operator's attributes (ai.onnx.ml 3): node ids count within a tree."""
        sizes = np.diff(np.append(self.roots, len(self.feature)))
        tree = np.repeat(np.arange(len(self.roots)), sizes)
        first = np.repeat(self.roots, sizes)
        leaf = self.feature == LEAF
        return {
            "nodes_treeids": tree.tolist(),
            "nodes_nodeids": (np.arange(len(self.feature)) - first).tolist(),
            "nodes_featureids": np.maximum(self.feature, 0).tolist(),
            "nodes_values": self.threshold.tolist(),
            "nodes_modes": ["LEAF" if one else "BRANCH_LEQ" for one in leaf],
            "nodes_truenodeids": np.where(leaf, 0, self.left - first).tolist(),
            "nodes_falsenodeids": np.where(leaf, 0, self.right - first).tolist(),
            "target_treeids": tree[leaf].tolist(),
            "target_nodeids": (np.arange(len(self.feature)) - first)[leaf].tolist(),
            "target_ids": self.targets[tree[leaf]].tolist(),
            "target_weights": self.value[leaf].tolist(),
            "base_values": self.base.tolist(),
            "n_targets": len(self.base),
            "aggregate_function": "SUM",
            "post_transform": "NONE",
        }


def rounded_down(threshold: float) -> np.float32:
    """Return the largest single-precision number that is not above the threshold."""
    nearest = np.float32(threshold)
    if not np.isfinite(nearest):
        raise ValueError(f"{threshold!r} is no threshold: it is beyond single precision")
    is_above = float(nearest) > threshold  # in double: numpy would compare in single
    return np.nextafter(nearest, np.float32(-np.inf)) if is_above else nearest


@dataclass(slots=True)
class _Nodes:
    """Rows of (feature, threshold, left, right, value) in the making, each tree's root first."""

    rows: list[tuple[int, np.float32, int, int, float]] = field(default_factory=list)

    def plant(self, dump: Dump) -> int:
        """Add the node and all below it; return its place."""
        place = len(self.rows)
        if "leaf_value" in dump:
            self.rows.append((LEAF, np.float32(0.0), place, place, dump["leaf_value"]))
            return place
        if dump["decision_type"] != "<=":
            raise ValueError(f"a split by {dump['decision_type']!r} cannot be exported, only '<='")
        self.rows.append((LEAF, np.float32(0.0), place, place, 0.0))  # its place; filled below
        left, right = self.plant(dump["left_child"]), self.plant(dump["right_child"])
        threshold = rounded_down(dump["threshold"])
        self.rows[place] = (dump["split_feature"], threshold, left, right, 0.0)
        return place

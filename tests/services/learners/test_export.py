"""The graph builder: rules of the graphs, the same bytes every time."""

import onnx
import pytest

from kingmaker.contracts.models import IR_VERSION, OPSET, SETUP
from kingmaker.learners.export import GraphBuilder


def build(weight: float = 0.5) -> bytes:
    graph = GraphBuilder("online_learning")
    product = graph.add("MatMul", "features", graph.floats([[weight]] * SETUP))
    graph.add("Sigmoid", product, output="score")
    return graph.finish({"seed": "7"})


def test_a_graph_that_does_not_give_its_outputs_is_refused() -> None:
    graph = GraphBuilder("online_learning")
    graph.add("Identity", "features")
    with pytest.raises(onnx.checker.ValidationError):
        graph.finish({})


def test_the_same_graph_has_the_same_bytes() -> None:
    assert build() == build()
    assert build() != build(0.25)


def test_a_graph_says_what_it_is() -> None:
    model = onnx.load_model_from_string(build())
    assert model.ir_version == IR_VERSION
    assert {opset.domain: opset.version for opset in model.opset_import}[""] == OPSET
    properties = {row.key: row.value for row in model.metadata_props}
    assert (properties["km.component"], properties["km.seed"]) == ("online_learning", "7")

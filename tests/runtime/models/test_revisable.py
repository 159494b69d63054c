"""A graph that can be revised answers as it was exported, or by the numbers that it is given."""

from collections.abc import Sequence

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from kingmaker.contracts.models import SETUP
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.revisions import Declaration
from kingmaker.revisions.declaration import write
from kingmaker.revisions.rules import discover
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.graph import Graph
from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from tests.hostile import forge
from tests.revisions.declarations import bandit, ensemble, logistic

RULE = discover()["ftrl_proximal@1"]
DECLARED = logistic(0.5)


def revisable(
    declaration: Declaration = DECLARED,
    weights: Sequence[float] = (0.5, *[0.0] * SETUP),
    inputs: int = SETUP + 1,
    text: str = "",
) -> onnx.ModelProto:
    """Return a model whose score is the sigmoid of weights times features, plus the last weight."""
    model = forge.graph(
        [
            forge.node("Slice", "revision zero width", "flat"),
            forge.node("Reshape", "flat shape", "column"),
            forge.node("Slice", "revision width end", "bias"),
            forge.node("MatMul", "features column", "product"),
            forge.node("Add", "product bias", "logit"),
            forge.node("Sigmoid", "logit", "score"),
        ],
        [
            forge.constant("revision", [*weights, *[0.0] * (inputs - len(weights))]),
            forge.constant("zero", [0], np.int64),
            forge.constant("width", [SETUP], np.int64),
            forge.constant("end", [SETUP + 1], np.int64),
            forge.constant("shape", [SETUP, 1], np.int64),
        ],
    )
    port = helper.make_tensor_value_info("revision", TensorProto.FLOAT, [inputs])
    model.graph.input.append(port)
    model.metadata_props.add(key="km.revision", value=text or write(declaration))
    return model


def keep(store: ArtifactStore, model: onnx.ModelProto) -> str:
    return store.put(forge.bundle(model))


def asked(digest: str, branch: str, revision: Sequence[float] = ()) -> Question:
    row = forge.row(number=0.1)
    return Question(f"{branch}{len(revision)}", digest, row, branch, revision=tuple(revision))


@pytest.mark.parametrize("branch", ["", "t-0001"])
def test_a_revision_is_for_one_question_and_leaves_no_trace(
    store: ArtifactStore, runner: ModelRunner, branch: str
) -> None:
    digest = keep(store, revisable())
    runner.load(digest)
    own = runner.answer([asked(digest, branch)])
    vector = RULE.vector(DECLARED, RULE.step(DECLARED, RULE.begin(DECLARED), (1.0,) * SETUP, 0.0))
    [revised] = runner.answer([asked(digest, branch, vector)]).values()
    [first] = own.values()
    assert isinstance(first, Answer)
    assert isinstance(revised, Answer)
    assert revised.outputs["score"][0] < first.outputs["score"][0]
    assert runner.answer([asked(digest, branch)]) == own
    exported = RULE.vector(DECLARED, RULE.begin(DECLARED))
    [same] = runner.answer([asked(digest, branch, exported)]).values()
    assert same == first, "the very bits"


@pytest.mark.parametrize("branch", ["", "t-0001"])
def test_a_revision_that_is_none_is_a_fault_and_the_graph_is_not_asked(
    store: ArtifactStore, runner: ModelRunner, branch: str
) -> None:
    can, cannot = keep(store, revisable()), keep(store, forge.linear(1.0))
    for digest in (can, cannot):
        runner.load(digest)
    for digest, revision, why in (
        (can, (1.0,), "is not"),
        (can, (1e300,) * (SETUP + 1), "is not"),
        (cannot, (1.0,) * (SETUP + 1), "it declares no update rule"),
    ):
        [fault] = runner.answer([asked(digest, branch, revision)]).values()
        assert isinstance(fault, Fault)
        assert why in fault.reason


def test_a_runner_tells_what_a_model_declares(store: ArtifactStore, runner: ModelRunner) -> None:
    can, cannot = keep(store, revisable()), keep(store, forge.linear(1.0))
    for digest in (can, cannot):
        runner.load(digest)
    assert runner.declared(can) == DECLARED
    assert runner.declared(cannot) is None


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (revisable(text="{}"), "names no rule"),
        (revisable(bandit()), "a rule of neural_ucb"),
        (revisable(inputs=SETUP + 2), "lets others set"),
    ],
)
def test_a_declaration_that_does_not_fit_its_graph_does_not_load(
    model: onnx.ModelProto, why: str
) -> None:
    with pytest.raises(ModelRefusedError, match=why) as caught:
        Graph(forge.COMPONENT, model.SerializeToString())
    assert caught.value.reason == "signature_mismatch"


def test_a_graph_that_lets_others_set_numbers_without_a_rule_does_not_load() -> None:
    model = revisable()
    del model.metadata_props[:]
    with pytest.raises(ModelRefusedError, match="signature_mismatch"):
        Graph(forge.COMPONENT, model.SerializeToString())


def test_numbers_that_are_not_those_of_the_export_are_refused(store: ArtifactStore) -> None:
    lying = revisable(logistic(0.25))
    answers = forge.golden(answer=lambda rows: {"score": score(rows["features"])})
    with Examination(Patience(60.0, strict=True)) as examination:
        sound = forge.bundle(revisable(), rows=answers)
        examination.examine(store, store.put(sound), forge.COMPONENT)
        with pytest.raises(ModelRefusedError, match="by the numbers it declares") as caught:
            examination.examine(
                store, store.put(forge.bundle(lying, rows=answers)), forge.COMPONENT
            )
    assert caught.value.reason == "parity"


def score(features: np.ndarray) -> np.ndarray:
    chance: np.ndarray = 1.0 / (1.0 + np.exp(-0.5 * features[:, :1].astype("f8")))
    return chance


def blend(declaration: Declaration | None = None, *, port: bool = False) -> onnx.ModelProto:
    """Return an ensemble that blends scores by its weights, and says that Hedge gives them."""
    nodes = [
        forge.node("Mul", "cloud w_cloud", "clouds"),
        forge.node("Mul", "local w_local", "locals"),
        forge.node("ReduceSum", "clouds axis", "cloud_sum"),
        forge.node("ReduceSum", "locals axis", "local_sum"),
        forge.node("Add", "cloud_sum local_sum", "score"),
    ]
    constants = [forge.constant("axis", [1], np.int64)]
    if port:
        constants.append(forge.constant("revision", [0.0] * 5))
    model = forge.graph(nodes, constants, "model_ensemble")
    if port:
        given = helper.make_tensor_value_info("revision", TensorProto.FLOAT, [5])
        model.graph.input.append(given)
    model.metadata_props.add(key="km.revision", value=write(declaration or ensemble()))
    return model


def blended(rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    cloud = (rows["cloud"] * rows["w_cloud"]).sum(axis=1, keepdims=True)
    local = (rows["local"] * rows["w_local"]).sum(axis=1, keepdims=True)
    return {"score": cloud + local}


def test_weights_that_are_inputs_are_given_as_such_and_as_nothing_else(
    store: ArtifactStore, runner: ModelRunner
) -> None:
    component = "model_ensemble"
    rows = forge.golden(component, blended)
    digest = store.put(forge.bundle(blend(), component, rows=rows))
    with Examination(Patience(60.0, strict=True)) as examination:
        examination.examine(store, digest, component)
    runner.load(digest)
    assert runner.declared(digest) == ensemble()
    inputs = {"cloud": (0.0, 0.0), "local": (1.0, 2.0, 4.0), "w_cloud": (0.0, 0.0)}
    for branch in ("", "t-0001"):
        one = Question("1", digest, {**inputs, "w_local": (1.0, 0.0, 0.0)}, branch)
        other = Question("2", digest, {**inputs, "w_local": (0.0, 0.5, 0.5)}, branch)
        answers = runner.answer([one, other])
        assert [answers[key].outputs["score"] for key in "12"] == [(1.0,), (3.0,)]  # type: ignore[union-attr] # no faults
        asked = Question("3", digest, one.inputs, branch, revision=(0.2,) * 5)
        [fault] = runner.answer([asked]).values()
        assert isinstance(fault, Fault)
        assert "hedge@1 gives is among the inputs" in fault.reason


def test_a_port_that_no_rule_fills_does_not_load() -> None:
    with pytest.raises(ModelRefusedError, match=r"hedge@1 sets \[\]"):
        Graph("model_ensemble", blend(port=True).SerializeToString())

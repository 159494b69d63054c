"""Hostile model files: each is refused for its own reason, and no byte outside it is read."""

import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from kingmaker.contracts.models import SETUP
from kingmaker.runtime.models import rules
from kingmaker.runtime.models.bundle import MODEL_BYTES_MAX, Bundle
from kingmaker.runtime.models.child import Command
from kingmaker.runtime.models.errors import ModelHungError, ModelRefusedError
from kingmaker.runtime.models.examination import EXAMINER, Examination
from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.rules.candidate import Candidate
from tests.hostile import forge
from tests.hostile.forge import bundle, constant, digest_of, graph, node

SECRET = "a secret outside the bundle".ljust(SETUP * 4, ".")
RETURN = node("MatMul", "features w", "score")


def refused(examination: Examination, made: Bundle, component: str = forge.COMPONENT) -> str:
    """Return the reason for which a bundle is refused."""
    with pytest.raises(ModelRefusedError) as caught:
        examination.examine_bundle(made, digest_of(made), component)
    assert SECRET[:20] not in str(caught.value)
    return caught.value.reason


def refused_by_sight(made: Bundle) -> str:
    """Return the reason found before any session is made."""
    candidate = Candidate(forge.COMPONENT, digest_of(made), made)
    try:
        for rule in rules.BY_SIGHT:
            rule(candidate)
    except ModelRefusedError as error:
        return error.reason
    return "none"


def outside(location: str, *, sparse: bool = False, hidden: str = "") -> onnx.ModelProto:
    """Return a model one of whose tensors lies at `location`."""
    tensor = constant("w", np.zeros((SETUP, 1)))
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    sound = constant("w", np.zeros((SETUP, 1)))
    if sparse:
        model = graph([RETURN], [sound])
        indices = constant("i", np.arange(SETUP), np.int64)
        model.graph.sparse_initializer.add(values=tensor, indices=indices, dims=[SETUP, 1])
        return model
    if hidden == "attribute":
        from_attribute = helper.make_node("Constant", [], ["w"], value=tensor)
        return graph([from_attribute, RETURN])
    if hidden == "subgraph":
        body = helper.make_graph([], "body", [], [], [tensor])
        inside = helper.make_node(
            "If", ["features"], ["unused"], then_branch=body, else_branch=body
        )
        return graph([RETURN, inside], [sound])
    if hidden == "function":
        model = graph([RETURN], [sound])
        copy = helper.make_node("Constant", [], ["out"], value=tensor)
        opsets = [helper.make_opsetid("", 18)]
        model.functions.append(helper.make_function("mine", "F", [], ["out"], [copy], opsets))
        return model
    return graph([RETURN], [tensor])


@pytest.mark.parametrize("way", ["absolute", "above", "symlink", "hard link", "plain"])
@pytest.mark.parametrize("sparse", [False, True])
def test_a_tensor_outside_the_file_is_refused_however_it_is_reached(
    way: str, *, sparse: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    target = tmp_path / "secret"
    target.write_text(SECRET)
    location = {"absolute": str(target), "above": "../secret"}.get(way, "data")
    if way == "symlink":
        (home / "data").symlink_to(target)
    elif way == "hard link":
        (home / "data").hardlink_to(target)
    elif way == "plain":
        (home / "data").write_text(SECRET)
    monkeypatch.chdir(home)
    assert refused_by_sight(bundle(outside(location, sparse=sparse))) == "external_data"


@pytest.mark.parametrize("hidden", ["attribute", "subgraph", "function"])
def test_a_tensor_outside_is_found_where_it_hides(hidden: str) -> None:
    assert refused_by_sight(bundle(outside("data", hidden=hidden))) == "external_data"


def test_external_data_is_refused_in_the_confined_process_too(examination: Examination) -> None:
    assert refused(examination, bundle(outside("/etc/hostname"))) == "external_data"


def foreign(kind: str, domain: str, *, declare: bool = True) -> onnx.ModelProto:
    model = graph([node(kind, "features", "score", domain)])
    if declare:
        model.opset_import.append(helper.make_opsetid(domain, 1))
    return model


@pytest.mark.parametrize(
    "model",
    [
        foreign("EPContext", "com.microsoft"),
        foreign("FusedGemm", "com.microsoft", declare=False),
        foreign("Mine", "my.own"),
        graph([node("RandomNormalLike", "features", "score")]),
        graph([node("Bernoulli", "features", "score")]),
        graph([node("Dropout", "features", "score")]),
    ],
    ids=["EPContext", "undeclared", "custom", "RandomNormalLike", "Bernoulli", "Dropout"],
)
def test_an_operator_that_is_not_standard_or_rolls_dice_is_refused(model: onnx.ModelProto) -> None:
    assert refused_by_sight(bundle(model)) == "foreign_operator"


def endless() -> onnx.ModelProto:
    """Return a model that counts to 2**62."""
    yes = helper.make_tensor_value_info("yes", TensorProto.BOOL, [])
    said = helper.make_tensor_value_info("said", TensorProto.BOOL, [])
    count = helper.make_tensor_value_info("n", TensorProto.INT64, [])
    body = helper.make_graph([node("Identity", "yes", "said")], "body", [count, yes], [said])
    forever = constant("forever", 2**62, np.int64)
    loop = helper.make_node("Loop", ["forever", ""], [], body=body)
    return graph([RETURN, loop], [constant("w", np.zeros((SETUP, 1))), forever])


def test_an_endless_loop_is_refused_by_its_operator(examination: Examination) -> None:
    assert refused_by_sight(bundle(endless())) == "foreign_operator"
    assert refused(examination, bundle(endless())) == "foreign_operator"


def test_a_function_of_its_own_is_refused() -> None:
    model = forge.linear()
    opsets = [helper.make_opsetid("", 18)]
    body = [node("Identity", "in", "out")]
    model.functions.append(helper.make_function("mine", "F", ["in"], ["out"], body, opsets))
    assert refused_by_sight(bundle(model)) == "foreign_operator"


def huge() -> onnx.ModelProto:
    """Return a model that asks for 64 GiB of zeros."""
    fill = node("ConstantOfShape", "shape", "zeros")
    total = helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=0)
    product = node("MatMul", "features w", "product")
    score = node("Add", "product sum", "score")
    weights = constant("w", np.zeros((SETUP, 1)))
    return graph([fill, total, product, score], [weights, constant("shape", [1 << 34], np.int64)])


def test_a_tensor_of_64_gib_is_refused_before_a_session_is_made(examination: Examination) -> None:
    assert refused_by_sight(bundle(huge())) == "out_of_memory"
    assert refused(examination, bundle(huge())) == "out_of_memory"


def hidden_huge() -> onnx.ModelProto:
    """Return a model whose 64 GiB no shape tells: their number follows from the row."""
    model = huge()
    model.graph.initializer.pop()
    model.graph.initializer.append(constant("large", [2.0**34]))
    zero = helper.make_node("ReduceSum", ["features"], ["s"], keepdims=0)
    nodes = [zero, node("Mul", "s nought", "t"), node("Add", "t large", "u")]
    cast = helper.make_node("Cast", ["u"], ["shape"], to=TensorProto.INT64)
    model.graph.initializer.append(constant("nought", 0.0))
    body = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*nodes, cast, *body])
    return model


def test_what_no_shape_tells_is_stopped_by_the_limit_of_the_process() -> None:
    command = Command(EXAMINER.module, 1 << 30)
    with Examination(Patience(60.0, strict=True), command) as confined:
        assert refused(confined, bundle(hidden_huge())) == "out_of_memory"


def slow() -> onnx.ModelProto:
    """Return a model of 300 large products, one after the other; the row begins the chain."""
    size, count = 800, 300
    steps = [
        helper.make_node("ReduceSum", ["features"], ["sum"], keepdims=0),
        node("Mul", "a sum", "a0"),
        *[node("MatMul", f"a{n} a", f"a{n + 1}") for n in range(count)],
        node("MatMul", "features w", "rows"),
        node("MatMul", f"rows a{count}", "mixed"),
        node("MatMul", "mixed v", "score"),
    ]
    weights = {"a": np.eye(size), "w": np.zeros((SETUP, size)), "v": np.zeros((size, 1))}
    return graph(steps, [constant(name, array) for name, array in weights.items()])


@pytest.mark.parametrize(("strict", "error"), [(False, ModelRefusedError), (True, ModelHungError)])
def test_a_model_that_is_merely_slow_is_stopped_at_the_deadline(
    *, strict: bool, error: type[Exception]
) -> None:
    made = bundle(slow())
    with Examination(Patience(0.5, strict=strict)) as hasty, pytest.raises(error) as caught:
        hasty.examine_bundle(made, digest_of(made), forge.COMPONENT)
    assert (digest_of(made) if strict else "too_slow") in str(caught.value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_an_answer_that_is_no_finite_number_is_refused(
    examination: Examination, number: float
) -> None:
    weights = [constant("w", np.zeros((SETUP, 1))), constant("n", [[number]])]
    model = graph([node("MatMul", "features w", "x"), node("Add", "x n", "score")], weights)
    assert refused(examination, bundle(model)) == "not_finite"


def test_a_model_finite_on_its_golden_rows_only_is_refused(examination: Examination) -> None:
    """Division by nought gives no error: it is found by rows of our own."""
    nodes = [
        node("MatMul", "features w", "x"),
        node("Floor", "x", "y"),
        node("Div", "nought y", "score"),
    ]
    constants = [constant("w", np.eye(SETUP, 1)), constant("nought", [[0.0]])]
    rows = forge.golden()
    rows["in.features"][:] = 5.0
    assert refused(examination, bundle(graph(nodes, constants), rows=rows)) == "not_finite"


def changed(change: str) -> onnx.ModelProto:
    """Return a sound model but for one port."""
    model = forge.linear()
    put, get = model.graph.input[0], model.graph.output[0]
    match change:
        case "input's name":
            put.name = model.graph.node[0].input[0] = "rows"
        case "input's width":
            put.type.tensor_type.shape.dim[1].dim_value = SETUP - 1
        case "input's type":
            put.type.tensor_type.elem_type = TensorProto.DOUBLE
        case "fixed batch":
            put.type.tensor_type.shape.dim[0].dim_value = 1
        case "output's name":
            get.name = model.graph.node[0].output[0] = "p"
        case "output's axes":
            get.type.tensor_type.shape.dim.add(dim_value=1)
        case "another output":
            model.graph.output.append(put)
        case "no output":
            del model.graph.output[:]
        case "memory":
            model.metadata_props.add(key="km.memory", value="999")
        case _:
            model.metadata_props.add(key="km.component", value="cvar_ppo")
    return model


@pytest.mark.parametrize(
    "change",
    [
        *("input's name", "input's width", "input's type", "fixed batch", "output's name"),
        *("output's axes", "another output", "no output", "memory", "component"),
    ],
)
def test_a_signature_that_is_not_the_slots_is_refused(change: str) -> None:
    assert refused_by_sight(bundle(changed(change))) == "signature_mismatch"


def test_a_model_of_another_component_is_refused(examination: Examination) -> None:
    assert refused(examination, bundle(forge.linear()), "cvar_ppo") == "signature_mismatch"


def test_an_unknown_component_is_refused_without_a_process(examination: Examination) -> None:
    made = bundle(forge.linear())
    assert refused(examination, made, "alchemy") == "unknown_component"
    named = replace(made, manifest=made.manifest.replace(b"online_learning", b"alchemy"))
    assert refused(examination, named) == "unknown_component"


def test_a_flipped_bit_is_a_digest_mismatch(examination: Examination) -> None:
    made = bundle(forge.linear())
    flipped = bytearray(made.model)
    flipped[len(flipped) // 2] ^= 1
    with pytest.raises(ModelRefusedError, match="digest_mismatch"):
        examination.examine_bundle(
            replace(made, model=bytes(flipped)), digest_of(made), forge.COMPONENT
        )
    assert refused(examination, replace(made, model=bytes(flipped))) == "digest_mismatch"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os.", "pickle"),
        (b"cos\nsystem\n(S'true'\ntR.", "pickle"),
        (gzip.compress(b"\x80\x04joblib."), "archive_unsafe"),
        (b"PK\x03\x04 a checkpoint of weights", "archive_unsafe"),
        (b"", "not_loadable"),
        (b"no model at all", "not_loadable"),
        (b"\x08\x09", "signature_mismatch"),
    ],
    ids=["pickle 4", "pickle 0", "joblib", "zip", "empty", "text", "truncated"],
)
def test_a_file_that_is_no_model_is_refused_by_its_bytes(
    examination: Examination, content: bytes, reason: str
) -> None:
    assert refused(examination, bundle(content)) == reason


def test_a_model_cut_short_is_refused(examination: Examination) -> None:
    content = forge.linear().SerializeToString()
    assert refused(examination, bundle(content[: len(content) // 2])) == "not_loadable"


def test_a_graph_that_onnxruntime_cannot_load_is_refused(examination: Examination) -> None:
    weights = constant("w", np.zeros((SETUP + 1, 1)))
    assert refused(examination, bundle(graph([RETURN], [weights]))) == "not_loadable"


def test_a_file_that_is_too_large_is_refused_unread(examination: Examination) -> None:
    assert refused(examination, bundle(bytes(MODEL_BYTES_MAX + 1))) == "too_large"


def test_a_graph_without_end_is_refused() -> None:
    steps = [node("Identity", f"x{n}", f"x{n + 1}") for n in range(5000)]
    model = graph([node("MatMul", "features w", "x0"), *steps, node("Identity", "x5000", "score")])
    assert refused_by_sight(bundle(model)) == "too_large"


@pytest.mark.parametrize(("ir", "opset"), [(14, 18), (9, 28), (9, 9), (3, 18)])
def test_a_version_that_was_never_tried_is_refused(ir: int, opset: int) -> None:
    model = forge.linear()
    model.ir_version, model.opset_import[0].version = ir, opset
    assert refused_by_sight(bundle(model)) == "not_loadable"


@pytest.mark.parametrize("change", ["off", "missing", "short", "type", "no zip", "infinite"])
def test_golden_rows_that_are_not_the_models_are_refused(
    examination: Examination, change: str
) -> None:
    rows = forge.golden()
    match change:
        case "off":
            rows["out.score"][200] = 2e-5
        case "missing":
            del rows["in.features"]
        case "short":
            rows["in.features"] = rows["in.features"][:10]
        case "type":
            rows["out.score"] = rows["out.score"].astype("f8")
        case "infinite":
            rows["in.features"][3, 3] = np.inf
        case _:
            pass
    made = bundle(forge.linear(), rows=rows)
    made = replace(made, golden=b"no zip") if change == "no zip" else made
    assert refused(examination, made) == "parity"


def test_golden_rows_that_hold_objects_are_never_loaded(examination: Examination) -> None:
    file = io.BytesIO()
    np.savez(file, np.array([None] * 256))
    made = replace(bundle(forge.linear()), golden=file.getvalue())
    assert refused(examination, made) == "parity"


def test_golden_rows_that_unpack_without_end_are_refused(examination: Examination) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in.features.npy", bytes(80 << 20))
    made = replace(bundle(forge.linear()), golden=file.getvalue())
    assert refused(examination, made) == "archive_unsafe"


def test_a_sound_bundle_passes_after_all_that(examination: Examination) -> None:
    made = bundle(forge.linear())
    examination.examine_bundle(made, digest_of(made), forge.COMPONENT)

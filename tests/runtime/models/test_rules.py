"""The rules for models: what is sound passes them all; what can be seen is not run."""

import pytest
from onnx import TensorProto, helper

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.models import rules
from kingmaker.runtime.models.errors import REASONS, ModelRefusedError
from kingmaker.runtime.models.rules import memory, versions
from kingmaker.runtime.models.rules.candidate import Candidate, parts_of
from kingmaker.runtime.models.shipped import shipped
from tests.hostile import forge


def candidate_of(model: object) -> Candidate:
    """Return a candidate around a model."""
    made = forge.bundle(model)  # type: ignore[arg-type] # onnx's own type
    return Candidate(forge.COMPONENT, forge.digest_of(made), made)


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_shipped_bundle_passes_every_rule(component: str) -> None:
    bundle = shipped()[component]
    sound = Candidate(component, forge.digest_of(bundle), bundle)
    for rule in rules.RULES:
        rule(sound)


def test_what_can_be_seen_is_refused_before_anything_runs() -> None:
    assert rules.RULES[: len(rules.BY_SIGHT)] == rules.BY_SIGHT
    seen = candidate_of(forge.linear())
    for rule in rules.BY_SIGHT:
        rule(seen)
    assert seen.graph is None


def test_a_reason_is_a_word_of_the_list() -> None:
    assert len(set(REASONS)) == len(REASONS)
    with pytest.raises(AssertionError):
        ModelRefusedError("because", "")


def test_parts_are_found_at_every_depth() -> None:
    deep = helper.make_graph([], "deep", [], [], [forge.constant("hidden", [1.0])])
    inner = helper.make_node("If", ["c"], ["x"], then_branch=deep, else_branch=deep)
    outer = helper.make_graph([inner], "outer", [], [])
    model = forge.graph([helper.make_node("If", ["c"], ["y"], then_branch=outer)])
    assert [tensor.name for tensor in parts_of(model, TensorProto)] == ["hidden", "hidden"]


def test_as_many_nodes_as_allowed_pass() -> None:
    chain = [forge.node("Identity", f"x{n}", f"x{n + 1}") for n in range(versions.NODES_MAX)]
    versions.check(candidate_of(forge.graph(chain)))
    with pytest.raises(ModelRefusedError, match="too_large"):
        versions.check(candidate_of(forge.graph([*chain, forge.node("Identity", "y", "z")])))


def test_a_tensor_of_the_largest_size_passes() -> None:
    def filled(count: int) -> Candidate:
        shape = forge.constant("shape", [count], "int64")  # type: ignore[arg-type] # a name of numpy's
        steps = [forge.node("ConstantOfShape", "shape", "x"), forge.node("Neg", "x", "y")]
        return candidate_of(forge.graph(steps, [shape]))

    memory.check(filled(memory.ELEMENTS_MAX))
    with pytest.raises(ModelRefusedError, match="out_of_memory"):
        memory.check(filled(memory.ELEMENTS_MAX + 1))


def test_bytes_that_do_not_parse_are_refused_once_asked_for() -> None:
    with pytest.raises(ModelRefusedError, match="not_loadable"):
        _ = candidate_of(b"no model").proto

"""State as bytes: canonical, whole, and back again."""

import math
from dataclasses import dataclass
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.kernel import snapshot


class Mode(Enum):
    """Text inside."""

    CALM = "calm"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Numbers and bytes."""

    number: float
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Branch:
    """Other dataclasses, perhaps."""

    leaf: Leaf | None
    either: Leaf | Mode | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything a state may hold."""

    name: str
    pair: tuple[int, float]
    leaves: tuple[Leaf, ...]
    names: frozenset[str]
    branches: dict[str, Branch]
    mode: Mode
    flag: bool = False
    note: str | None = None
    below: "Tree | None" = None


LEAVES = st.builds(Leaf, st.floats(allow_nan=False), st.binary(max_size=4))
TREES = st.builds(
    Tree,
    st.text(max_size=5),
    st.tuples(st.integers(), st.floats(allow_nan=False)),
    st.tuples(LEAVES, LEAVES),
    st.frozensets(st.text(max_size=3)),
    st.dictionaries(st.text(max_size=3), st.builds(Branch, st.none() | LEAVES)),
    st.sampled_from(Mode),
    st.booleans(),
    st.none() | st.text(max_size=3),
)


@pytest.mark.parametrize("value", [[1], {1}, object(), 1j])
def test_what_has_no_canonical_bytes_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a state cannot hold a"):
        snapshot.encode((value,))


def test_two_classes_that_look_alike_are_refused() -> None:
    with pytest.raises(AssertionError, match="cannot tell"):
        snapshot.decode(int | str, b"1")


@given(TREES)
def test_a_state_comes_back(tree: Tree) -> None:
    assert snapshot.decode(Tree, snapshot.encode(tree)) == tree


def test_a_class_may_hold_itself() -> None:
    inner = Tree("in", (1, 2.0), (), frozenset(), {"b": Branch(Leaf(0.5))}, Mode.HALTED)
    outer = Tree("out", (1, 2.0), (), frozenset(), {}, Mode.CALM, below=inner)
    assert snapshot.decode(Tree, snapshot.encode(outer)) == outer


def test_an_empty_container_among_classes_is_not_mistaken() -> None:
    branch = Branch(Leaf(1.0), Mode.CALM)
    assert snapshot.decode(Branch, snapshot.encode(branch)) == branch


def test_the_order_of_insertion_does_not_show() -> None:
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert snapshot.encode(one) == snapshot.encode(other)
    assert snapshot.encode(frozenset("abc")) == snapshot.encode(frozenset("cba"))


@pytest.mark.parametrize("number", [0.1, -0.0, 5e-324, 1e308, math.inf, math.pi])
def test_no_digit_of_a_number_is_lost(number: float) -> None:
    (back,) = snapshot.decode(tuple[float], snapshot.encode((number,)))
    assert math.copysign(1.0, back) == math.copysign(1.0, number)
    assert back == number


def test_a_snapshot_is_known_by_its_bytes() -> None:
    assert snapshot.digest(b"state").startswith("4ba69735")


@dataclass(frozen=True, slots=True)
class Before:
    a: int
    b: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class After:
    a: int
    b: tuple[float, ...] = ()
    c: str = ""


def test_the_shape_of_a_state_tells_names_and_types() -> None:
    shapes = {snapshot.shape(hint) for hint in (Before, After, dict[str, Before], int)}
    assert len(shapes) == 4
    assert snapshot.shape(Before) == snapshot.shape(Before)

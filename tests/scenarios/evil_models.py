"""Models that are sound by every rule and turn evil on a row that only a live market makes.

A setup row names its strategy by a 1.0 exactly, which rows drawn at random never hold. So what an
examination can try passes, and the first opportunity does not.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper

from kingmaker.contracts.models import SETUP
from tests.hostile import forge
from tests.hostile.forge import constant, graph, node
from tests.scenarios.challenged import Challenge

SIDE, PRODUCTS = 2000, 400  # each product of two squares takes a good part of a second
SMALLER, SOME = 800, 16
HUGE = 1 << 17  # a square of 64 GiB


def not_a_number() -> Challenge:
    """Return a model that divides nought by nought."""
    nodes = [node("Sub", "one live", "dead"), node("Div", "nought dead", "evil")]
    return _challenge(nodes)


def endless() -> Challenge:
    """Return a model that is merely slow: minutes of plain arithmetic."""
    products = [node("MatMul", f"m{n} m0", f"m{n + 1}") for n in range(PRODUCTS)]
    return _challenge([*_square(SIDE), *products, _sum(f"m{PRODUCTS}")], SIDE)


def sluggish() -> Challenge:
    """Return a model that answers, and takes a fifth of a second for it."""
    products = [node("MatMul", f"m{n} m0", f"m{n + 1}") for n in range(SOME)]
    return _challenge([*_square(SMALLER), *products, _sum(f"m{SOME}")], SMALLER)


def greedy() -> Challenge:
    """Return a model that asks for 64 GiB."""
    return _challenge([*_square(HUGE), _sum("m0")], HUGE)


def sound() -> Challenge:
    """Return a model that is what it seems: it judges by the sum of the features."""
    model = forge.linear(0.05)
    return Challenge(
        forge.bundle(
            model, rows=forge.golden(answer=lambda r: {"score": r["features"] @ _weights()})
        ),
        forge.COMPONENT,
    )


def _weights() -> np.ndarray:
    return np.full((SETUP, 1), 0.05, np.float32)


def _challenge(evil: list[onnx.NodeProto], side: int = 1) -> Challenge:
    """Return a model that says 0.5, and adds `evil`: nought on every row of an examination."""
    nodes = [
        node("Equal", "features one", "ones"),
        helper.make_node("Cast", ["ones"], ["marks"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["marks"], ["live"], keepdims=0),
        *evil,
        node("MatMul", "features w", "product"),
        node("Add", "product half", "sane"),
        node("Add", "sane evil", "score"),
    ]
    constants = [
        constant("one", 1.0),
        constant("half", 0.5),
        constant("nought", 0.0),
        constant("w", np.zeros((SETUP, 1))),
        constant("least", [1, 1], np.int64),
        constant("more", [side - 1, side - 1], np.int64),
    ]
    rows = forge.golden()
    rows["out.score"][:] = 0.5
    return Challenge(forge.bundle(graph(nodes, constants), rows=rows), forge.COMPONENT)


def _square(side: int) -> list[onnx.NodeProto]:
    """Return the nodes of m0: nought, `side` by `side` on a live row and 1 by 1 on others."""
    assert side > 1, "else nothing grows"
    return [
        helper.make_node("Cast", ["live"], ["alive"], to=TensorProto.INT64),
        node("Mul", "alive more", "grown"),
        node("Add", "least grown", "shape"),
        node("ConstantOfShape", "shape", "m0"),
    ]


def _sum(name: str) -> onnx.NodeProto:
    return helper.make_node("ReduceSum", [name], ["evil"], keepdims=0)

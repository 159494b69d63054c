"""Rows as bytes: what is no row is refused before a graph sees it."""

import struct

import pytest

from kingmaker.contracts.models import SIGNATURES
from kingmaker.kernel.service import Answer, Fault
from kingmaker.runtime.models.layout import BadInputError, Layout
from tests.hostile import forge

PLAIN = Layout.of("online_learning")
GROUPS = Layout.of("model_ensemble")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 1e39, -1e39])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    row = (*(0.5 for _ in range(55)), number)
    with pytest.raises(BadInputError):
        PLAIN.pack({"features": row})


@pytest.mark.parametrize("length", [0, 55, 57])
def test_a_row_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(BadInputError, match="56f"):
        PLAIN.pack({"features": (0.0,) * length})


def test_a_missing_input_is_named() -> None:
    with pytest.raises(BadInputError, match="w_local"):
        GROUPS.pack({"cloud": (0.0,) * 2, "local": (0.0,) * 3, "w_cloud": (0.0,) * 2})


def test_no_number_can_slip_into_another_inputs_place() -> None:
    row = {"cloud": (1.0,), "local": (1.0,) * 4, "w_cloud": (0.0,) * 2, "w_local": (0.0,) * 3}
    with pytest.raises(BadInputError, match="cloud has 1 numbers, not 2"):
        GROUPS.pack(row)


def test_an_infinite_number_of_several_inputs_is_named_with_its_place() -> None:
    row = {"cloud": (0.0,) * 2, "local": (0.0, float("nan"), 0.0)}
    weights = {"w_cloud": (0.0,) * 2, "w_local": (0.0,) * 3}
    with pytest.raises(BadInputError, match=r"local\[1\] is nan"):
        GROUPS.pack(row | weights)


@pytest.mark.parametrize("component", SIGNATURES)
def test_every_component_has_a_row_of_its_signature(component: str) -> None:
    layout = Layout.of(component)
    row = layout.pack(forge.row(component, 0.5))
    assert set(layout.row.unpack(row)) == {0.5}


def test_integers_come_as_floats_and_ports_keep_their_places() -> None:
    layout = Layout.of("regime_detector")
    content = struct.pack("@3f3fqf", 1.0, 2.0, 3.0, 0.25, 0.5, 0.25, 2, -7.5)
    assert layout.unpack(content) == Answer(
        {
            "log_post_next": (1.0, 2.0, 3.0),
            "probs": (0.25, 0.5, 0.25),
            "state": (2.0,),
            "loglik": (-7.5,),
        }
    )
    assert [(out.port.name, into.port.name) for out, into in layout.carried] == [
        ("log_post_next", "log_post")
    ]


def test_an_answer_that_is_not_finite_is_a_fault_that_names_the_output() -> None:
    content = struct.pack("@3f3fqf", 1.0, 2.0, 3.0, 0.25, float("inf"), 0.25, 2, -7.5)
    assert Layout.of("regime_detector").unpack(content) == Fault("probs is not finite")

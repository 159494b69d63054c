"""Whole arrays give the bits that single numbers give."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kingmaker.evidence.batch import arithmetic as batch
from kingmaker.kernel import arithmetic as single

above_zero = st.floats(min_value=5e-324, max_value=1.7e308, exclude_min=False)
exponents = st.floats(min_value=-700.0, max_value=700.0)
anything = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(above_zero, min_size=1, max_size=50))
@example([5e-324, 0.7071067811865476, 0.7071067811865475, 1.0, 2.0, 1.7e308])
def test_logarithms_have_the_same_bits(numbers: list[float]) -> None:
    found = batch.ln(np.array(numbers)).tolist()
    assert [x.hex() for x in found] == [single.ln(x).hex() for x in numbers]


@given(st.lists(exponents, min_size=1, max_size=50))
@example([-700.0, -0.0, 0.0, 0.34657359027997264, 700.0])
def test_exponentials_have_the_same_bits(numbers: list[float]) -> None:
    found = batch.exp(np.array(numbers)).tolist()
    assert [x.hex() for x in found] == [single.exp(x).hex() for x in numbers]


@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=20))
@example([(0.0, -0.0), (-0.0, 0.0)])
def test_the_smaller_and_the_larger_are_those_of_python(pairs: list[tuple[float, float]]) -> None:
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    smaller, larger = batch.smaller(first, second).tolist(), batch.larger(first, second).tolist()
    assert [x.hex() for x in smaller] == [min(a, b).hex() for a, b in pairs]
    assert [x.hex() for x in larger] == [max(a, b).hex() for a, b in pairs]

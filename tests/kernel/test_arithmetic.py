"""Our own ln and exp: right, and the same bits everywhere."""

import hashlib
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.kernel.arithmetic import exp, ln

RELATIVE_ERROR_MAX = 4.5e-16


@pytest.mark.parametrize("x", [0.0, -1.0, math.inf, math.nan])
def test_ln_refuses_what_has_no_logarithm(x: float) -> None:
    with pytest.raises(ValueError, match="ln needs a finite number above zero"):
        ln(x)


@pytest.mark.parametrize("x", [700.1, -700.1, math.inf, math.nan])
def test_exp_refuses_what_leaves_the_normal_range(x: float) -> None:
    with pytest.raises(ValueError, match="exp needs a number between -700 and 700"):
        exp(x)


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_ln_agrees_with_libm_to_the_last_bits(x: float) -> None:
    assert math.isclose(ln(x), math.log(x), rel_tol=4 * RELATIVE_ERROR_MAX, abs_tol=1e-16)


@given(st.floats(min_value=-600, max_value=600))
def test_exp_agrees_with_libm_to_the_last_bits(x: float) -> None:
    assert math.isclose(exp(x), math.exp(x), rel_tol=4 * RELATIVE_ERROR_MAX)


def test_every_machine_gives_these_bits() -> None:
    bits = hashlib.sha256()
    for k in range(1, 5_000):
        bits.update(struct.pack("<2d", ln(k / 37.0), exp(k / 91.0 - 27.0)))
    assert bits.hexdigest()[:16] == "62ba6876344e3abe"

"""The tail of Student's t against constants of 50 digits, and its own laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.evidence.student import two_sided_tail

# (degrees of freedom, t, chance): computed once with mpmath at 50 digits, t as its exact double
KNOWN = [
    (1, 0.5, 0.70483276469913345165),
    (2, 3.0, 0.09546596626670913206),
    (3, 1000000.0, 2.205315581679229062e-18),
    (5, 2.571, 0.049974634683851392071),
    (9, -1.25, 0.24282427454434108266),
    (30, 40.0, 1.3726045194406402787e-27),
    (49, 1e-09, 0.99999999920617563064),
    (49, 0.01, 0.99206189130835327677),
    (49, 2.0096, 0.049997285696653372654),
    (99, 12.0, 5.1306296878974854698e-21),
    (399, 0.3, 0.76433338598436650053),
    (399, 1.96, 0.050691410985050207379),
    (4999, 0.001, 0.99920215547340830234),
    (4999, 2.5, 0.012451122561203072995),
    (999999, 1.959964, 0.050000275488380993827),
    (999999, 30.0, 1.2020096670218474003e-197),
]


@pytest.mark.parametrize(("degrees", "t", "chance"), KNOWN)
def test_the_tail_is_that_of_the_distribution(degrees: int, t: float, chance: float) -> None:
    error = 1e-12 if degrees < 5_000 else 1e-10
    assert two_sided_tail(t, degrees) == pytest.approx(chance, rel=error, abs=0.0)


def test_the_bits_are_these() -> None:
    """The same on every machine: a change of one bit would change verdicts of old logs."""
    assert [two_sided_tail(t, degrees).hex() for degrees, t in ((49, 2.0096), (399, 0.3))] == [
        "0x1.9993e85e96b15p-5",
        "0x1.8756b4a0166ccp-1",
    ]


def test_nothing_is_beyond_the_smallest_chance() -> None:
    assert two_sided_tail(1e9, 400) == 0.0
    assert two_sided_tail(1e200, 400) == 0.0
    assert two_sided_tail(0.0, 3) == two_sided_tail(1e-161, 5_000) == 1.0


def test_degrees_of_freedom_begin_at_one() -> None:
    with pytest.raises(ValueError, match="begin at 1, not 0"):
        two_sided_tail(1.0, 0)


@given(st.integers(1, 5_000), st.floats(-50, 50), st.floats(1e-3, 5))
def test_farther_out_is_rarer_and_both_sides_are_alike(degrees: int, t: float, more: float) -> None:
    chance = two_sided_tail(t, degrees)
    assert chance == two_sided_tail(-t, degrees)
    assert 0.0 <= two_sided_tail(abs(t) + more, degrees) < chance <= 1.0 or chance < 1e-300

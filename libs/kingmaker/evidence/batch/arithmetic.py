"""Logarithm and exponential of whole arrays, with the bits of `kernel/arithmetic.py`.

numpy's own use what the processor offers and may differ in the last bit. Here are + - * / and
exact scaling only, one array operation for each operation there, so nothing can be fused.
"""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_LOG2_E = 1.4426950408889634
_SQRT_HALF = 0.7071067811865476
_ODD = tuple(1.0 / k for k in range(23, 1, -2))


def ln(x: Floats) -> Floats:
    """Return natural logarithms of finite numbers above zero, which are not checked."""
    mantissa, power = np.frexp(x)
    low = mantissa < _SQRT_HALF
    mantissa = np.where(low, mantissa * 2.0, mantissa)
    exponent = np.where(low, power - 1, power).astype(np.float64)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    tail = np.zeros_like(s)
    for share in _ODD:
        tail *= square
        tail += share
    return exponent * _LN2_HIGH + (exponent * _LN2_LOW + 2.0 * s * (1.0 + square * tail))


def exp(x: Floats) -> Floats:
    """Return e to the power of numbers from -700 to 700, which are not checked."""
    power = np.floor(x * _LOG2_E + 0.5)
    rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
    total = np.ones_like(rest)
    for k in range(17, 0, -1):
        total *= rest
        total /= k
        total += 1.0
    return np.ldexp(total, power.astype(np.int64))


def smaller(first: Floats, second: Floats) -> Floats:
    """Return what Python's `min(first, second)` returns, also for zeros and what is no number."""
    return np.where(second < first, second, first)


def larger(first: Floats, second: Floats) -> Floats:
    """Return what Python's `max(first, second)` returns, also for zeros and what is no number."""
    return np.where(second > first, second, first)

"""Student's t distribution in own arithmetic: the same bits on every machine.

Only the classic t-test needs it. The tail is an incomplete beta function by its continued fraction
(Lentz); the ratio of gamma functions by its asymptotic series. Relative
error below 1e-12 up to 5,000 degrees of freedom, below 1e-10 up to a million.
"""

from kingmaker.kernel.arithmetic import exp, ln

HALF_LN_PI = 0.5723649429247001  # ln Gamma(1/2)
TERMS_MAX = 20_000  # of the continued fraction; about the root of the degrees of freedom are needed
PRECISION = 1e-16
TINY = 1e-300  # stands for a zero that would be divided by
SERIES_FROM = 16.0  # the gamma series is exact to the last bit from here on
SMALL = 0.1
EXP_MIN = -700.0  # below it a chance is nothing


def two_sided_tail(t: float, degrees: int) -> float:
    """Return the chance of a value at least as far from 0 as `t`; `degrees` of freedom from 1."""
    if degrees < 1:
        raise ValueError(f"degrees of freedom begin at 1, not {degrees}")
    square, half = t * t, 0.5 * degrees
    total = degrees + square
    near, far = degrees / total, square / total
    if far == 0.0:
        return 1.0
    if near == 0.0:
        return 0.0
    log_front = half * _log_of_rest(near, far) + 0.5 * ln(far) - _log_beta(half)
    if log_front <= EXP_MIN:
        return 0.0
    front = exp(log_front)
    if near < (half + 1.0) / (half + 2.5):
        return front * _fraction(half, 0.5, near) / half
    return 1.0 - front * _fraction(0.5, half, far) / 0.5


def _log_of_rest(near: float, far: float) -> float:
    """Return ln(near) = ln(1 - far), to the last bits also where far is small."""
    if far > SMALL:
        return ln(near)
    s = far / (2.0 - far)
    square, tail = s * s, 0.0
    for k in range(15, 1, -2):  # -2 artanh(s), as in the kernel's ln
        tail = tail * square + 1.0 / k
    return -2.0 * s * (1.0 + square * tail)


def _log_beta(a: float) -> float:
    """Return ln B(a, 1/2) = ln Gamma(a) + ln Gamma(1/2) - ln Gamma(a + 1/2)."""
    down, z = 1.0, a
    while z < SERIES_FROM:
        down, z = down * (z / (z + 0.5)), z + 1.0
    s = 1.0 / (z * z)
    series = -1.0 / 8.0 + s * (
        1.0 / 192.0 + s * (-1.0 / 640.0 + s * (17.0 / 14336.0 + s * (-31.0 / 18432.0)))
    )
    log_ratio = 0.5 * ln(z) + series / z  # of Gamma(z + 1/2) to Gamma(z)
    return HALF_LN_PI - (log_ratio + ln(down))


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function, x below its mean."""
    c, d = 1.0, 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1.0))
    found = d
    for m in range(1, TERMS_MAX):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for step in (even, odd):
            d = 1.0 / _not_zero(1.0 + step * d)
            c = _not_zero(1.0 + step / c)
            found *= c * d
        if -PRECISION <= c * d - 1.0 <= PRECISION:
            break
    return found


def _not_zero(value: float) -> float:
    return value if value > TINY or value < -TINY else TINY

"""Tables of a few sizes: so that a night with more trades runs the program of the night before.

XLA compiles for the shape of its arrays, seconds each. A table is filled up with rows of zeros to
the next power of two; its true number of rows goes along as a number, and no step reads beyond it.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

ROWS_MIN = 1024


def filled_up(rows: ArrayLike, dtype: type[np.generic] = np.float32) -> jax.Array:
    """Return rows [N, ...] with rows of zeros behind them, up to the next power of two."""
    known = np.asarray(rows, dtype)
    whole = np.zeros((max(ROWS_MIN, _power(len(known))), *known.shape[1:]), dtype)
    whole[: len(known)] = known
    return jnp.asarray(whole)


def _power(count: int) -> int:
    return 1 << (count - 1).bit_length()

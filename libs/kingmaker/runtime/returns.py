"""Opens two return series in a file or standard input: CSV, gzip of it, or a numpy array.

A text is read in parts, so its length does not matter; a numpy file is mapped. What cannot be
judged is refused with the place and the remedy; nothing is written.
"""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kingmaker.runtime.returns_table import BadReturnsError, Names, Part, Table

STDIN = "-"
GZIP, NUMPY = b"\x1f\x8b", b"\x93NUMPY"
KINDS = "fiu"  # floats and whole numbers
ROWS_AT_ONCE = 2**16
SIDES, DIMENSIONS = 2, 3


@dataclass(frozen=True, slots=True)
class Array:
    """A numpy array of shape (streams, pairs, 2)."""

    shown: str
    values: NDArray[Any]

    def parts(self, stream: int = 0) -> Iterator[Part]:
        """Yield the rows of one stream in parts."""
        one = self.values[stream]
        for first in range(0, len(one), ROWS_AT_ONCE):
            rows = np.asarray(one[first : first + ROWS_AT_ONCE], np.float64)
            yield Part(range(first + 1, first + len(rows) + 1), rows[:, 0], rows[:, 1])


@contextmanager
def open_returns(name: str, names: Names) -> Iterator[Table | Array]:
    """Yield what a file holds, or what standard input (`-`) brings. Raises BadReturnsError."""
    shown = "standard input" if name == STDIN else name
    try:
        with _opened(name) as raw:
            start = raw.peek(len(NUMPY))
            if start.startswith(NUMPY):
                yield Array(shown, _shaped(shown, _load(raw, name, shown)))
                return
            packed: Any = gzip.GzipFile(fileobj=raw) if start.startswith(GZIP) else raw
            yield Table(shown, io.TextIOWrapper(packed, encoding="utf-8-sig", newline=""), names)
    except EOFError:
        raise BadReturnsError(f"{shown}: the gzip ends too early. Copy it again.") from None
    except zlib.error:
        raise BadReturnsError(f"{shown}: the gzip is damaged. Copy it again.") from None
    except UnicodeDecodeError as error:
        raise BadReturnsError(
            f"{shown}: it is no text in UTF-8 ({error.reason}). Save it as CSV in UTF-8."
        ) from None
    except OSError as error:  # a damaged gzip is one
        raise BadReturnsError(f"{shown}: it cannot be read: {error.strerror or error}.") from None


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    if name == STDIN:
        yield cast("io.BufferedReader", sys.stdin.buffer)
    else:
        with Path(name).open("rb") as raw:
            yield raw


def _load(raw: io.BufferedReader, name: str, shown: str) -> NDArray[Any]:
    try:
        if name == STDIN:
            return np.lib.format.read_array(raw, allow_pickle=False)
        found: NDArray[Any] = np.load(name, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise BadReturnsError(
            f"{shown}: this numpy file cannot be read: {error}. Save an array of floats by"
            f" numpy.save."
        ) from None
    return found


def _shaped(shown: str, found: NDArray[Any]) -> NDArray[Any]:
    if found.dtype.kind not in KINDS:
        raise BadReturnsError(
            f"{shown}: its numbers are of type {found.dtype}; needed: floats. Save"
            f" array.astype(float)."
        )
    shape = found.shape
    if found.ndim == SIDES:
        found = found[np.newaxis]
    if found.ndim != DIMENSIONS or found.shape[2] != SIDES:
        turned = " Transpose it." if SIDES in shape else ""
        raise BadReturnsError(
            f"{shown}: its shape is {shape}; needed: (pairs, 2) or (streams, pairs, 2), the"
            f" champion first.{turned}"
        )
    if not found.size:
        raise BadReturnsError(f"{shown}: its shape is {shape}: there is nothing to judge.")
    return found

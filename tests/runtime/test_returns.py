"""Returns come from files and from standard input, as text, gzip or a numpy array."""

import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kingmaker.runtime.returns import Array, open_returns
from kingmaker.runtime.returns_table import BadReturnsError, Names, Part, Table

GOOD = "champion,challenger\n0.01,0.02\n-0.01,0.0\n"


def parts(name: str, names: Names | None = None) -> list[Part]:
    with open_returns(name, names or Names()) as found:
        return list(found.parts())


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadReturnsError, match=r"gone.csv: it cannot be read: No such file"):
        parts(str(tmp_path / "gone.csv"))


def saved(tmp_path: Path, array: NDArray[Any]) -> str:
    path = tmp_path / "pairs.npy"
    np.save(path, array, allow_pickle=array.dtype == object)
    return str(path)


def test_arrays_are_mapped_stream_by_stream(tmp_path: Path) -> None:
    name = saved(tmp_path, np.arange(12, dtype=np.int32).reshape(2, 3, 2))
    with open_returns(name, Names()) as found:
        assert isinstance(found, Array)
        [part] = found.parts(1)
    assert (part.champion.tolist(), list(part.lines)) == ([6.0, 8.0, 10.0], [1, 2, 3])
    assert parts(saved(tmp_path, np.zeros((4, 2))))[0].champion.dtype == np.float64


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((2, 5)), r"shape is \(2, 5\); needed: .* Transpose it"),
        (np.zeros(4), r"shape is \(4,\); needed"),
        (np.zeros((2, 3, 4)), r"shape is \(2, 3, 4\); needed"),
        (np.zeros((0, 2)), "there is nothing to judge"),
        (np.zeros((4, 2), complex), "of type complex128; needed: floats"),
        (np.array([["a", "b"]]), "of type <U1; needed: floats"),
        (np.array([[1, None]], object), "cannot be read: .*Array can't be memory-mapped"),
    ],
)
def test_arrays_of_another_kind_are_refused(
    tmp_path: Path,
    array: NDArray[Any],
    said: str,
) -> None:
    with pytest.raises(BadReturnsError, match=said):
        parts(saved(tmp_path, array))


def test_a_cut_array_is_refused(tmp_path: Path) -> None:
    name = saved(tmp_path, np.zeros((100, 2)))
    Path(name).write_bytes(Path(name).read_bytes()[:500])
    with pytest.raises(BadReturnsError, match="this numpy file cannot be read"):
        parts(name)


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_brings_the_same(monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:  # noqa: FBT001 - a case
    text = gzip.compress(GOOD.encode()) if packed else GOOD.encode()
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(text)))
    monkeypatch.setattr("sys.stdin", stream)
    with open_returns("-", Names()) as found:
        assert isinstance(found, Table)
        assert next(found.parts()).champion.tolist() == [0.01, -0.01]


def test_standard_input_may_be_an_array(monkeypatch: pytest.MonkeyPatch) -> None:
    held = io.BytesIO()
    np.save(held, np.ones((3, 2)))
    held.seek(0)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(held)))
    assert parts("-")[0].challenger.tolist() == [1.0, 1.0, 1.0]

"""How a command ends."""

import sqlite3

import pytest

from kingmaker.kernel.lane import LaneDamagedError
from kingmaker.runtime.cli.exits import CommandError, Exit, of_fault
from kingmaker.runtime.home import HomeError
from kingmaker.runtime.log import NotAcceptedError, StoreFailedError
from kingmaker.runtime.models.errors import ChildDiedError
from kingmaker.runtime.settings_sources import SettingsError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandError("x", Exit.REFUSED), Exit.REFUSED),
        (SettingsError("x"), Exit.USAGE),
        (HomeError("x"), Exit.FAILED),
        (LaneDamagedError("x"), Exit.FAILED),
        (NotAcceptedError("x"), Exit.REFUSED),
        (StoreFailedError("x"), Exit.FAILED),
        (ChildDiedError(9, "x"), Exit.FAILED),
        (FileNotFoundError(2, "x"), Exit.FAILED),
    ],
)
def test_an_operating_fault_has_a_code(error: Exception, code: Exit) -> None:
    found = of_fault(error)
    assert found is not None
    assert found[0] == code


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database or disk is full"),
        OSError(28, "No space left on device"),
    ],
)
def test_a_full_disk_says_what_to_do(error: Exception) -> None:
    found = of_fault(error)
    assert found is not None
    assert str(error) in found[1]
    assert "has room" in found[1]


def test_a_bug_is_no_operating_fault() -> None:
    assert of_fault(AssertionError("x")) is None
    assert of_fault(KeyError("x")) is None

"""The settings themselves."""

import pytest
from pydantic import ValidationError

from kingmaker.runtime.settings import DeskSettings, Settings


def test_two_desks_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="two desks are called a"):
        Settings(desks=(DeskSettings(name="a"), DeskSettings(name="a")))


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().costs.fee_bp = 0.0

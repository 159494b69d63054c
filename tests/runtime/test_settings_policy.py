"""What the services hear of the settings, and that each of them understands it."""

import pytest

from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_load import leaves
from kingmaker.runtime.settings_policy import SECTIONS, desk_settings, policy_values

EUR = DeskSettings(name="eur", calendar="fx", fee_bp=0.2)
SETTINGS = Settings(desks=(DeskSettings(name="btc"), EUR))
UNHEARD = {"home", "desks"}  # the runtime's own


def test_an_unknown_desk_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"no desk is called 'gold'\. Desks here: btc, eur\."):
        desk_settings(SETTINGS, "gold")


def test_a_desk_has_its_own_costs_and_calendar() -> None:
    assert policy_values(SETTINGS, "trader", "btc")["costs.fee_bp"] == "4.0"
    assert policy_values(SETTINGS, "trader", "eur")["costs.fee_bp"] == "0.2"
    assert policy_values(SETTINGS, "feed", "btc") == {"market.calendar": "24x7"}
    assert policy_values(SETTINGS, "feed", "eur") == {"market.calendar": "fx"}


def test_every_key_is_heard_by_some_service() -> None:
    heard = {key for service in SECTIONS for key in policy_values(SETTINGS, service, "btc")}
    assert heard == set(leaves(Settings)) - UNHEARD

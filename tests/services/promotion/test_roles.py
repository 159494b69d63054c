"""Roles: a higher one may do what a lower one may."""

import pytest

from kingmaker.promotion.roles import NEEDED, ROLES, may
from tests.services.promotion.story import COMMANDS


def test_every_command_asks_for_a_role() -> None:
    assert set(NEEDED) == {command.__name__ for command in COMMANDS}


@pytest.mark.parametrize("command", NEEDED)
def test_what_a_role_may_a_higher_one_may(command: str) -> None:
    allowed = [may(role, command) for role in ROLES]
    assert allowed == sorted(allowed)
    assert allowed[0] is False
    assert allowed[-1] is True
    assert not may("root", command)


def test_an_operator_acts_on_crowns_and_an_admin_on_keys() -> None:
    assert may("operator", "Rollback")
    assert not may("operator", "TrustKey")
    assert not may("operator", "DirectPromotion")

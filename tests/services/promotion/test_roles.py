"""Roles of commands to promotion."""

import pytest

from kingmaker.governance.roles import ADMIN, OPERATOR, ROLES, reaches
from kingmaker.promotion.roles import NEEDED
from tests.services.promotion.story import COMMANDS


def test_every_command_asks_for_a_role() -> None:
    assert set(NEEDED) == {command.__name__ for command in COMMANDS}


@pytest.mark.parametrize("command", NEEDED)
def test_what_a_role_may_a_higher_one_may(command: str) -> None:
    allowed = [reaches(role, NEEDED[command]) for role in ROLES]
    assert allowed == sorted(allowed)
    assert allowed[0] is False
    assert allowed[-1] is True


def test_an_operator_acts_on_crowns_and_an_admin_on_keys() -> None:
    assert NEEDED["Rollback"] == OPERATOR
    assert NEEDED["TrustKey"] == NEEDED["DirectPromotion"] == ADMIN

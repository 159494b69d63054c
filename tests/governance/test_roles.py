"""Roles: a higher one may do what a lower one may."""

import pytest

from kingmaker.governance.roles import ADMIN, OPERATOR, ROLES, VIEWER, reaches


@pytest.mark.parametrize("needed", ROLES)
def test_what_a_role_may_a_higher_one_may(needed: str) -> None:
    allowed = [reaches(role, needed) for role in ROLES]
    assert allowed == sorted(allowed)
    assert reaches(needed, needed)


def test_a_role_that_there_is_not_reaches_nothing() -> None:
    assert not reaches("root", VIEWER)
    assert not reaches(VIEWER, OPERATOR)
    assert not reaches(OPERATOR, ADMIN)

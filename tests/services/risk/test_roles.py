"""Roles of commands to risk."""

from kingmaker.governance.roles import ADMIN, OPERATOR
from kingmaker.risk import service
from kingmaker.risk.roles import NEEDED


def test_to_start_a_desk_again_asks_for_more_than_to_stop_it() -> None:
    assert {"Kill": OPERATOR, "Resume": ADMIN} == NEEDED


def test_every_command_asks_for_a_role() -> None:
    assert set(NEEDED) == {one.__name__ for one in service.COMMANDS["kingmaker.risk.v1"]}

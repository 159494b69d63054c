"""What promotion says: the little that an event knows of itself."""

import pytest

from kingmaker.promotion.said import Finding


@pytest.mark.parametrize(
    ("passed", "advisory", "holds"),
    [(True, False, False), (True, True, False), (False, True, False), (False, False, True)],
)
def test_who_does_not_pass_is_held_unless_the_gate_advises_only(
    passed: bool,  # noqa: FBT001 - a table
    advisory: bool,  # noqa: FBT001 - a table
    holds: bool,  # noqa: FBT001 - a table
) -> None:
    assert Finding("g", 0.0, 1.0, 9, passed, advisory).holds is holds

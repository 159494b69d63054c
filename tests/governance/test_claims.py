"""A command acts once, never late, and says who asks for what and why."""

from dataclasses import dataclass, replace

import pytest

from kingmaker.governance.claims import DAY_MS, Claim, claim_of, last_ms, remember, require
from kingmaker.governance.orders import RefusedError


@dataclass(frozen=True, slots=True)
class Ask:
    """A command of a service that there is not."""

    command_id: str = "c"
    actor: str = "ada"
    reason: str = "why"
    issued_at_ms: int = 1_000
    not_after_ms: int = 0


GOOD = claim_of(Ask(), "a desk")


@pytest.mark.parametrize(
    ("not_after_ms", "last"),
    [(0, 1_000 + DAY_MS), (1_500, 1_500), (2_000 + DAY_MS, 1_000 + DAY_MS)],
)
def test_no_command_acts_later_than_a_day_after_its_issue(not_after_ms: int, last: int) -> None:
    assert last_ms(Ask(not_after_ms=not_after_ms)) == last


def test_a_claim_is_what_a_command_says_of_itself() -> None:
    assert Claim("c", "ada", "why", "a desk", 1_000, 1_000 + DAY_MS) == GOOD
    require(GOOD, set(), GOOD.last_ms)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (replace(GOOD, command_id=""), "mandatory"),
        (replace(GOOD, actor=""), "mandatory"),
        (replace(GOOD, reason=""), "mandatory"),
        (replace(GOOD, actor="a" * 201), "at most 200"),
        (replace(GOOD, command_id="d"), "repeated"),
        (replace(GOOD, last_ms=4), "expired: it was good until 4, it is 5"),
    ],
)
def test_what_says_too_little_or_acted_before_or_comes_late_is_refused(
    claim: Claim, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        require(claim, {"d"}, 5)


def test_what_is_issued_too_far_ahead_is_refused_where_time_is_the_walls() -> None:
    require(GOOD, (), 700, ahead_ms_max=300)
    with pytest.raises(RefusedError, match="from the future: it was issued at 1000, it is 699"):
        require(GOOD, (), 699, ahead_ms_max=300)
    require(GOOD, (), 0)


def test_an_id_is_remembered_for_as_long_as_its_command_could_act() -> None:
    acted = remember({"early": 4, "now": 5, "late": 6}, "new", 9, 5)
    assert acted == {"now": 5, "late": 6, "new": 9}

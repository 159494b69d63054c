"""What a person reads of a refusal's times."""

import pytest

from kingmaker.governance.claims import Claim, require
from kingmaker.governance.orders import RefusedError
from kingmaker.runtime.refusals import dated

NOW_MS = 1_700_000_000_006


def refusal(issued_ms: int, last_ms: int) -> str:
    """Return what production says of a command of these times."""
    with pytest.raises(RefusedError) as caught:
        require(Claim("c", "ada", "why", "desk", issued_ms, last_ms), (), NOW_MS, 1_000)
    return dated(str(caught.value))


def test_times_of_a_refusal_are_read_as_iso_utc() -> None:
    assert refusal(0, NOW_MS - 1) == (
        "expired: it was good until 2023-11-14T22:13:20.005Z, it is 2023-11-14T22:13:20.006Z"
    )
    assert refusal(NOW_MS + 2_000, NOW_MS + 2_000).startswith(
        "from the future: it was issued at 2023-11-14T22:13:22.006Z, it is 2023-11-14T22:13:20.006Z"
    )


@pytest.mark.parametrize(
    "reason",
    [
        "unknown key '1700000000000': nobody here trusts it",
        "repeated: this command_id was acted upon before",
        "until_ms is 5, it is 7",
        "its payload is longer than 65536 bytes",
    ],
)
def test_what_is_no_time_stays_as_it_is(reason: str) -> None:
    assert dated(reason) == reason

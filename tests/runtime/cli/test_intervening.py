"""Commands about a trial name it, and say where it stands afterwards."""

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_the_answer_says_where_the_trial_stands(call: Call, own_trial: Home) -> None:
    told = call("veto", "t-0001", "--reason", "no", "-o", "json", home=own_trial)
    assert told.code == Exit.DONE
    answer = told.json
    assert (answer["trial"], answer["state"], answer["reason"]) == (
        *("t-0001@smoke", "closed", "veto"),
    )
    again = call("veto", "t-0001", "--reason", "no", home=own_trial)
    assert again.code == Exit.REFUSED
    assert "is not an open trial" in again.err

"""Commands, where another process runs the home."""

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.runtime import keyring
from kingmaker.runtime.cli.commanding import Command, confirm, find_key, send
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import Words
from kingmaker.runtime.home import Home, Lock
from kingmaker.runtime.inbox import Inbox

FREEZE = Command("Freeze", Desk("smoke", 0), {"scope": "desk"}, "storm", "ada")


def test_a_process_that_does_not_answer_ends_with_5_and_keeps_the_command(own: Home) -> None:
    with Lock(own), pytest.raises(CommandError, match="stays in the inbox") as late:
        send(own.path, FREEZE, Words("storm", timeout=0.1))
    assert late.value.code == Exit.TIMED_OUT
    inbox = Inbox(own.inbox)
    kinds = [item.kind for item in inbox.take(0)]
    inbox.close()
    assert kinds[-1] == "kingmaker.governance.v1.Signed"


def test_without_a_running_process_it_acts_at_once(own: Home) -> None:
    said = send(own.path, FREEZE, Words("storm", timeout=10))
    assert [one.kind for one in said] == ["CommandTaken", "Frozen"]
    assert said[0].message.actor == "ada"


def test_a_key_that_others_can_read_is_remarked_on(
    own: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    find_key(own, None)
    assert "chmod" not in capsys.readouterr().err
    file = keyring.own_file(own)
    file.chmod(0o640)
    find_key(own, None)
    assert f"chmod 600 {file}" in capsys.readouterr().err
    file.chmod(0o600)


def test_yes_needs_no_person() -> None:
    confirm("really?", yes=True)

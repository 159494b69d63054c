"""Commands as they were answered; signed elsewhere, and signed by two."""

from pathlib import Path

import pytest

from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft
from kingmaker.runtime.assembly import Parts, open_kingdom
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import DeskSettings, Governance, Settings
from kingmaker.runtime.settings_policy import policy_values
from tests.people import EVE
from tests.runtime.cli.conftest import Call

WHY = ("--reason", "a test")


def ask_two(home: Home) -> None:
    """Let freezes of this home need two people from here on."""
    settings = Settings(
        desks=(DeskSettings(name="smoke", interval="5m"),),
        governance=Governance(four_eyes=("Freeze",)),
    )
    parts = Parts(
        remembered_desks(home),
        lambda service, desk: policy_values(settings, service, desk.name if desk else None),
        0,
        channels={},
    )
    with open_kingdom(home, parts) as kingdom:
        kingdom.begin(kingdom.now_ms)


def test_what_was_asked_and_what_came_of_it_is_listed(call: Call, crowned: Home) -> None:
    found = call("command", "ls", "-o", "json", home=crowned).json
    assert [row["command"] for row in found] == ["DirectPromotion", "Rollback"]
    assert {row["outcome"] for row in found} == {"taken"}
    assert {row["actor"] for row in found} == {"smoke"}
    assert all(len(row["key_id"]) == 16 for row in found)
    assert call("command", "ls", "refused", "-o", "json", home=crowned).json == []
    assert "No command is refused." in call("command", "ls", "refused", home=crowned).err
    assert call("command", "ls", "nonsense", home=crowned).code == Exit.USAGE


def test_two_people_sign_the_same_bytes(call: Call, own: Home) -> None:
    ask_two(own)
    ben = call("key", "new", "ben", "--role", "operator", *WHY, "-o", "json", home=own).json
    first = call("freeze", *WHY, home=own)
    assert first.code == Exit.NO
    [waiting] = call("command", "ls", "pending", "-o", "json", home=own).json
    name = waiting["command_id"]
    assert f"kingmaker countersign {name}" in first.err
    same = call("countersign", name, home=own)
    assert same.code == Exit.REFUSED
    assert "same signer twice" in same.err
    second = call("countersign", name, "--key", ben["file"], "-o", "json", home=own)
    assert [said["kind"] for said in second.json["said"]] == ["CommandTaken", "Frozen"]
    taken = call("command", "ls", "taken", "-o", "json", home=own).json[-1]
    assert (taken["command_id"], taken["key_id"]) == (name, ben["key_id"])
    assert taken["owner"] == "ben"
    assert taken["first_key_id"] == waiting["key_id"]
    assert call("command", "ls", "pending", "-o", "json", home=own).json == []


def test_who_waits_for_nobody_is_not_countersigned(call: Call, crowned: Home) -> None:
    told = call("countersign", "c-1", home=crowned)
    assert told.code == Exit.USAGE
    assert "Waiting: none" in told.err


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff\xff", b"x" * 1_000_001, seal(EVE, Draft("no.kind", b"")).value],
    ids=["missing", "empty", "garbage", "too long", "no command"],
)
def test_a_file_without_a_command_is_named(
    call: Call, crowned: Home, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "signed.bin"
    if content is not None:
        path.write_bytes(content)
    told = call("command", "send", str(path), home=crowned)
    assert told.code == Exit.USAGE
    assert "signed.bin" in told.err

"""What people signed for reaches promotion before anybody meets the record that it is about."""

from pathlib import Path

import pytest

from kingmaker.contracts.signing import seal
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime import keyring
from kingmaker.runtime.home import Home
from kingmaker.runtime.inbox import Inbox
from tests.runtime.poisoned import LEARNERS, poison
from tests.runtime.short_play import played
from tests.scenarios.playing import Stage
from tests.simulation.world import message

COMMANDS = Lane("km.promotion.commands.v1")
WAYS = {"actor": "ada", "reason": "a test", "issued_at_ms": 2**50, "not_after_ms": 2**51}


def put(home: Home, *commands: Draft) -> None:
    """Send commands, signed by the home."""
    inbox, own = Inbox(home.inbox), keyring.read_key(keyring.own_file(home))
    for command in commands:
        inbox.put(COMMANDS, seal(own, command))
    inbox.close()


def skips_of(seq: int, fingerprint: str) -> list[Draft]:
    """Return the exception of either reader of the learners' lane."""
    return [
        message(
            "kingmaker.governance.v1.SkipInput",
            command_id=f"s-{service}-{fingerprint[:4]}",
            service=service,
            topic=LEARNERS.topic,
            seq=seq,
            hash=fingerprint,
            **WAYS,
        )
        for service in ("registry", "risk")
    ]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return played(tmp_path, 5)


def test_commands_before_the_exception_are_heard_too_and_none_twice(stage: Stage) -> None:
    record = poison(stage.home, stage.desks)
    freeze = message("kingmaker.promotion.v1.Freeze", command_id="f", scope="desk", **WAYS)
    thaw = message("kingmaker.promotion.v1.Thaw", command_id="t", scope="desk", **WAYS)
    put(stage.home, freeze, *skips_of(record.seq, record.hash), thaw)
    with stage.kingdom() as kingdom:
        kingdom.deliver()
    taken = [event.command for event in stage.events("promotion", 0, "CommandTaken")]
    assert taken == ["Freeze", "SkipInput", "SkipInput", "Thaw"]


def test_another_record_s_exception_helps_nobody(stage: Stage) -> None:
    record = poison(stage.home, stage.desks)
    put(stage.home, *skips_of(record.seq, "ab" * 32))
    with pytest.raises(UndecodableError, match=f"record {record.seq}"), stage.kingdom():
        pass
    put(stage.home, *skips_of(record.seq, record.hash))
    stage.play(1)


def test_garbage_in_the_inbox_is_no_exception(stage: Stage) -> None:
    inbox = Inbox(stage.home.inbox)
    inbox.put(COMMANDS, Draft("kingmaker.governance.v1.Signed", b"\xff"))
    inbox.close()
    stage.play(1)

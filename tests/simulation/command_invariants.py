"""C5 and C7: a command acts at most once, never late, never unsigned; a rollback at once.

It judges signatures itself, from the keys that the lane says are trusted, and not from promotion's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SIGNED, verify
from kingmaker.kernel.service import Consumed, Input

ADMINS_ONLY = {"DirectPromotion", "TrustKey", "RevokeKey", "SkipInput", "Resume"}
ANSWERS = {"CommandTaken", "CommandRefused", "CommandPending"}

type Named = tuple[str, Any]  # name and message


@dataclass
class CommandWatch:
    """The commands of one desk to one service, as its lane tells them."""

    taken: set[str] = field(default_factory=set)
    keys: dict[str, Any] = field(default_factory=dict)  # as trusted
    revoked_ms: dict[str, int] = field(default_factory=dict)
    four_eyes: frozenset[str] = frozenset()  # commands that need two signatures

    def see(self, consumed: Sequence[Consumed], events: Sequence[Named]) -> None:
        """Hold the commands consumed against the answers in the same step."""
        commands = list(_commands(consumed))
        self._check_answers(commands, events)
        for name, event in events:
            if name == "CommandTaken":
                self._check_taken(event, [other for other, _ in events])
        for name, event in events:
            if name == "CommandTaken":
                self._check_signed(event, [signed for signed, _, _ in commands])
        for name, event in events:
            if name == "KeyTrusted":
                assert event.key.key_id not in self.keys, "C5 a key is trusted twice"
                self.keys[event.key.key_id] = event.key
            elif name == "KeyRevoked":
                self.revoked_ms[event.key_id] = event.from_ms
            elif name == "PolicyApplied":
                names = event.values.get("governance.four_eyes", "").split(",")
                self.four_eyes = frozenset(names) - {""}

    def _check_answers(
        self, commands: Sequence[tuple[Any, str, Any]], events: Sequence[Named]
    ) -> None:
        answers = [event.command_id for name, event in events if name in ANSWERS]
        for _, name, command in commands:
            said = answers.count(command.command_id)
            assert said == 1, f"C5 {name} {command.command_id}: answered {said} times in its step"

    def _check_taken(self, taken: Any, beside: Sequence[str]) -> None:  # noqa: ANN401 - a message
        assert taken.command_id not in self.taken, f"C5 {taken.command_id} acted twice"
        assert taken.time_ms <= taken.not_after_ms, f"C5 {taken.command_id} acted late"
        self.taken.add(taken.command_id)
        if taken.command in self.four_eyes:
            two = taken.first_key_id and taken.first_key_id != taken.key_id
            assert two, f"C5 {taken.command_id} acted on one signature"
        if taken.command == "Rollback":
            done = {"ChampionRolledBack", "ParametersRolledBack"}
            assert done & set(beside), "C7 a rollback was taken and not done"

    def _check_signed(self, taken: Any, envelopes: Sequence[Any]) -> None:  # noqa: ANN401 - as above
        """Find the signature of a command that acted, by a key that may."""
        key = self.keys.get(taken.key_id)
        by = f"C5 {taken.command_id}: acted by {taken.key_id}"
        assert key is not None, f"{by}, whom nobody trusts"
        revoked_ms = self.revoked_ms.get(taken.key_id)
        assert revoked_ms is None or taken.time_ms < revoked_ms, f"{by}, which is revoked"
        roles = {"admin"} if taken.command in ADMINS_ONLY else {"admin", "operator"}
        assert key.role in roles, f"{by}, a {key.role}"
        assert any(
            signed is not None
            and signed.key_id == taken.key_id
            and verify(key.public_key, signed.type, signed.payload, signed.signature)
            for signed in envelopes
        ), f"C5 {taken.command_id}: acted unsigned"


def _commands(consumed: Sequence[Consumed]) -> Iterator[tuple[Any, str, Any]]:
    """Yield envelope (None if there is none), name and message of commands that decode."""
    for item in consumed:
        if isinstance(item, Input) and "commands" in item.lane.topic:
            try:
                signed = _decoded(item.kind, item.value) if item.kind == SIGNED else None
                kind = signed.type if signed else item.kind
                command = _decoded(kind, signed.payload if signed else item.value)
            except Exception:  # noqa: BLE001, S112 - whatever protobuf raises: it is InputRefused
                continue
            yield signed, kind.rpartition(".")[2], command


def _decoded(kind: str, value: bytes) -> Any:  # noqa: ANN401 - a message of any kind
    package, _, name = kind.rpartition(".")
    return message_class(package, name).FromString(value)

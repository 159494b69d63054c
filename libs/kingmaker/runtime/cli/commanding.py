"""Signs a person's command, hands it to its service, and waits for what came of it.

Where a process runs the home, the command goes into its inbox; else this process runs the kingdom
for as long as the command takes. Either way it stands in the log before anything is printed.
"""

import getpass
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import SigningKey, seal
from kingmaker.contracts.topics import command_topic, event_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.runtime import keyring
from kingmaker.runtime.assembly import Parts, open_kingdom, tell_nobody
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, find_home, opened
from kingmaker.runtime.cli.options import Words
from kingmaker.runtime.cli.output import note
from kingmaker.runtime.home import Home, is_running
from kingmaker.runtime.inbox import Inbox
from kingmaker.runtime.refusals import dated

PROMOTION, GOVERNANCE = "kingmaker.promotion.v1", "kingmaker.governance.v1"
RISK, LEARNERS = "kingmaker.risk.v1", "kingmaker.learners.v1"
PACKAGES = {
    **dict.fromkeys(("TrustKey", "RevokeKey", "SkipInput"), GOVERNANCE),
    **dict.fromkeys(("Kill", "Resume"), RISK),
    **dict.fromkeys(("StartTraining", "CancelTraining", "RetryTraining"), LEARNERS),
    **dict.fromkeys(("RunLearningJob", "RestoreHeadWeights"), LEARNERS),
}
# who follows what a service is asked for, beside itself
FOLLOWERS = {"promotion": ("trader",), "risk": ("trader", "promotion"), "learners": ()}
KEY_VARIABLE = "KINGMAKER_KEY"
GOOD_FOR_MS = 600_000
POLL_S = 0.02
# what a service says -> what others answer, by which fields it is known, and how many answer
FOLLOWED_BY: Mapping[str, tuple[str, tuple[str, ...], int]] = {
    "ChampionRolledBack": ("ChampionActivated", ("slot", "reign"), 1),
    "ParametersRolledBack": ("ParametersRestored", ("change",), 1),
    "ModeChanged": ("ModeFollowed", ("number",), 2),
}
FIELDS = {answer: names for answer, names, _ in FOLLOWED_BY.values()}
# what a refusal's reason says -> what to do
REMEDIES = {
    **dict.fromkeys(
        ("unknown key", "expired key", "revoked key", "wrong role"),
        "`kingmaker key ls` shows who may command; --key names a key.",
    ),
    "was never crowned in this slot": "`kingmaker champion history` shows who was.",
    "is not an open trial": "`kingmaker trial ls` shows which are.",
    "is not under way": "`kingmaker train ls` shows all.",
    "was not abandoned or cancelled": "`kingmaker job ls` shows all.",
}


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked, of which desk; `fields` beyond those that every command has."""

    name: str
    desk: Desk
    fields: Mapping[str, Any]
    reason: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A command as a service of its desk gets it."""

    command_id: str
    desk: Desk
    draft: Draft
    service: str = "promotion"

    @property
    def index(self) -> int:
        """The lane of the service that is asked: learners have one for all desks."""
        return 0 if self.service == "learners" else self.desk.index


@dataclass(frozen=True, slots=True)
class Said:
    """An event that followed, and where it stands."""

    event: str
    kind: str
    message: Any


def send(named: Path | None, command: Command, words: Words) -> list[Said]:
    """Sign a command; return what its service and those who follow it said.

    Raise CommandError if it was refused, is late, or waits for a second signature.
    """
    home = find_home(named)
    sealed = sign(command, find_key(home, words.key))
    [answers] = deliver(named, [sealed], words.timeout)
    return answers


def find_key(home: Home, named: Path | None) -> SigningKey:
    """Return the key that is meant: by flag, by variable, or the home's own."""
    keyring.begin(home)
    said = named or os.environ.get(KEY_VARIABLE)
    path = Path(said).expanduser() if said else keyring.own_file(home)
    key = keyring.read_key(path)
    if keyring.is_exposed(path):
        note(f"Others on this machine can read the private key {path}: chmod 600 {path}")
    return key


def sign(command: Command, key: SigningKey) -> Sealed:
    """Return a command in its envelope, under an id of its own."""
    command_id = uuid4().hex
    draft = _draft(command, command_id)
    return Sealed(command_id, command.desk, seal(key, draft), asked_by(draft.kind))


def asked_by(kind: str) -> str:
    """Return the service that a kind of command asks."""
    packages = {RISK: "risk", LEARNERS: "learners"}
    return packages.get(kind.rpartition(".")[0], "promotion")


def deliver(
    named: Path | None,
    commands: Sequence[Sealed],
    timeout_s: float,
    tell: Callable[[str], None] = tell_nobody,
) -> list[list[Said]]:
    """Hand out signed commands; return what was said to each.

    `tell` hears the progress of what they start, where nobody else runs the home.
    """
    with opened(named) as home:
        home_found, desks = home.home, home.desks
        places = [{lane: _end(home, lane) for lane in _lanes(one)} for one in commands]
    inbox = Inbox(home_found.inbox)
    for one in commands:
        inbox.put(Lane(command_topic(one.service), one.index), one.draft)
    inbox.close()
    if not is_running(home_found):
        _run(home_found, desks, tell)
    return [
        _await(named, one.command_id, place, timeout_s)
        for one, place in zip(commands, places, strict=True)
    ]


def now_of(home: Opened, desk: Desk) -> int:
    """Return the market time that a desk's promotion has come to."""
    lane = Lane(event_topic("promotion"), desk.index)
    place = home.log.place_of(lane, _end(home, lane) - 1)
    return home.log.read(lane, place)[0][-1].time_ms if place is not None else 0


def confirm(question: str, *, yes: bool) -> None:
    """Ask a person; CommandError if nobody can answer, or the answer is no."""
    note(question)
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError("nobody is here to answer. Say --yes.", Exit.USAGE)
    sys.stderr.write("Continue? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise CommandError("Nothing was changed.", Exit.NO)


def find_slot(home: Opened, text: str) -> dict[str, Any]:
    """Return the champion's row of the slot that is meant: a slot, or a component of one desk."""
    found = home.query("SELECT * FROM champions ORDER BY slot")
    named = [row for row in found if text in (row["slot"], row["component"])]
    if len(named) == 1:
        return named[0]
    if named:
        slots = ", ".join(row["slot"] for row in named)
        raise CommandError(f"{text} is a slot of several desks. Name one of: {slots}.", Exit.USAGE)
    components = ", ".join(sorted({row["component"] for row in found}))
    desks = ", ".join(desk.name for desk in home.desks)
    raise CommandError(
        f"{text!r} is no slot here. A slot is COMPONENT@DESK; desks: {desks}; components:"
        f" {components}.",
        Exit.USAGE,
    )


def _draft(command: Command, command_id: str) -> Draft:
    now_ms = time.time_ns() // 1_000_000
    package = PACKAGES.get(command.name, PROMOTION)
    message = message_class(package, command.name)(
        command_id=command_id,
        actor=command.actor or getpass.getuser(),
        reason=command.reason,
        issued_at_ms=now_ms,
        not_after_ms=now_ms + GOOD_FOR_MS,
        **command.fields,
    )
    return Draft(f"{package}.{command.name}", message.SerializeToString(deterministic=True))


def _run(home: Home, desks: tuple[Desk, ...], tell: Callable[[str], None]) -> None:
    """Run the kingdom until the inbox is empty; its settings stay those it has."""
    note("Nobody runs this home: starting it for one command ...")
    parts = Parts(desks=desks, policy_of=lambda _service, _desk: {}, begins_ms=0, tell=tell)
    with open_kingdom(home, parts) as kingdom:
        kingdom.deliver()


def _await(
    named: Path | None, command_id: str, places: dict[Lane, int], timeout_s: float
) -> list[Said]:
    until = time.monotonic() + timeout_s
    while True:
        with opened(named) as home:
            said = list(_answers(home, command_id, places))
        if said and _is_whole(said):
            return said
        if time.monotonic() > until:
            raise CommandError(
                f"no answer within {timeout_s:g} s. The command {command_id} stays in the inbox and"
                f" acts until it expires; see `kingmaker command ls`.",
                Exit.TIMED_OUT,
            )
        time.sleep(POLL_S)


def _answers(home: Opened, command_id: str, places: dict[Lane, int]) -> Iterator[Said]:
    """Yield what was said to the command; then what others did about it."""
    awaited: set[tuple[object, ...]] = set()
    for lane, place in places.items():
        at = place
        while page := home.log.read(lane, at)[0]:
            for record in page:
                at = record.seq + 1
                package, _, name = record.kind.rpartition(".")
                if not package.startswith("kingmaker."):
                    continue
                message: Any = message_class(package, name).FromString(record.value)
                if getattr(message, "command_id", "") == command_id:
                    if name in FOLLOWED_BY:
                        answer, fields, _ = FOLLOWED_BY[name]
                        awaited.add(_known_by(answer, fields, message))
                    yield _checked(Said(f"{lane}/{record.seq}", name, message))
                elif name in FIELDS and _known_by(name, FIELDS[name], message) in awaited:
                    yield Said(f"{lane}/{record.seq}", name, message)


def _known_by(name: str, fields: Sequence[str], message: Any) -> tuple[object, ...]:  # noqa: ANN401 - a message of any kind
    """Return what an answer is about, the same from the question and from the answer."""
    return (name, *(getattr(message, field) for field in fields))


def _checked(said: Said) -> Said:
    if said.kind == "CommandRefused":
        reason = said.message.reason
        remedies = "".join(f" {remedy}" for words, remedy in REMEDIES.items() if words in reason)
        raise CommandError(f"refused: {dated(reason)} ({said.event}).{remedies}", Exit.REFUSED)
    if said.kind == "CommandPending":
        raise CommandError(
            f"{said.message.command} waits for a second signature, by a key of another owner:"
            f" `kingmaker countersign {said.message.command_id}` ({said.event}).",
            Exit.NO,
        )
    return said


def _is_whole(said: list[Said]) -> bool:
    kinds = [one.kind for one in said]
    return all(
        kinds.count(answer) >= count
        for question, (answer, _, count) in FOLLOWED_BY.items()
        if question in kinds
    )


def _lanes(command: Sealed) -> list[Lane]:
    """Return where answers stand: first the lane of who is asked."""
    followers = [Lane(event_topic(name), command.index) for name in FOLLOWERS[command.service]]
    return [Lane(event_topic(command.service), command.index), *followers]


def _end(home: Opened, lane: Lane) -> int:
    rows = home.query("SELECT seq FROM folded WHERE topic = ? AND lane = ?", lane.topic, lane.index)
    return int(rows[0]["seq"]) + 1 if rows else 0

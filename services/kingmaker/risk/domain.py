"""The words of risk: what it hears, what it says, what it believes of its desk.

Times are UTC milliseconds of market time.
"""

from dataclasses import dataclass, field

from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, Keys, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.frozen import quick
from kingmaker.kernel.service import Tick
from kingmaker.risk.policy import Policy

NORMAL, KILLED = "normal", "killed"

# Heard from people


@dataclass(frozen=True, slots=True)
class Kill:
    """Open no position and crown nobody until Resume; `flatten`: close what is open, too."""

    command_id: str
    desk: str
    flatten: bool
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Trade again."""

    command_id: str
    desk: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


# Heard from the runtime


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings, at every start."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class KillFileFound:
    """The file KILL lies in the home; `text` is its first line."""

    text: str


@dataclass(frozen=True, slots=True)
class KillFileGone:
    """It does not, or no longer."""


# Said


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """The desk trades in this mode from here on; `kill` numbers the change that began the kill."""

    desk: str
    number: int
    mode: str
    flatten: bool
    kill: int
    actor: str
    reason: str
    command_id: str
    key_id: str
    key_owner: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class KillFileNoted:
    """What was seen of the file KILL; while it lies there, nobody resumes."""

    found: bool
    text: str
    time_ms: int


type Command = Kill | Resume
type AboutFile = KillFileFound | KillFileGone
type AboutKeys = KeyTrusted | KeyRevoked  # said by promotion, and repeated here
type Message = AboutKeys | Signed | Command | AboutFile | ApplyPolicy | Tick
type Event = AboutKeys | ModeChanged | CommandTaken | CommandRefused | KillFileNoted | PolicyApplied

# Believed


@quick
@dataclass(frozen=True, slots=True)
class State:
    """One desk."""

    desk: str
    policy: Policy = field(default_factory=Policy)
    policy_hash: str = ""
    keys: Keys = field(default_factory=dict)
    commands: dict[str, int] = field(default_factory=dict)  # ids acted upon, and their last moment
    last: ModeChanged | None = None  # the last change of mode
    kill_file: bool = False  # lies in the home

    @property
    def kill(self) -> ModeChanged | None:
        """The change that made the kill what it is now; None where nobody killed."""
        return self.last if self.last and self.last.mode == KILLED else None

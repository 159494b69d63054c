"""What promotion says of people and of the desk: commands, freezes, mode, exposure, settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandTaken:
    """A command is acted upon, once."""

    command_id: str
    command: str
    actor: str
    not_after_ms: int
    time_ms: int
    key_id: str
    reason: str
    target: str
    first_key_id: str  # of four eyes; `key_id` is then the second


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command that decodes but may not act; what was not proved stands here as claimed."""

    command_id: str
    command: str
    reason: str
    time_ms: int
    key_id: str = ""
    actor: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Nobody is crowned in this scope; `last_promotion` is the last coronation in it."""

    scope: str
    actor: str
    reason: str
    last_promotion: str
    command_id: str
    time_ms: int
    key_id: str
    key_owner: str = ""


@dataclass(frozen=True, slots=True)
class Thawed:
    """Coronations may come again."""

    scope: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    key_id: str


@dataclass(frozen=True, slots=True)
class ModeFollowed:
    """Nobody is crowned while the desk is killed; `last_promotion` is the last before it."""

    number: int
    mode: str
    last_promotion: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ExposureChanged:
    """Positions of the desk that are open now, and trades that it has closed so far."""

    open_positions: int
    time_ms: int
    trades_closed: int


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""

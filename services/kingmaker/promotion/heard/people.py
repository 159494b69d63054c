"""What promotion hears of people, and its settings from the runtime.

Times are UTC milliseconds of market time; a command acts at most once, never late.
"""

from dataclasses import dataclass

from kingmaker.promotion.heard.governance import RevokeKey, SkipInput, TrustKey


@dataclass(frozen=True, slots=True)
class Rollback:
    """Give the crown back, to the champion before or to `to_version`; never blocked."""

    command_id: str
    slot: str
    to_version: str
    expected_champion: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Freeze:
    """Crown nobody in `scope` (a slot, or "desk") until Thaw."""

    command_id: str
    scope: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Thaw:
    """Crown again in `scope`."""

    command_id: str
    scope: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class DirectPromotion:
    """Crown a warmed challenger without evidence."""

    command_id: str
    slot: str
    model: str
    expected_champion: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Approve:
    """Let a ready challenger be crowned, where promotion.auto is 0."""

    command_id: str
    trial: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Veto:
    """Hold a trial until a moment, or close it (0)."""

    command_id: str
    trial: str
    until_ms: int
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class ReplaceTrial:
    """Close a running trial, so that the best waiting candidate gets its place."""

    command_id: str
    trial: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """The settings in force from here on."""

    hash: str
    values: dict[str, str]
    actor: str = ""


type AboutTrial = Approve | Veto | ReplaceTrial
type AboutTrust = TrustKey | RevokeKey | SkipInput
type Command = Rollback | Freeze | Thaw | DirectPromotion | AboutTrial | AboutTrust

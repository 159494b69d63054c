"""What promotion says of settings: they are watched as a reign is, and may go back."""

from dataclasses import dataclass

from kingmaker.promotion.said.verdicts import Finding


@dataclass(frozen=True, slots=True)
class ParametersWatched:
    """A change of settings is watched; `old` and `new` hold the keys that changed."""

    change: str
    slot: str
    number: int
    canary: str
    old: dict[str, str]
    new: dict[str, str]
    actor: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ParametersRolledBack:
    """A change of settings goes back; `trigger` is person, canary or hard_limit."""

    change: str
    slot: str
    values: dict[str, str]
    trigger: str
    actor: str
    reason: str
    command_id: str
    findings: tuple[Finding, ...]
    notice: str
    canary: str
    time_ms: int
    key_id: str = ""
    key_owner: str = ""

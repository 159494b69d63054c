"""Rules, one file per alert type: a module here that defines `RULE` is a rule.

Of the six types that people expect, one cannot occur yet and has no file: model_downloaded (no
remote source).
"""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Protocol

from kingmaker.alerting.domain import AlertFired, Cause, State

INFO, WARNING, CRITICAL = "INFO", "WARNING", "CRITICAL"

type Rule = Callable[[State, Cause], AlertFired | None]


class SignedFor(Protocol):
    """What a person asked for: who the command says it is from, and whose key signed it."""

    @property
    def actor(self) -> str:
        """As claimed."""

    @property
    def key_owner(self) -> str:
        """As proved; empty in records of before."""


def who(asked: SignedFor) -> str:
    """Name the actor, and the key's owner where that is somebody else: a signature proves a key."""
    actor, owner = asked.actor, asked.key_owner
    return actor if owner in {"", actor} else f"{actor} (by the key of {owner})"


def discover() -> tuple[Rule, ...]:
    """Return every rule of this package, in order of file names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").RULE for name in names)

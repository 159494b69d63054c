"""Rules, one file per alert type: a module here that defines `RULE` is a rule.

Of the six types that people expect, one cannot occur yet and has no file: model_downloaded (no
remote source).
"""

import importlib
import pkgutil
from collections.abc import Callable

from kingmaker.alerting.domain import AlertFired, Cause, State

INFO, WARNING, CRITICAL = "INFO", "WARNING", "CRITICAL"

type Rule = Callable[[State, Cause], AlertFired | None]


def discover() -> tuple[Rule, ...]:
    """Return every rule of this package, in order of file names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").RULE for name in names)

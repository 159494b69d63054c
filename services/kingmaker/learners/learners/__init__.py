"""Learners, one file each, named like their component. To add one, add a file.

A learner's module defines `build(parameters) -> Learner`, and `NEEDS_BARS = True` if trades alone
do not teach it. Nothing heavy is imported before it is trained.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kingmaker.learners.contract import Learner


class NotInstalledError(ValueError):
    """A learner needs a library that is not here; trying again would not bring it."""


def names() -> tuple[str, ...]:
    """Return the components that learn, in order of file names."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def needs_bars(component: str) -> bool:
    """Tell whether a component learns from the desk's bars too."""
    return bool(getattr(_module(component), "NEEDS_BARS", False))


def load(component: str, parameters: Mapping[str, float]) -> "Learner[Any]":
    """Return the learner of a component; KeyError if it has none."""
    learner: Learner[Any] = _module(component).build(parameters)
    return learner


def _module(component: str) -> ModuleType:
    if component not in names():
        raise KeyError(f"{component} has no learner; there are {', '.join(names())}")
    try:
        return importlib.import_module(f"{__name__}.{component}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kingmaker"):
            raise
        raise NotInstalledError(
            f"{component} learns with {error.name}, which is not installed: "
            "pip install kingmaker[learners]"
        ) from error

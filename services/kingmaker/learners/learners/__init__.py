"""Learners, one file each, named like their component. To add one, add a file.

A learner's module defines `build(parameters) -> Learner`; nothing heavy is imported before that.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kingmaker.learners.contract import Learner


def names() -> tuple[str, ...]:
    """Return the components that learn, in order of file names."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load(component: str, parameters: Mapping[str, float]) -> "Learner[Any]":
    """Return the learner of a component; KeyError if it has none."""
    if component not in names():
        raise KeyError(f"{component} has no learner; there are {', '.join(names())}")
    learner: Learner[Any] = importlib.import_module(f"{__name__}.{component}").build(parameters)
    return learner

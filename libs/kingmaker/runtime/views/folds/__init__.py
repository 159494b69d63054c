"""Folds: one file a package of the wire. An event becomes changes of rows, and nothing else."""

from collections.abc import Mapping

from kingmaker.runtime.views.changes import Fold
from kingmaker.runtime.views.folds import (
    alerting,
    feed,
    governance,
    learners,
    policy,
    promotion,
    registry,
    risk,
    shadow,
    trader,
)

_PACKAGES = (
    *(policy, feed, trader, registry, learners, shadow),
    *(promotion, governance, risk, alerting),
)

FOLDS: Mapping[str, Fold] = {
    f"kingmaker.{module.__name__.rpartition('.')[2]}.v1.{name}": fold
    for module in _PACKAGES
    for name, fold in module.FOLDS.items()
} | {"km.InputRefused": governance.unreadable}

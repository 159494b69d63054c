"""Folds: one file a service. An event becomes changes of rows, and nothing else."""

from collections.abc import Mapping

from kingmaker.runtime.views.changes import Fold
from kingmaker.runtime.views.folds import (
    alerting,
    feed,
    learners,
    promotion,
    registry,
    shadow,
    trader,
)

_SERVICES = (feed, trader, registry, learners, shadow, promotion, alerting)

FOLDS: Mapping[str, Fold] = {
    f"kingmaker.{module.__name__.rpartition('.')[2]}.v1.{name}": fold
    for module in _SERVICES
    for name, fold in module.FOLDS.items()
}

"""All nine components learn from what had happened by a moment: a process of its own.

As historical learning does (`learners.walk_forward`): from the trades of the line-up that ships and
from the bars that had closed, judged on the latest quarter of them and on those of a step before.
What is returned learned from the first three quarters.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.learners import admission, walk_forward, walking
from kingmaker.learners.policy import Policy
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors.training_process import (
    ALL,
    Request,
    keep,
    read_bars,
    read_trades,
)
from kingmaker.runtime.scratch import FOR_EVER_MS

SEED = 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a component made of the past; no digest where nothing could be learned."""

    component: str
    digest: str
    reason: str  # why it was not fitted, or would get no trial; "" if it would
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Past:
    """The closed trades and bars of a scratch log that were known at a moment."""

    log: Path
    until_ms: int

    def trades(self) -> Sequence[Any]:
        """Return the trades that were over."""
        return self._trades

    def bars(self) -> Sequence[Any]:
        """Return the bars that had closed."""
        return self._bars

    @cached_property
    def _trades(self) -> Sequence[Any]:
        return [one for one in read_trades(self._request(FOR_EVER_MS)) if self._known(one.time_ms)]

    @cached_property
    def _bars(self) -> Sequence[Any]:
        return read_bars(self._request(self.until_ms))

    def _known(self, time_ms: int) -> bool:
        return time_ms <= self.until_ms

    def _request(self, until_ms: int) -> Request:
        return Request(str(self.log), "", 0, "", ALL, until_ms, 0, {})


def learn(
    log: Path,
    until_ms: int,
    values: Mapping[str, str],
    folder: Path,
    tell: Callable[[str], None] = print,
) -> list[Lesson]:
    """Let each component learn in a process of its own; keep the bundles in a folder.

    `values`: the settings of the learners, as they hear them.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        lessons = pool.apply(_learn, (log, until_ms, dict(values), folder))
    for one in lessons:
        tell(f"{one.component}: {one.digest[:12] or 'nothing'} {one.reason}")
    return list(lessons)


def bundles(folder: Path, digests: Mapping[str, str]) -> dict[str, Bundle]:
    """Return the bundles of components by their digests."""
    store = ArtifactStore(folder)
    return {component: store.read(digest) for component, digest in digests.items()}


def _learn(log: Path, until_ms: int, values: Mapping[str, str], folder: Path) -> list[Lesson]:
    past, policy = Past(log, until_ms), Policy.from_values(values)
    return [_lesson(name, past, policy, folder) for name in COMPONENTS]


def _lesson(component: str, past: Past, policy: Policy, folder: Path) -> Lesson:
    try:
        product = walk_forward.learn(
            component, past, SEED, policy.parameters(component), lambda _said: None
        )
    except ValueError as error:  # of the data: the same would fail again
        return Lesson(component, "", str(error), {})
    metrics, digest = dict(product.metrics), keep(cast("Any", product), folder)
    faults = (admission.why_not(component, metrics, policy), walking.why_not(metrics))
    return Lesson(component, digest, "; ".join(filter(None, faults)), metrics)

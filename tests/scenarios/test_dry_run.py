"""A dry run of a training, from its answer to the registry: a verdict, and no word of a model."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.learners import decider as learning
from kingmaker.learners import service as learners
from kingmaker.learners.domain import State, TrainingCompleted, TrainingSucceeded
from kingmaker.registry.service import build
from tests.services.learners.test_admission import GOOD as ADMITTED
from tests.services.learners.test_judging import SCHEDULED
from tests.services.learners.test_rotation import GOOD as ROTATED

DESKS = (Desk("hourly", 0),)
ANSWER = TrainingSucceeded("tr-0001", "b" * 64, 900, "d" * 64, 1, ADMITTED | ROTATED)


def follows(*, dry_run: bool) -> tuple[str, Sequence[object]]:
    """Return the verdict on a product that holds every criterion, and what the registry says."""
    decide = learning.build(DESKS, ("online_learning",), learners.seal())
    state = reduce(learning.evolve, [replace(SCHEDULED, dry_run=dry_run)], State())
    [completed] = decide(state, learning.Window(2), ANSWER, None)
    assert isinstance(completed, TrainingCompleted)
    draft = learners.build(DESKS).events.encode(completed)
    registry = build(DESKS, 0)
    message = registry.messages.decode(draft.kind, draft.value)
    assert message is not None, "the registry hears of it"
    said = registry.decide(registry.initial, registry.window(), message, {})
    return completed.reason, said


@pytest.mark.parametrize(("dry_run", "words"), [(True, 0), (False, 1)])
def test_what_holds_every_criterion_is_a_model_unless_it_was_a_dry_run(
    words: int, *, dry_run: bool
) -> None:
    verdict, said = follows(dry_run=dry_run)
    assert len(said) == words
    assert verdict == ("dry run: every criterion holds; it would be a candidate" if dry_run else "")

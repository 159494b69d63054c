"""Origins of products: which are known, and of which components."""

import pytest

from kingmaker.governance.orders import RefusedError
from kingmaker.learners import origins
from kingmaker.learners.policy import Policy


def test_no_origin_asks_for_the_training_that_every_slot_has() -> None:
    origins.require(origins.PLAIN, "online_learning@btc-1h")


def test_an_origin_that_nobody_knows_is_refused() -> None:
    with pytest.raises(RefusedError, match="'found' is no other way to train"):
        origins.require("found", "online_learning@btc-1h")


def test_a_component_that_cannot_be_made_so_is_refused() -> None:
    origins.require("distilled", "s15_rl_policy@btc-1h")
    with pytest.raises(RefusedError, match="online_learning cannot be distilled: s15_rl_policy"):
        origins.require("distilled", "online_learning@btc-1h")


def test_a_training_with_a_teacher_is_told_what_was_set_and_another_nothing() -> None:
    policy = Policy.from_values({"distillation.hours": "48"})
    told = origins.parameters("distilled", policy)
    assert (told["distillation_hours"], told["distillation_share"]) == (48.0, 0.5)
    assert origins.parameters(origins.PLAIN, policy) == {}

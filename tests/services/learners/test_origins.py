"""Origins of products: which are known, and of which components."""

import pytest

from kingmaker.governance.orders import RefusedError
from kingmaker.learners import origins


def test_no_origin_asks_for_the_training_that_every_slot_has() -> None:
    origins.require(origins.PLAIN, "online_learning@btc-1h")


def test_an_origin_that_nobody_knows_is_refused() -> None:
    with pytest.raises(RefusedError, match="'found' is no other way to train"):
        origins.require("found", "online_learning@btc-1h")


def test_a_component_that_cannot_be_made_so_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "COMPONENTS", {"distilled": frozenset({"s15_rl_policy"})})
    origins.require("distilled", "s15_rl_policy@btc-1h")
    with pytest.raises(RefusedError, match="online_learning cannot be distilled: s15_rl_policy"):
        origins.require("distilled", "online_learning@btc-1h")

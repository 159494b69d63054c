"""Weights of heads among settings."""

import pytest

from kingmaker.contracts import head_weights
from kingmaker.contracts.desks import COMPONENTS

NINE = (0.1 + 0.2, 1 / 9, 0.05, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1)


def test_weights_come_back_bit_by_bit() -> None:
    assert head_weights.from_texts(head_weights.as_texts(NINE, 3)) == NINE


def test_eight_weights_are_none() -> None:
    texts = head_weights.as_texts(NINE, 3) | {"exits.max_holding": "3"}
    del texts[f"heads.{COMPONENTS[0]}"]
    assert head_weights.from_texts(texts) is None
    assert head_weights.from_texts({}) is None


def test_every_head_needs_a_weight() -> None:
    with pytest.raises(ValueError, match="shorter"):
        head_weights.as_texts(NINE[:8], 3)


def test_their_version_goes_with_them_and_of_other_settings_there_is_none() -> None:
    assert head_weights.version_in(head_weights.as_texts(NINE, 3)) == 3
    assert head_weights.version_in({"exits.max_holding": "3"}) is None

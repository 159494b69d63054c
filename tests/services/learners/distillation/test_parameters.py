"""What a distillation goes by: read from settings, recorded, and read back."""

import pytest

from kingmaker.learners.distillation.parameters import READERS, Distillation


def test_what_is_set_is_what_a_training_is_told() -> None:
    values = {"distillation.share": "0.3", "distillation.hours": "12"}
    chosen = Distillation.from_values(values)
    assert (chosen.share, chosen.hours, chosen.temperature) == (0.3, 12, 2.0)
    assert Distillation.told(chosen.parameters()) == chosen


def test_a_training_that_is_told_nothing_has_no_teacher() -> None:
    assert Distillation.told({"steps": 3000.0}) is None


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize("text", ["", "nan", "-1", "1e9", "many"])
def test_what_is_out_of_range_is_named_with_the_range(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=rf"distillation\.{name}='{text}': give a .*number from"):
        Distillation.from_values({f"distillation.{name}": text})


def test_half_an_hour_is_none() -> None:
    with pytest.raises(ValueError, match="give a whole number from 2 to 168"):
        Distillation.from_values({"distillation.hours": "2.5"})

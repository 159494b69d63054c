"""The settings of head weights."""

import pytest

from kingmaker.learners.heads_policy import HeadPolicy
from kingmaker.learners.weights import DIVIDE, PROJECT, Rule


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("head_weights", "yes", "give one of 0, 1"),
        ("learning_rate", "0", "give a number from 0.0001 to 1"),
        ("learning_rate", "nan", "give a number"),
        ("min_outcomes_for_update", "0", "give a whole number from 1"),
        ("min_outcomes_for_update", "ten", "give a whole number"),
        ("max_weight_change", "1.5", "from 0 to 1"),
        ("normalise", "softmax", "give one of project, divide"),
        ("count_expired", "maybe", "give one of 0, 1"),
        ("ema_alpha", "0", "from 0.001 to 1"),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_its_range(
    key: str, value: str, remedy: str
) -> None:
    with pytest.raises(ValueError, match=remedy) as refused:
        HeadPolicy.from_values({f"learning.{key}": value})
    assert f"learning.{key}={value!r}" in str(refused.value)


def test_head_weights_are_off_unless_somebody_turns_them_on() -> None:
    assert HeadPolicy.from_values({}) == HeadPolicy()
    assert not HeadPolicy().head_weights


def test_what_is_set_is_what_is_read() -> None:
    values = {
        "learning.head_weights": "1",
        "learning.learning_rate": "0.1",
        "learning.min_outcomes_for_update": "1",
        "learning.normalise": "divide",
    }
    read = HeadPolicy.from_values(values)
    assert read == HeadPolicy(
        head_weights=True, learning_rate=0.1, min_outcomes_for_update=1, normalise=DIVIDE
    )
    assert read.rule == Rule(0.20, DIVIDE)


def test_weights_are_smoothed_twice_only_where_the_settings_say_so() -> None:
    assert HeadPolicy().rule == Rule(0.20, PROJECT, 1.0)
    assert HeadPolicy(ema_on_weights=True).rule.smoothing == 0.05

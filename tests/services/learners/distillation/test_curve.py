"""One curve of three trainings."""

from typing import Any

import jax.numpy as jnp

from kingmaker.learners.distillation.curve import Curve
from kingmaker.learners.rl.lesson import Losses


def test_it_says_whose_step_it_is_and_the_parts_of_a_students_loss() -> None:
    said: list[Any] = []
    curve = Curve(said.append, 700)
    curve.begin("teacher", 0)
    curve.of_teacher(50, 0.5)
    curve.begin("student", 300)
    curve.of_student(200, Losses(jnp.array(3.0), jnp.array(2.0), jnp.array(1.0)))
    assert said == [
        {"step": 50, "of": 700, "loss": 0.5, "whose": "teacher"},
        {"step": 500, "of": 700, "loss": 3.0, "whose": "student", "td": 2.0, "kl": 1.0},
    ]

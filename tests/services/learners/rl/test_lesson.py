"""What a teacher adds to the loss of a student: a*T^2*KL + (1-a)*TD."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kingmaker.learners.rl.lesson import Lesson, losses

SHARE, WARM, SHARPNESS = 0.3, 2.0, 4.0
LOGITS = np.array([[0.0, 1.0, -1.0], [2.0, 0.0, 0.0]])
VALUES = np.array([[0.1, 0.4, -0.2], [0.0, 0.3, 0.3]])
TD = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def lesson(told: list[float], share: float = SHARE) -> Lesson:
    return Lesson(jnp.asarray(LOGITS), jnp.asarray(told), share, WARM, SHARPNESS)


def divergence(row: int) -> float:
    """Return KL(teacher || student) of a state, by the book."""
    teacher = np.exp(LOGITS[row] / WARM) / np.exp(LOGITS[row] / WARM).sum()
    student = np.exp(SHARPNESS * VALUES[row] / WARM)
    student /= student.sum()
    return float((teacher * np.log(teacher / student)).sum())


def test_the_loss_is_that_of_the_paper() -> None:
    found = losses(lesson([1.0, 1.0]), jnp.array([0, 1]), jnp.asarray(VALUES), jnp.asarray(TD))
    kl = (divergence(0) + divergence(1)) / 2.0
    assert float(found.kl) == pytest.approx(kl, rel=1e-5)
    assert float(found.td) == pytest.approx(3.5)
    assert float(found.whole) == pytest.approx(SHARE * WARM**2 * kl + (1 - SHARE) * 3.5, rel=1e-5)


def test_a_state_that_the_teacher_says_nothing_of_is_learned_as_by_a_student_alone() -> None:
    found = losses(lesson([1.0, 0.0]), jnp.array([1, 1]), jnp.asarray(VALUES), jnp.asarray(TD))
    assert float(found.whole) == pytest.approx(3.5)
    assert float(found.kl) == 0.0


def test_a_student_that_says_what_its_teacher_says_has_nothing_to_learn_from_it() -> None:
    values = jnp.asarray(LOGITS) / SHARPNESS

    def told(given: jax.Array) -> jax.Array:
        none = jnp.zeros((2, 3))
        return losses(lesson([1.0, 1.0], 1.0), jnp.array([0, 1]), given, none).whole

    assert float(told(values)) == pytest.approx(0.0, abs=1e-6)
    assert np.abs(np.asarray(jax.grad(told)(values))).max() < 1e-5
    assert float(told(-values)) > 0.1

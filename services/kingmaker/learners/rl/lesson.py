"""What a student is told by a teacher: a*T^2*KL(teacher||student) + (1-a)*TD.

Hinton, Vinyals and Dean 2015 (the square of T keeps the slope of the first part the same whatever
the temperature); of action values: Rusu et al. 2015.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp


class Lesson(NamedTuple):
    """What the teacher says of each of M states, and how much it counts."""

    logits: jax.Array  # [M, A]
    told: jax.Array  # [M]: 1 where it says something, else 0
    share: float  # a
    temperature: float  # T
    sharpness: float  # logits a unit of value


class Losses(NamedTuple):
    """The whole and its parts; a student of nobody has the one of time differences alone."""

    whole: jax.Array
    td: jax.Array
    kl: jax.Array


def losses(lesson: Lesson, places: jax.Array, values: jax.Array, td: jax.Array) -> Losses:
    """Return the losses of a minibatch of action values [B, A] whose own loss is `td` [B, A]."""
    warm = lesson.temperature
    teacher = jax.nn.log_softmax(lesson.logits[places] / warm)
    student = jax.nn.log_softmax(lesson.sharpness * values / warm)
    kl = (jnp.exp(teacher) * (teacher - student)).sum(axis=-1)
    share = lesson.share * lesson.told[places]
    own = td.mean(axis=-1)
    whole = share * warm**2 * kl + (1.0 - share) * own
    return Losses(whole.mean(), own.mean(), (lesson.told[places] * kl).mean())

"""Double DQN (van Hasselt et al. 2016) on recorded bars: what each action is worth, in risks.

The market does not answer to our trades, so what every action would have brought is known: a
minibatch teaches all of them at once, and nothing needs to be explored. A trade occupies until it
ends: after an action the next state lies as many bars ahead as the action lasted.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.typing import ArrayLike

from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.rl import ladder, network
from kingmaker.learners.rl.lesson import Lesson, Losses, losses
from kingmaker.learners.rl.network import Layers

HIDDEN = (32,)
BATCH = 256
LEARNING_RATE, GRADIENT_MAX = 2e-3, 1.0
DECAY = 0.1  # of the weights, a share of the rate
FOLLOW = 0.01  # of the way that the target network goes at every step
HUBER = 5.0  # risks: the mean of a trade is asked for, so only what is absurd is bent
BLOCK = 200  # steps a call

type Key = jax.Array


class Options(NamedTuple):
    """How long, how far-sighted, how blurred; none of it is compiled in."""

    steps: int
    discount: float  # a bar
    blur: float  # deviations of noise on every state


class Table(NamedTuple):
    """M states and what each of A actions made of them; what lies behind is never read."""

    states: jax.Array  # [M, F], standardised
    rewards: jax.Array  # [M, A], in risks
    following: jax.Array  # [M, A]: number of the state after
    spans: jax.Array  # [M, A]: bars until then
    known: jax.Array  # M

    @classmethod
    def of(
        cls, states: ArrayLike, rewards: ArrayLike, following: ArrayLike, spans: ArrayLike
    ) -> Self:
        """Return the table of these states."""
        return cls(
            ladder.filled_up(states),
            ladder.filled_up(rewards),
            ladder.filled_up(following, np.int32),
            ladder.filled_up(spans),
            jnp.int32(np.shape(states)[0]),
        )


class Carry(NamedTuple):
    """All that goes from one step to the next."""

    online: Layers
    target: Layers
    memory: optax.OptState
    key: Key


type Hear = Callable[[int, Losses], None]


def train(
    table: Table, options: Options, key: Key, hear: Hear, lesson: Lesson | None = None
) -> Layers:
    """Return the network of action values; `hear` is called every BLOCK steps with the losses.

    Raises UnfitDataError where the loss is no finite number: the same data and seed would again.
    """
    carry = start(table, options, key)
    for block in range(1, max(1, options.steps // BLOCK) + 1):
        carry, found = advance(table, options, carry, lesson)
        if not jnp.isfinite(found.whole):
            raise UnfitDataError(
                f"the training diverged: its loss is {float(found.whole)} at step {block * BLOCK}"
                f" of {options.steps}"
            )
        hear(block * BLOCK, found)
    return carry.online


def start(table: Table, options: Options, key: Key) -> Carry:
    """Return networks that expect nothing of any action."""
    own, key = jax.random.split(key)
    widths = [table.states.shape[1], *HIDDEN, table.rewards.shape[1]]
    layers = network.start(own, widths, 0.01)
    return Carry(layers, layers, _optimiser(options).init(layers), key)


@jax.jit
def advance(
    table: Table, options: Options, carry: Carry, lesson: Lesson | None = None
) -> tuple[Carry, Losses]:
    """Go on by BLOCK steps; return their mean losses."""
    step = partial(_step, table, options, lesson)
    carry, found = jax.lax.scan(lambda old, _: step(old), carry, length=BLOCK)
    return carry, Losses(*[one.mean() for one in found])


def _step(
    table: Table, options: Options, lesson: Lesson | None, carry: Carry
) -> tuple[Carry, Losses]:
    """Learn from one minibatch, and let the target network follow."""
    key, place_key, blur_key = jax.random.split(carry.key, 3)
    places = jax.random.randint(place_key, (BATCH,), 0, table.known)
    states = table.states[places]
    states = states + options.blur * jax.random.normal(blur_key, states.shape)
    targets = _targets(table, options, carry, places)
    told = None if lesson is None else (lesson, places)
    (_, found), slope = jax.value_and_grad(_loss, has_aux=True)(carry.online, states, targets, told)
    change, memory = _optimiser(options).update(slope, carry.memory, carry.online)
    online = optax.apply_updates(carry.online, change)
    target = optax.incremental_update(online, carry.target, FOLLOW)
    return Carry(online, target, memory, key), found


def _targets(table: Table, options: Options, carry: Carry, places: jax.Array) -> jax.Array:
    """Return [BATCH, A]: one network picks the next action, the other says what it is worth."""
    after = table.states[table.following[places]]
    picked = network.forward(carry.online, after).argmax(axis=-1, keepdims=True)
    worth = jnp.take_along_axis(network.forward(carry.target, after), picked, axis=-1)[..., 0]
    return table.rewards[places] + options.discount ** table.spans[places] * worth


def _loss(
    layers: Layers,
    states: jax.Array,
    targets: jax.Array,
    told: tuple[Lesson, jax.Array] | None,
) -> tuple[jax.Array, Losses]:
    values = network.forward(layers, states)
    td = optax.huber_loss(values, targets, delta=HUBER)
    if told is None:
        found = Losses(td.mean(), td.mean(), jnp.zeros(()))
    else:
        lesson, places = told
        found = losses(lesson, places, values, td)
    return found.whole, found


def _optimiser(options: Options) -> optax.GradientTransformation:
    """Return Adam with decoupled decay, its rate falling to nothing."""
    adam = optax.adamw(
        lambda step: LEARNING_RATE * jnp.maximum(0.0, 1.0 - step / options.steps),
        weight_decay=DECAY,
    )
    return optax.chain(optax.clip_by_global_norm(GRADIENT_MAX), adam)

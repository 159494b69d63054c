"""The teacher: an LSTM over closed hours that learns what each action is worth, in risks.

Fitted Q iteration (Riedmiller 2005), double: every BLOCK steps the values of all hours are computed
anew, one network picks the next action and the one of the block before says what it is worth. All
decisions after an hour teach it together, since until the next hour closes it says the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from kingmaker.contracts.models import BATCH, INT64, Port, Signature
from kingmaker.learners.contract import Arrays, Floats
from kingmaker.learners.distillation import lstm
from kingmaker.learners.distillation.hours import NAMES, Hours, Integers, joined, sequences
from kingmaker.learners.distillation.lstm import Weights
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.learners.s15_rl_policy import COMPONENT, DIRECTIONS, Lived
from kingmaker.learners.rl.network import Scale

NAME = f"{COMPONENT}/teacher"  # no component: nobody can put it on trial
CELLS = 16
MINIBATCH = 256
AT_ONCE = 256  # hours, of those that it is asked about
BLOCK = 50  # steps a call
LEARNING_RATE, DECAY, GRADIENT_MAX = 3e-3, 0.3, 1.0
BLUR = 1.0  # deviations of noise on every hour: hours are few, and an LSTM learns them by heart
HOURS_MIN = 200  # after which something was decided


class Options(NamedTuple):
    """How long and how far-sighted; nothing of it is compiled in."""

    steps: int
    discount: float  # a bar


class Table(NamedTuple):
    """N hours after which something was decided, and M decisions."""

    seen: jax.Array  # [N, L, F], standardised
    hour: jax.Array  # [M]: after which
    rewards: jax.Array  # [M, A], in risks
    following: jax.Array  # [M, A]: the hour of the state after
    spans: jax.Array  # [M, A]: bars until then


class Carry(NamedTuple):
    """All that goes from one block to the next."""

    newest: Weights[jax.Array]
    older: Weights[jax.Array]
    memory: optax.OptState
    key: jax.Array


@dataclass(frozen=True, slots=True)
class Teacher:
    """What it has learned; it reads `length` hours."""

    scale: Scale
    weights: Weights[Floats]
    length: int

    @property
    def name(self) -> str:
        """What its manifest calls it."""
        return NAME

    @property
    def signature(self) -> Signature:
        """What its graph takes and gives."""
        return Signature(
            (Port("hours", (BATCH, self.length, len(NAMES))),),
            (Port("values", (BATCH, len(DIRECTIONS))), Port("action", (BATCH,), INT64)),
        )

    def inputs(self, batch: Experience) -> Arrays:
        """Return the hours before each decision that had enough of them."""
        parts = [
            _before(Hours.of(bars), batch.decided_ms[batch.symbol == number], self.length)
            for number, bars in enumerate(batch.bars)
        ]
        return {"hours": np.concatenate(parts).astype(np.float32)}

    def reference(self, inputs: Arrays) -> Arrays:
        """Return what each action is worth, in risks, and the best."""
        rows = self.scale.apply(inputs["hours"].astype(np.float64))
        values = lstm.answer(self.weights, rows)
        return {"values": values, "action": values.astype(np.float32).argmax(axis=1)}

    def export(self) -> bytes:
        """Return the graph, standardisation inside; the same teacher gives the same bytes."""
        graph = GraphBuilder(NAME, self.signature)
        values = lstm.export(graph, self.weights, self.scale.export(graph, "hours"), "values")
        graph.first_largest(values, "action")
        return graph.finish({"hours": repr(self.length)})

    def values(self, lived: Lived) -> Floats:
        """Return [M, A] of every decision; NaN where too few hours were over."""
        rows, last = _places(lived, self.length)
        hours, back = np.unique(last, return_inverse=True)
        known = np.flatnonzero(hours >= 0)
        said = np.full((len(hours), len(DIRECTIONS)), np.nan)
        for begin in range(0, len(known), AT_ONCE):
            own = known[begin : begin + AT_ONCE]
            said[own] = self._said(sequences(rows, hours[own], self.length))
        return np.asarray(said[back])

    def _said(self, seen: Floats) -> Floats:
        """Return [n, A] of n <= AT_ONCE sequences, computed as so many.

        The last bits of a product of matrices depend on their size: so what is said of an hour
        would depend on how many came after it.
        """
        whole = np.zeros((AT_ONCE, *seen.shape[1:]), np.float32)
        whole[: len(seen)] = seen
        answers = self.reference({"hours": whole})["values"].astype(np.float64)
        return np.asarray(answers[: len(seen)])


def train(
    lived: Lived, length: int, options: Options, key: jax.Array, hear: Callable[[int, float], None]
) -> Teacher:
    """Return the teacher; `hear` is called every BLOCK steps with the loss.

    Raises UnfitDataError where too few hours are there, or the loss is no finite number.
    """
    table, scale = _table(lived, length)
    own, key = jax.random.split(key)
    layers = lstm.start(own, len(NAMES), CELLS, len(DIRECTIONS))
    carry = Carry(layers, layers, _optimiser(options).init(layers), key)
    for block in range(1, max(1, options.steps // BLOCK) + 1):
        carry, loss = _advance(table, options, carry)
        if not jnp.isfinite(loss):
            raise UnfitDataError(
                f"the teacher diverged: its loss is {float(loss)} at step {block * BLOCK} of"
                f" {options.steps}"
            )
        hear(block * BLOCK, float(loss))
    return Teacher(scale, lstm.freeze(carry.newest), length)


def worth(teacher: Teacher, lived: Lived) -> float:
    """Return what it earns a bar, in risks, where it says something; 0 where it never does."""
    values = teacher.values(lived)
    told = np.isfinite(values).all(axis=1)
    rewards = lived.rewards[told]
    if not told.any():
        return 0.0
    return float(rewards[np.arange(len(rewards)), values[told].argmax(axis=1)].mean())


def _table(lived: Lived, length: int) -> tuple[Table, Scale]:
    rows, last = _places(lived, length)
    told = last >= 0
    hours, number = np.unique(last[told], return_inverse=True)
    if len(hours) < HOURS_MIN:
        raise UnfitDataError(
            f"{len(hours)} closed hours with decisions after them are too few for a teacher:"
            f" {HOURS_MIN} are needed, each after {length} others. Train this slot without"
            " distillation until there are more"
        )
    hour = np.full(len(last), -1, np.int64)
    hour[told] = number
    seen = sequences(rows, hours, length)
    scale = Scale.of(rows[hours])
    return Table(
        jnp.asarray(scale.apply(seen), jnp.float32),
        jnp.asarray(hour[told], jnp.int32),
        jnp.asarray(lived.rewards[told], jnp.float32),
        jnp.asarray(hour[lived.following[told]], jnp.int32),
        jnp.asarray(lived.spans[told], jnp.float32),
    ), scale


def _places(lived: Lived, length: int) -> tuple[Floats, Integers]:
    """Return the hours of all symbols, and the place of the last one over at each decision."""
    parts = [Hours.of(bars) for bars in lived.bars]
    rows, begins = joined(parts)
    last = np.full(len(lived.close_ms), -1, np.int64)
    for number, (part, begin) in enumerate(zip(parts, begins, strict=True)):
        own = lived.symbol == number
        place = part.at(lived.close_ms[own], length)
        last[own] = np.where(place >= 0, place + begin, -1)
    return rows, last


def _before(hours: Hours, times_ms: Integers, length: int) -> Floats:
    last = hours.at(times_ms, length)
    return sequences(hours.rows, last[last >= 0], length)


@jax.jit
def _advance(table: Table, options: Options, carry: Carry) -> tuple[Carry, jax.Array]:
    """Compute the targets anew, and go on by BLOCK steps; return their mean loss."""
    targets = _targets(table, options, carry)
    step = partial(_step, table, targets, options)
    begun = (carry.newest, carry.memory, carry.key)
    (newest, memory, key), losses = jax.lax.scan(lambda old, _: step(old), begun, length=BLOCK)
    return Carry(newest, carry.newest, memory, key), losses.mean()


def _targets(table: Table, options: Options, carry: Carry) -> jax.Array:
    """Return [N, A]: the mean over the decisions after each hour of what each action brought."""
    picked = lstm.forward(carry.newest, table.seen).argmax(axis=-1, keepdims=True)
    worth = jnp.take_along_axis(lstm.forward(carry.older, table.seen), picked, axis=-1)[:, 0]
    brought = table.rewards + options.discount**table.spans * worth[table.following]
    count = len(table.seen)
    sums = jax.ops.segment_sum(brought, table.hour, count)
    return sums / jax.ops.segment_sum(jnp.ones(len(brought)), table.hour, count)[:, None]


type _Learning = tuple[Weights[jax.Array], optax.OptState, jax.Array]


def _step(
    table: Table, targets: jax.Array, options: Options, old: _Learning
) -> tuple[_Learning, jax.Array]:
    weights, memory, key = old
    key, place_key, blur_key = jax.random.split(key, 3)
    places = jax.random.randint(place_key, (MINIBATCH,), 0, len(table.seen))
    seen = table.seen[places]
    seen = seen + BLUR * jax.random.normal(blur_key, seen.shape)
    loss, slope = jax.value_and_grad(_loss)(weights, seen, targets[places])
    change, memory = _optimiser(options).update(slope, memory, weights)
    return (optax.apply_updates(weights, change), memory, key), loss


def _loss(weights: Weights[jax.Array], seen: jax.Array, targets: jax.Array) -> jax.Array:
    return jnp.square(lstm.forward(weights, seen) - targets).mean()


def _optimiser(options: Options) -> optax.GradientTransformation:
    """Return Adam with decoupled decay, its rate falling to nothing."""
    adam = optax.adamw(
        lambda step: LEARNING_RATE * jnp.maximum(0.0, 1.0 - step / options.steps),
        weight_decay=DECAY,
    )
    return optax.chain(optax.clip_by_global_norm(GRADIENT_MAX), adam)

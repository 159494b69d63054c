"""PPO under a limit on the worst episodes: CPPO (Ying et al. 2022, arXiv 2206.04436) in JAX.

Maximise the mean return of an episode so that CVaR(return) >= floor. By Rockafellar and Uryasev
CVaR = max over eta of eta - E[(eta - return)+] / alpha; so the Lagrangian is a mean return again,
less weight/alpha (eta - return)+, and `weight` rises while the floor is broken (dual ascent).
The addition is paid as it comes, as a potential of the running return, not at the end alone.

The market does not answer to our sizes: an episode is a stretch of recorded trades, and all its
steps are taken at once.
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
from kingmaker.learners.rl.network import Layers

EPISODES = 128  # in parallel: with fewer the tail is a guess (32: unstable)
LENGTH = 64  # trades an episode
RING = 8  # roll-outs that eta is read from
EPOCHS, MINIBATCHES = 4, 8
CLIP = 0.2
TRACE = 0.9  # of generalised advantages (Schulman et al. 2016); rewards are not discounted
LEARNING_RATE, GRADIENT_MAX, ADAM_TINY = 1e-3, 0.5, 1e-5
DECAY = 1.0  # of the weights, a share of the rate
ENTROPY = 0.01
VALUE_SHARE = 0.5  # of the critic in the loss
DUAL_RATE = 0.1
WEIGHT_MAX = 2.0
HIDDEN = (32,)
BLOCK = 10  # iterations a call: what is told lies so far apart
TINY = 1e-8

type Key = jax.Array


class Options(NamedTuple):
    """How long, how blurred, how afraid. None of it is compiled in: one program for all."""

    iterations: int
    alpha: float  # share of the episodes that are called the worst
    floor: float  # what their mean return must reach; -inf: no limit, plain PPO
    blur: float  # deviations of noise on every row: no trade is met twice, none is learned by heart


class Table(NamedTuple):
    """The trades, in order of time; what lies behind the last is never read."""

    rows: jax.Array  # [N, F], standardised
    rewards: jax.Array  # [N], at full size
    sizes: jax.Array  # [A]: what each action makes of a reward
    known: jax.Array  # trades

    @classmethod
    def of(cls, rows: ArrayLike, rewards: ArrayLike, sizes: ArrayLike) -> Self:
        """Return the table of these trades."""
        return cls(
            ladder.filled_up(rows),
            ladder.filled_up(rewards),
            jnp.asarray(sizes, jnp.float32),
            jnp.int32(np.shape(rows)[0]),
        )


class Nets(NamedTuple):
    """The policy sees a row; the critic sees the running return and the time left as well."""

    policy: Layers
    critic: Layers


class Carry(NamedTuple):
    """All that goes from one iteration to the next."""

    nets: Nets
    memory: optax.OptState
    key: Key
    ring: jax.Array  # [RING, EPISODES] returns
    done: jax.Array  # iterations
    weight: jax.Array  # of the limit


class Told(NamedTuple):
    """What an iteration says of itself."""

    loss: jax.Array
    mean: jax.Array  # return of an episode
    cvar: jax.Array  # with the likeliest size at each step, as it is served
    weight: jax.Array


class Steps(NamedTuple):
    """The steps of a roll-out, [EPISODES, LENGTH, ...], or a minibatch of them."""

    rows: jax.Array
    critic_rows: jax.Array
    actions: jax.Array
    chances: jax.Array  # logarithms
    advantages: jax.Array
    targets: jax.Array


def train(table: Table, options: Options, key: Key, hear: Callable[[int, Told], None]) -> Nets:
    """Return the trained networks; `hear` is called every BLOCK iterations.

    Raises UnfitDataError where the loss is no finite number: the same data and seed would again.
    """
    carry = start(table, options, key)
    for block in range(1, max(1, options.iterations // BLOCK) + 1):
        carry, told = advance(table, options, carry)
        if not jnp.isfinite(told.loss):
            raise UnfitDataError(
                f"the training diverged: its loss is {float(told.loss)} at iteration"
                f" {block * BLOCK} of {options.iterations}"
            )
        hear(block * BLOCK, told)
    return carry.nets


def start(table: Table, options: Options, key: Key) -> Carry:
    """Return networks that know nothing, and an empty ring."""
    policy_key, critic_key, key = jax.random.split(key, 3)
    width, actions = table.rows.shape[1], len(table.sizes)
    nets = Nets(
        network.start(policy_key, [width, *HIDDEN, actions], 0.01),
        network.start(critic_key, [width + 2, *HIDDEN, 1], 1.0),
    )
    ring = jnp.zeros((RING, EPISODES), jnp.float32)
    memory = _optimiser(options).init(nets)
    return Carry(nets, memory, key, ring, jnp.int32(0), jnp.float32(0.0))


@jax.jit
def advance(table: Table, options: Options, carry: Carry) -> tuple[Carry, Told]:
    """Go on by BLOCK iterations and tell of the last."""
    step = partial(_iterate, table, options)
    carry, told = jax.lax.scan(lambda old, _: step(old), carry, length=BLOCK)
    return carry, Told(*[numbers[-1] for numbers in told])


def _iterate(table: Table, options: Options, carry: Carry) -> tuple[Carry, Told]:
    """Play a roll-out, move the limit's weight, learn from the roll-out."""
    key, play_key, learn_key = jax.random.split(carry.key, 3)
    places, blurred = _episodes(table, options, play_key)
    logits = network.forward(carry.nets.policy, blurred)
    actions = jax.random.categorical(jax.random.fold_in(play_key, 2), logits)
    rewards = table.sizes[actions] * table.rewards[places]
    returns = jnp.cumsum(rewards, axis=1)
    ring = carry.ring.at[carry.done % RING].set(returns[:, -1])
    eta = _quantile(ring, carry.done, options.alpha)
    served = table.sizes[logits.argmax(axis=-1)] * table.rewards[places]
    cvar = _cvar(served.sum(axis=1), options.alpha)
    weight = jnp.clip(carry.weight + DUAL_RATE * (options.floor - cvar), 0.0, WEIGHT_MAX)
    before = returns - rewards
    shaped = (
        rewards
        + _potential(returns, eta, weight, options)
        - _potential(before, eta, weight, options)
    )
    steps = _steps(carry.nets.critic, blurred, before, shaped, actions, logits)
    nets, memory, loss = _learn(options, carry, steps, learn_key)
    told = Told(loss, returns[:, -1].mean(), cvar, weight)
    return Carry(nets, memory, key, ring, carry.done + 1, weight), told


def _episodes(table: Table, options: Options, key: Key) -> tuple[jax.Array, jax.Array]:
    """Return stretches of trades that begin anywhere, going on at the first after the last."""
    begins = jax.random.randint(jax.random.fold_in(key, 0), (EPISODES, 1), 0, table.known)
    places = (begins + jnp.arange(LENGTH)) % table.known
    rows = table.rows[places]
    noise = jax.random.normal(jax.random.fold_in(key, 1), rows.shape, rows.dtype)
    return places, rows + options.blur * noise


def _quantile(ring: jax.Array, done: jax.Array, alpha: float) -> jax.Array:
    """Return the best eta: the alpha-quantile of the returns that the ring holds."""
    filled = jnp.arange(RING)[:, None] <= done
    return jnp.nanquantile(jnp.where(filled, ring, jnp.nan), alpha)


def _cvar(returns: jax.Array, alpha: float) -> jax.Array:
    """Return the mean of the worst episodes."""
    eta = jnp.quantile(returns, alpha)
    return eta - jnp.maximum(eta - returns, 0.0).mean() / alpha


def _potential(
    returns: jax.Array, eta: jax.Array, weight: jax.Array, options: Options
) -> jax.Array:
    return -weight / options.alpha * jnp.maximum(eta - returns, 0.0)


def _steps(  # noqa: PLR0913, PLR0917 - one array each
    critic: Layers,
    rows: jax.Array,
    before: jax.Array,
    rewards: jax.Array,
    actions: jax.Array,
    logits: jax.Array,
) -> Steps:
    """Return the steps with their generalised advantages."""
    left = jnp.broadcast_to(1.0 - jnp.arange(LENGTH) / LENGTH, before.shape)
    critic_rows = jnp.concatenate([rows, before[..., None], left[..., None]], axis=-1)
    values = network.forward(critic, critic_rows)[..., 0]
    following = jnp.concatenate([values[:, 1:], jnp.zeros((EPISODES, 1))], axis=1)
    surprises = rewards + following - values

    def back(later: jax.Array, surprise: jax.Array) -> tuple[jax.Array, jax.Array]:
        now = surprise + TRACE * later
        return now, now

    _, traced = jax.lax.scan(back, jnp.zeros(EPISODES), surprises.T, reverse=True)
    chances = _chosen(jax.nn.log_softmax(logits), actions)
    return Steps(rows, critic_rows, actions, chances, traced.T, traced.T + values)


def _learn(
    options: Options, carry: Carry, steps: Steps, key: Key
) -> tuple[Nets, optax.OptState, jax.Array]:
    """Go through the steps a few times, in minibatches of a new order each."""
    optimiser = _optimiser(options)
    flat = Steps(*[part.reshape(EPISODES * LENGTH, *part.shape[2:]) for part in steps])

    def minibatch(
        old: tuple[Nets, optax.OptState], chosen: jax.Array
    ) -> tuple[tuple[Nets, optax.OptState], jax.Array]:
        nets, memory = old
        part = Steps(*[numbers[chosen] for numbers in flat])
        loss, slope = jax.value_and_grad(_loss)(nets, part)
        change, memory = optimiser.update(slope, memory, nets)
        return (optax.apply_updates(nets, change), memory), loss

    order = [
        jax.random.permutation(one, EPISODES * LENGTH) for one in jax.random.split(key, EPOCHS)
    ]
    batches = jnp.concatenate(order).reshape(EPOCHS * MINIBATCHES, -1)
    (nets, memory), losses = jax.lax.scan(minibatch, (carry.nets, carry.memory), batches)
    return nets, memory, losses.mean()


def _loss(nets: Nets, steps: Steps) -> jax.Array:
    """Return PPO's clipped surrogate, the critic's squared error, less the policy's entropy."""
    spread = steps.advantages.std() + TINY
    advantages = (steps.advantages - steps.advantages.mean()) / spread
    logs = jax.nn.log_softmax(network.forward(nets.policy, steps.rows))
    ratio = jnp.exp(_chosen(logs, steps.actions) - steps.chances)
    bounded = jnp.clip(ratio, 1.0 - CLIP, 1.0 + CLIP)
    gain = jnp.minimum(ratio * advantages, bounded * advantages).mean()
    errors = network.forward(nets.critic, steps.critic_rows)[:, 0] - steps.targets
    doubt = -(jnp.exp(logs) * logs).sum(axis=-1).mean()
    return VALUE_SHARE * (errors * errors).mean() - gain - ENTROPY * doubt


def _optimiser(options: Options) -> optax.GradientTransformation:
    """Return Adam with decoupled decay, its rate falling to nothing."""
    steps = options.iterations * EPOCHS * MINIBATCHES
    adam = optax.adamw(
        lambda step: LEARNING_RATE * jnp.maximum(0.0, 1.0 - step / steps),
        eps=ADAM_TINY,
        weight_decay=DECAY,
    )
    return optax.chain(optax.clip_by_global_norm(GRADIENT_MAX), adam)


def _chosen(numbers: jax.Array, actions: jax.Array) -> jax.Array:
    return jnp.take_along_axis(numbers, actions[..., None], axis=-1)[..., 0]
